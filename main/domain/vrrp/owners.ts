import type { PairEvent } from '../../../preload/contract/pair'
import { canonicalAddress } from '../ip'

/** What the kernel of one amphora was last heard to say. */
export interface Side {
  /** Whether it holds a VIP; absent while it was not asked or cannot be heard. */
  owns?: boolean
  /** The VIPs it holds. */
  held: readonly string[]
  /** When it said so, by our clock. */
  at: number
}

export type Sides = Readonly<Record<string, Side>>

export const silent: Side = { held: [], at: -Infinity }

/** What one event changes. `moved`: a change was seen happening, not merely found. */
export interface SideChange {
  sides: Sides
  moved: boolean
}

/** Applies an event about ownership; undefined when it says nothing new. An older word never overrules a newer one. */
export function applyToSides(sides: Sides, event: PairEvent): SideChange | undefined {
  if (event.kind === 'watch') {
    const side = sides[event.amphoraId]
    if (!side || event.live || side.owns === undefined || event.at < side.at) return undefined
    return { sides: { ...sides, [event.amphoraId]: { held: [], at: event.at } }, moved: false }
  }
  if (event.kind !== 'vipGained' && event.kind !== 'vipLost') return undefined

  const side = sides[event.amphoraId]
  if (!side || event.at < side.at) return undefined
  const address = canonicalAddress(event.address)
  const others = side.held.filter((other) => other !== address)
  const held = event.kind === 'vipGained' ? [...others, address] : others
  // Several VIPs move one after the other: the side is owner from the first that comes to the last that goes.
  const owns = held.length > 0
  const next: Side = { owns, held, at: event.at }
  return {
    sides: { ...sides, [event.amphoraId]: next },
    moved: side.owns !== undefined && side.owns !== owns,
  }
}

export const ownersOf = (sides: Sides): string[] =>
  Object.keys(sides).filter((amphoraId) => sides[amphoraId]?.owns)

export const allHeard = (sides: Sides): boolean =>
  Object.values(sides).every(({ owns }) => owns !== undefined)
