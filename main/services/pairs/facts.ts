import type { Fact, Unknown } from '../../../preload/contract/common'
import type { PairSide } from '../../../preload/contract/pair'

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

interface Unproven {
  unknown: Unknown
  at?: number
  evidence?: string
}

/** A fact that is not known. */
export const notKnown = (unknown: Unknown, at?: number, evidence?: string): Unproven => ({
  unknown,
  ...(at !== undefined && { at }),
  ...(evidence !== undefined && { evidence }),
})

/** The value of a fact, if it is known. */
export const valueOf = <T>(fact: Fact<T>): T | undefined =>
  'value' in fact ? fact.value : undefined

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
