import type { Unknown } from '../../../preload/contract/common'
import type { PairSide } from '../../../preload/contract/pair'
import { notKnown } from '../../domain/fact'

/** The facts of one side. */
export type SideFacts = Pick<
  PairSide,
  | 'clock'
  | 'vips'
  | 'vrrp'
  | 'lastTransition'
  | 'effectivePriority'
  | 'adverts'
  | 'keepalived'
  | 'haproxy'
>

/** Every fact of a side as not known, for one reason. */
export function allUnknown(unknown: Unknown, at?: number): SideFacts {
  const fact = notKnown(unknown, at)
  return {
    clock: fact,
    vips: fact,
    vrrp: fact,
    lastTransition: fact,
    effectivePriority: fact,
    adverts: fact,
    keepalived: fact,
    haproxy: fact,
  }
}
