import type { AmphoraAction } from '../../../preload/contract/action'
import type { LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { Pair, PairSide } from '../../../preload/contract/pair'

/** What an action will meet. */
export interface Situation {
  action: AmphoraAction
  pair: Pair
  /** The load balancer as the API told it last; undefined when the API did not answer. */
  loadBalancer: LoadBalancer | undefined
  side: PairSide
  /** The other amphora; undefined when there is none, or more than one. */
  peer: PairSide | undefined
  /** What the amphora is for the VIP now. */
  part: 'owner' | 'standby' | 'unknown'
  /** Whether the amphora reports exactly one unit that the action could mean. */
  hasCommand: boolean
}

export const isStart = (action: AmphoraAction): boolean => action.endsWith('.start')
export const isStop = (action: AmphoraAction): boolean => action.endsWith('.stop')
export const isKeepalived = (action: AmphoraAction): boolean => action.startsWith('keepalived.')

/** What an amphora is for the VIP: an owner only when it is the one; anything unclear counts as unknown. */
export function partOf({ ownership, topology }: Pair, amphoraId: string): Situation['part'] {
  if (topology === 'standalone') return 'owner'
  if (ownership.kind !== 'one') return 'unknown'
  if (ownership.amphoraId === amphoraId) return 'owner'
  return ownership.confirmed ? 'standby' : 'unknown'
}
