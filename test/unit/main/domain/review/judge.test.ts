import { describe, expect, it } from 'vitest'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import { diagnose } from '../../../../../main/domain/findings/diagnose'
import { judge } from '../../../../../main/domain/review/judge'
import type { Scene } from '../../../../../main/domain/review/scene'
import { healthyFacts } from '../findings/healthyFacts'

const HOUR_MS = 3_600_000

/** Facts of a load balancer whose detail cannot be read: something is judged, and something is not. */
function stateOf(change: (facts: LoadBalancerFacts) => void): LoadBalancerFacts {
  const facts = healthyFacts() as LoadBalancerFacts
  change(facts)
  return facts
}

const emptyScene = ({ loadBalancerId, now }: LoadBalancerFacts, until = now): Scene => ({
  ...{ loadBalancerId, vips: [], actors: [], probes: [], seen: [], from: now, until },
})
const broken = stateOf((facts) => {
  facts.network = { ...facts.network, vipPort: { unknown: 'neutron.forbidden' } }
  facts.detail = { unknown: 'octavia.failed' }
})
const FILE = 'bundle.tar.gz/'

describe('a state that is told whole', () => {
  it('has the findings and the unknowns that a live diagnosis of it has', () => {
    for (const facts of [stateOf(() => undefined), broken]) {
      const live = diagnose(facts)
      const { findings, unknown } = judge(emptyScene(facts), { facts, file: FILE })
      expect(findings.map(({ finding }) => finding.rule)).toEqual(
        live.findings.map(({ rule }) => rule),
      )
      expect(findings.every(({ until }) => until === undefined)).toBe(true)
      expect(new Set(unknown.map(({ rule }) => rule))).toEqual(
        new Set(
          live.unknown
            .filter(({ missing }) => missing.some(({ reason }) => reason !== 'notYet'))
            .map(({ rule }) => rule),
        ),
      )
    }
  })

  it('is the end, whatever was read a moment later', () => {
    const facts = stateOf(() => undefined)
    const { unknown } = judge(emptyScene(facts, facts.now + 60_000), { facts, file: FILE })
    const live = diagnose(facts)
    expect(unknown.length).toBeLessThanOrEqual(live.unknown.length)
  })

  it('keeps what only it can tell until a later end', () => {
    const facts = stateOf((draft) => {
      if ('value' in draft.amphorae)
        draft.amphorae = {
          ...draft.amphorae,
          value: draft.amphorae.value.map((one) => ({ ...one, status: 'ERROR' })),
        }
    })
    const rules = diagnose(facts).findings.map(({ rule }) => rule)
    expect(rules.length).toBeGreaterThan(0)
    const later = judge(emptyScene(facts, facts.now + HOUR_MS), { facts, file: FILE })
    expect(
      later.findings.filter(({ until }) => until === undefined).map(({ finding }) => finding.rule),
    ).toEqual(rules)
    expect(later.findings.flatMap(({ evidence }) => evidence.map(({ file }) => file))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^bundle\.tar\.gz\//)]),
    )
  })
})
