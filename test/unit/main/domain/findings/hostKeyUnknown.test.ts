import { expect, it } from 'vitest'
import { diagnose } from '../../../../../main/domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import { live, side } from './draft'
import { healthyFacts } from './healthyFacts'
import { NOW } from './healthyPair'

it('finds nothing in an amphora whose key nobody has accepted, and says why nothing is known of it', () => {
  const facts = healthyFacts()
  for (const index of [0, 1]) {
    live(facts, index).connection = {
      state: 'failed',
      since: NOW - 1000,
      failure: { code: 'forbidden', reason: 'ssh.hostKeyUnknown', message: 'unknown' },
    }
    delete side(facts, index).inspection
  }
  const { findings, unknown, fine } = diagnose(facts as LoadBalancerFacts)
  for (const rule of ['amphora.unreachable', 'amphora.no-ssh', 'amphora.host-key-changed']) {
    expect(findings.map((finding) => finding.rule)).not.toContain(rule)
    expect(fine).not.toContain(rule)
    expect(unknown.filter((one) => one.rule === rule)).toMatchObject([
      { missing: [{ reason: 'ssh.hostKeyUnknown' }] },
      { missing: [{ reason: 'ssh.hostKeyUnknown' }] },
    ])
  }
})
