import { expect, it } from 'vitest'
import { diagnose } from '../../../../../main/domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import { fact, inspection, live, setUnit, side, value } from './draft'
import { healthyFacts, type FactsDraft } from './healthyFacts'
import { NOW } from './healthyPair'

const judged = (facts: FactsDraft) => diagnose(facts as LoadBalancerFacts)
const told = (facts: FactsDraft) => judged(facts).findings.map(({ rule }) => rule)
const open = (facts: FactsDraft) => judged(facts).unknown.map(({ rule }) => rule)

function bootedAgo(milliseconds: number): FactsDraft {
  const facts = healthyFacts()
  for (const unit of value(inspection(facts).services))
    if (unit.role === 'netns') unit.since = NOW - milliseconds
  setUnit(facts, 0, 'haproxy', 'inactive')
  return facts
}

it('does not call an amphora ill that boots, and does when it has had its time', () => {
  expect(told(bootedAgo(30_000))).not.toContain('haproxy.stopped')
  expect(open(bootedAgo(30_000))).toContain('haproxy.stopped')
  expect(told(bootedAgo(600_000))).toContain('haproxy.stopped')
})

it('calls drift nothing while an amphora is being replaced', () => {
  const drifted = () => {
    const facts = healthyFacts()
    facts.comparisons!.forEach((each) => {
      if (each.what === 'keepalivedApi')
        value(each).differences.push({ path: 'x', left: '1', kind: 'drift', why: 'missing' })
    })
    return facts
  }
  expect(told(drifted())).toContain('vrrp.config-drift')
  const replacing = drifted()
  value(replacing.amphorae)[1]!.status = 'BOOTING'
  expect(told(replacing)).not.toContain('vrrp.config-drift')
})

function refused(state: 'lost' | 'failed'): FactsDraft {
  const facts = healthyFacts()
  live(facts).connection = {
    state,
    since: NOW - 20_000,
    failure: { code: 'unreachable', reason: 'ssh.refused', message: 'refused' },
  }
  delete side(facts, 0).inspection
  return facts
}

it('takes an amphora for down when its SSH is refused after it was there', () => {
  expect(told(refused('lost'))).toContain('amphora.unreachable')
  expect(told(refused('failed'))).not.toContain('amphora.unreachable')
  expect(told(refused('failed'))).toContain('amphora.no-ssh')
})

it('tells a haproxy that stands still, not that the other one misses its peer', () => {
  const facts = healthyFacts()
  setUnit(facts, 0, 'haproxy', 'inactive')
  live(facts).haproxy = fact({ ...value(live(facts).haproxy), active: 'inactive' })
  value(inspection(facts, 1).haproxy.info)['ConnectedPeers'] = '0'
  expect(told(facts)).toContain('haproxy.stopped')
  expect(told(facts)).not.toContain('haproxy.peers-apart')
})
