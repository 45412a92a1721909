import type { Ownership } from '../../../preload/contract/pair'

/** What is known about one amphora of a pair, from its kernel. */
export interface OwnershipSide {
  amphoraId: string
  /** Whether the VIP is on the interface; absent while the amphora cannot be asked. */
  owns?: boolean
  /** Since when, by our clock; absent when that was not seen. */
  since?: number
}

/**
 * Says who owns the VIP. Only kernels count, never the role in the API.
 * One owner is `confirmed` when every other side was asked and does not own it: else there may be a second one.
 * Without any owner among the sides that answered, one silent side is enough to make it unknown.
 */
export function ownership(sides: readonly OwnershipSide[]): Ownership {
  const owners = sides.filter(({ owns }) => owns)
  const missing = sides.filter(({ owns }) => owns === undefined).map(({ amphoraId }) => amphoraId)
  const [first, second] = owners
  if (first && second) {
    const since = latest(owners)
    return {
      kind: 'two',
      amphoraIds: owners.map(({ amphoraId }) => amphoraId),
      ...(since !== undefined && { since }),
    }
  }
  if (first) {
    return {
      kind: 'one',
      amphoraId: first.amphoraId,
      confirmed: !missing.length,
      ...(first.since !== undefined && { since: first.since }),
    }
  }
  if (missing.length || !sides.length) return { kind: 'unknown', missing }
  const since = latest(sides)
  return { kind: 'none', ...(since !== undefined && { since }) }
}

/** The last change made it so; not known unless it is known of each. */
function latest(sides: readonly OwnershipSide[]): number | undefined {
  const times = sides.flatMap(({ since }) => since ?? [])
  return times.length === sides.length ? Math.max(...times) : undefined
}
