import type { VrrpPacket } from '../../../preload/contract/inspect'

/** What one source has advertised. */
export interface WireSource {
  source: string
  count: number
  firstAt: number
  lastAt: number
  /** Of the newest packet. */
  last: VrrpPacket
  /** Mean time between its packets in milliseconds; undefined with fewer than two. */
  meanMs: number | undefined
  /** Longest time between two of its packets in milliseconds. */
  longestMs: number | undefined
  badChecksums: number
}

/** The packets by where they came from, in the order in which the sources were first seen. */
export function sourcesOf(packets: readonly VrrpPacket[]): WireSource[] {
  const sources = new Map<string, WireSource>()
  for (const packet of packets) {
    const { source, at } = packet
    const known = sources.get(source)
    const badChecksums = (known?.badChecksums ?? 0) + (packet.checksumRight ? 0 : 1)
    if (!known) {
      sources.set(source, {
        ...{ source, count: 1, firstAt: at, lastAt: at, last: packet },
        ...{ meanMs: undefined, longestMs: undefined, badChecksums },
      })
      continue
    }
    const count = known.count + 1
    sources.set(source, {
      ...{ source, count, firstAt: known.firstAt, lastAt: at, last: packet },
      meanMs: (at - known.firstAt) / (count - 1),
      longestMs: Math.max(known.longestMs ?? 0, at - known.lastAt),
      badChecksums,
    })
  }
  return [...sources.values()]
}

/**
 * Who advertises: those whose newest packet is younger than three of its own intervals before `now`, as keepalived
 * itself would judge. A packet of priority 0 says that its sender has stopped.
 */
export function advertisers(sources: readonly WireSource[], now: number): WireSource[] {
  return sources.filter(
    ({ last, lastAt }) =>
      last.priority > 0 && now - lastAt <= 3 * last.advertInterval * 1000 + SKEW_MS,
  )
}

/** VRRP's skew time is below one interval; the rest is for the way to this page. */
const SKEW_MS = 1_500
