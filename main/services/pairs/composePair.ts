import type { Failure } from '../../../preload/contract/error'
import type { Amphora, LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { Pair, PairSide } from '../../../preload/contract/pair'
import { valueOf } from '../../domain/fact'
import { ownership } from '../../domain/vrrp/ownership'

/** One amphora of a pair: what the API says of it, and what it says itself. */
export interface KnownSide {
  amphora: Amphora
  side: PairSide
  /** Since when the VIP is, or is not, on the interface, by our clock; undefined when that was not seen. */
  ownedSince?: number | undefined
}

/** The VIPs of a load balancer, the one that names it first. */
export const vipsOf = ({ vipAddress, additionalVips }: LoadBalancer): readonly string[] =>
  [vipAddress, ...additionalVips.map(({ address }) => address)].filter(Boolean)

/** The pair as its sides tell of it, the older side first, and who of them owns the first VIP. */
export function composePair(
  known: { loadBalancerId: string; vips: readonly string[]; failure?: Failure | undefined },
  sides: readonly KnownSide[],
  at: number,
): Pair {
  const { loadBalancerId, vips, failure } = known
  const ordered = sides.toSorted((a, b) => order(a.amphora).localeCompare(order(b.amphora)))
  return {
    loadBalancerId,
    vips: [...vips],
    topology: topologyOf(ordered),
    ownership: ownership(ordered.filter(canOwn).map((side) => owning(side, vips[0]))),
    sides: ordered.map(({ side }) => side),
    ...(failure && { failure }),
    at,
  }
}

/** The older first, and so in the same place for as long as it lives. */
const order = ({ createdAt, id }: Amphora): string =>
  `${String(createdAt ?? 0).padStart(16, '0')} ${id}`

/** An amphora that is still being built has no port in the VIP's network yet. */
const canOwn = ({ amphora, side }: KnownSide): boolean =>
  amphora.vrrpAddress !== undefined || 'value' in side.vips

function topologyOf(sides: readonly KnownSide[]): Pair['topology'] {
  if (!sides.length) return 'none'
  return sides.every(({ amphora }) => amphora.role === 'STANDALONE') ? 'standalone' : 'pair'
}

function owning({ side, ownedSince }: KnownSide, vip: string | undefined) {
  const { amphoraId } = side
  const held = valueOf(side.vips)
  if (!held || vip === undefined) return { amphoraId }
  const owns = held.includes(vip)
  const since = ownedSince ?? sinceTransition(side, owns)
  return { amphoraId, owns, ...(since !== undefined && { since }) }
}

/** Nobody saw the address come; keepalived knows when it became what it is, if that fits. */
const sinceTransition = (side: PairSide, owns: boolean): number | undefined =>
  valueOf(side.vrrp) === (owns ? 'MASTER' : 'BACKUP') ? valueOf(side.lastTransition) : undefined
