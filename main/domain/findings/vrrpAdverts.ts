import type { Proof } from '../../../preload/contract/finding'
import type { LineMeaning } from '../../../preload/contract/pair'
import { allKnown, valueOf } from '../fact'
import { quoteAmphora, quoteLine } from './proof'
import { wholePair, type Reading, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged } from './verdict'
import { addressProofs, stateProof } from './vrrpOwner'

/** Both send, neither hears: the network between them drops protocol 112. */
const advertsBlocked: Rule = {
  id: 'vrrp.adverts-blocked',
  modes: [1, 2],
  explains: ['vrrp.two-owners', 'vrrp.flapping'],
  judge: wholePair((reading) =>
    heard(reading, (flows) =>
      flows.every(({ received }) => received === 0)
        ? holds(
            'critical',
            reading.pair,
            { first: flows[0].side.id, second: flows[1].side.id, seconds: flows[0].seconds },
            flows.flatMap(({ proofs }) => proofs),
          )
        : fine,
    ),
  ),
}

/** One hears the other, but is not heard. */
const advertsOneWay: Rule = {
  id: 'vrrp.adverts-one-way',
  modes: [1],
  explains: ['vrrp.two-owners', 'vrrp.flapping'],
  judge: wholePair((reading) =>
    heard(reading, (flows) => {
      const deaf = flows.filter(({ received }) => received === 0)
      const hearing = flows.find(({ received }) => received > 0)
      const [silenced] = deaf
      return silenced && hearing && deaf.length === 1
        ? holds(
            'critical',
            reading.pair,
            { from: hearing.side.id, to: silenced.side.id, seconds: silenced.seconds },
            flows.flatMap(({ proofs }) => proofs),
            silenced.since,
          )
        : fine
    }),
  ),
}

/** Rules about adverts that do not arrive. */
export const advertRules: readonly Rule[] = [advertsBlocked, advertsOneWay]

interface Flow {
  side: Side
  sent: number
  received: number
  seconds: number
  proofs: readonly (Proof | undefined)[]
  since?: number
}

/** One advert may be on its way while the other side takes over; a second one is no accident. */
const HEARD_LINES = 2

/**
 * What both sides sent and heard, where both are MASTER and send: only then must both hear something. Settings that
 * make keepalived ignore what it hears have rules of their own.
 */
function heard(
  reading: Reading,
  decide: (flows: readonly [Flow, Flow]) => Verdict,
): Verdict | undefined {
  const [first, second] = reading.sides
  if (!first || !second || reading.sides.length > 2) return undefined
  const { pair } = reading
  return judged(pair, { vrrpState: allKnown([first.vrrp, second.vrrp]) }, ({ vrrpState }) => {
    if (!vrrpState.every((state) => state === 'MASTER')) return fine
    const told = toldFlows(first, second) ?? toldFlows(second, first)
    const isCounted = [first, second].every(({ facts }) => 'value' in facts.counters)
    if (told && !isCounted) return decide(told)
    return judged(
      pair,
      {
        counters: allKnown([first.facts.counters, second.facts.counters]),
        keepalivedConfig: allKnown([first.settings, second.settings]),
      },
      () => {
        const flows = [flowOf(first), flowOf(second)] as const
        if (!agree(first, second) || flows.some(({ sent }) => sent <= 0)) return fine
        return decide(flows)
      },
    )
  })
}

function flowOf(side: Side): Flow {
  const counted = valueOf(side.facts.counters)
  if (!counted) return { side, sent: 0, received: 0, seconds: 0, proofs: [] }
  const { first, last, seconds } = counted
  const refused =
    grown(first.authenticationFailures, last.authenticationFailures) +
    grown(first.advertIntervalErrors, last.advertIntervalErrors)
  const sent = grown(first.sent, last.sent)
  const received = grown(first.received, last.received) + refused
  const text = `Sent: +${sent}, Received: +${received} in ${seconds.toFixed(1)} s`
  const proof = quoteAmphora(side.id, 'keepalived.stats', text, side.facts.counters)
  return { side, sent, received, seconds, proofs: [proof, ...addressProofs(side)] }
}

/**
 * What logs tell without counters. A MASTER that hears one of lower priority writes a line for each advert and sends its
 * own, which makes the other step down: one that stays MASTER, and refuses nothing either, hears nothing.
 */
function toldFlows(hearing: Side, silenced: Side): readonly [Flow, Flow] | undefined {
  const log = valueOf(hearing.facts.lines)
  const other = valueOf(silenced.facts.lines)
  const since = Math.max(hearing.vrrp.at ?? Infinity, silenced.vrrp.at ?? Infinity)
  if (!log || !other) return undefined
  const heard = log.filter(
    ({ at, meaning, text }) => at >= since && meaning === 'lowerPriority' && /forcing/.test(text),
  )
  const answers = other.some(({ at, meaning }) => at >= since && HEARS.has(meaning))
  const last = heard.at(-1)
  if (heard.length < HEARD_LINES || !last || answers) return undefined
  const seconds = Math.round((last.at - since) / 1000)
  const quotes = heard.slice(0, HEARD_LINES).map((line) => quoteLine(line, hearing.facts.lines))
  return [
    { side: hearing, sent: 1, received: heard.length, seconds, proofs: quotes },
    { side: silenced, sent: 1, received: 0, seconds, proofs: [stateProof(silenced)], since },
  ]
}

/** Lines of one that hears adverts, whatever it makes of them. */
const HEARS = new Set<LineMeaning>(['higherPriority', 'lowerPriority', 'mismatch', 'priorityZero'])

const grown = (before: number, after: number): number => Math.max(0, after - before)

/** Whether each could hear the other by what is configured. */
function agree(first: Side, second: Side): boolean {
  const mine = valueOf(first.settings)?.instance
  const theirs = valueOf(second.settings)?.instance
  if (!mine || !theirs) return false
  const hears = (one: typeof mine, other: typeof mine) =>
    !other.unicastSource ||
    one.unicastPeers.some(({ value }) => value === other.unicastSource?.value)
  return (
    mine.virtualRouterId?.value === theirs.virtualRouterId?.value &&
    mine.advertInterval?.value === theirs.advertInterval?.value &&
    hears(mine, theirs) &&
    hears(theirs, mine)
  )
}
