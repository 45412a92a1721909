import type { Proof } from '../../../preload/contract/finding'
import { allKnown, valueOf } from '../fact'
import { quoteAmphora } from './proof'
import { wholePair, type Reading, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged } from './verdict'
import { addressProofs } from './vrrpOwner'

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
            flows.flatMap(proofsOf),
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
            flows.flatMap(proofsOf),
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
}

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
  if (!counted) return { side, sent: 0, received: 0, seconds: 0 }
  const { first, last, seconds } = counted
  const refused =
    grown(first.authenticationFailures, last.authenticationFailures) +
    grown(first.advertIntervalErrors, last.advertIntervalErrors)
  return {
    side,
    sent: grown(first.sent, last.sent),
    received: grown(first.received, last.received) + refused,
    seconds,
  }
}

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

const proofsOf = ({ side, sent, received, seconds }: Flow): Proof[] => [
  quoteAmphora(
    side.id,
    'keepalived.stats',
    `Sent: +${sent}, Received: +${received} in ${seconds.toFixed(1)} s`,
    side.facts.counters,
  ),
  ...addressProofs(side),
]
