import { describe, expect, it } from 'vitest'
import type { LogLine, VrrpState } from '../../../../../preload/contract/pair'
import { diagnose } from '../../../../../main/domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import { lineOf } from '../../../../../main/domain/review/walk'
import { lines, scenario } from '../captures'
import { sceneOf } from '../review/reviewed'
import { fact, side, type Change } from './draft'
import { counters, healthyFacts, type FactsDraft } from './healthyFacts'
import { FIRST, SECOND, VIP } from './healthyPair'

const WHO = ['amp1', 'amp2'] as const
const IDS = { amp1: FIRST, amp2: SECOND } as const

/** When something was done, or looked at, in a captured scenario: milliseconds since the epoch. */
const moments = (number: string): { at: number; what: string }[] =>
  lines(`${scenario(number)}/events.txt`).map((line) => {
    const [at = '', ...what] = line.split(' ')
    return { at: Number(at) * 1000, what: what.join(' ') }
  })

const logOf = (number: string, who: 'amp1' | 'amp2'): LogLine[] =>
  sceneOf(number, /journal\.jsonl/)
    .actors.filter(({ id }) => id === IDS[who])
    .flatMap(({ id, entries }) => entries.map((entry) => lineOf(id, entry)))

/** The state that a log tells of at its end, and since when. */
function stateOf(log: readonly LogLine[], start: VrrpState): { state: VrrpState; since?: number } {
  const states = { enterMaster: 'MASTER', enterBackup: 'BACKUP', enterFault: 'FAULT' } as const
  const last = log.findLast(({ meaning }) => Object.hasOwn(states, meaning))
  return last
    ? { state: states[last.meaning as keyof typeof states], since: last.at }
    : { state: start }
}

/** What the console would know at a moment of a scenario: both logs until then, and the VIP as the states have it. */
function factsAt(number: string, now: number): FactsDraft {
  const facts = healthyFacts()
  const age = facts.now - now
  for (const [index, who] of WHO.entries()) {
    const log = logOf(number, who).filter(({ at }) => at <= now)
    const { state, since } = stateOf(log, index ? 'BACKUP' : 'MASTER')
    const each = side(facts, index)
    // Everything moves to the builder's now.
    each.lines = fact(log.map((line) => ({ ...line, at: line.at + age, rawAt: line.rawAt + age })))
    each.live!.vrrp = fact(state)
    each.live!.vips = fact(state === 'MASTER' ? [VIP] : [])
    if (since !== undefined) each.live!.lastTransition = fact(since + age)
    const sends = state === 'MASTER'
    const last = counters(sends ? { sent: 5, received: 5 } : { received: 5 })
    each.counters = fact({ first: counters({}), last, seconds: 5 }, 0)
    // The inspection is of another time: the live watch decides.
    const [, link] = (
      each.inspection!.namespace.interfaces as { value: { addresses: unknown[] }[] }
    ).value
    link!.addresses.splice(1, 1)
  }
  delete facts.ownership
  return facts
}

const alarmsAt = (number: string, now: number, ...changes: Change[]): string[] => {
  const facts = factsAt(number, now)
  for (const change of changes) change(facts)
  return diagnose(facts as LoadBalancerFacts)
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ rule }) => rule)
}

const duringOf = (number: string): number =>
  moments(number).find(({ what }) => what.startsWith('RECOVER'))!.at - 50
const endOf = (number: string): number => moments(number).at(-1)!.at

describe('a captured scenario', () => {
  it('of two passwords is named by its log, and is over once they agree', () => {
    expect(alarmsAt('s11', duringOf('s11'))).toEqual(['vrrp.auth-mismatch'])
    expect(alarmsAt('s11', endOf('s11'))).toEqual([])
  })

  it('of adverts lost one way is named when the counters tell which way', () => {
    const deaf: Change = (facts) => {
      const last = counters({ sent: 5, received: 0 })
      side(facts, 1).counters = fact({ first: counters({}), last, seconds: 5 })
    }
    expect(alarmsAt('s13', duringOf('s13'), deaf)).toEqual(['vrrp.adverts-one-way'])
    expect(alarmsAt('s13', endOf('s13'))).toEqual([])
  })

  it('of a haproxy that was stopped shows its check script, and is over after it', () => {
    expect(alarmsAt('s07', duringOf('s07'))).toEqual(['vrrp.fault-check-script'])
    expect(alarmsAt('s07', endOf('s07'))).toEqual([])
  })

  it.each(['s05', 's06'])(
    '%s of a link that went down shows the link, and is over after it',
    (number) => {
      const withoutInspection: Change = (facts) => {
        side(facts).inspection!.namespace.interfaces = { unknown: 'ssh.timeout' }
      }
      expect(alarmsAt(number, duringOf(number), withoutInspection)).toEqual([
        'vrrp.fault-interface',
      ])
      expect(alarmsAt(number, endOf(number))).toEqual([])
    },
  )

  it('of a VRRP process that was killed is told as information', () => {
    const end = factsAt('s03', endOf('s03'))
    const { findings } = diagnose(end as LoadBalancerFacts)
    expect(findings.map(({ rule, severity }) => [rule, severity])).toContainEqual([
      'vrrp.child-died',
      'info',
    ])
  })

  it.each(['s01', 's02', 's03', 's05', 's06', 's07', 's11', 's13', 's19', 's21'])(
    '%s ends without an alarm',
    (number) => {
      expect(alarmsAt(number, endOf(number))).toEqual([])
    },
  )
})
