import type { ProbeSample } from '../../../preload/contract/pair'

/** Good answers are this close together while the service is fine; fewer failures in a row are noise. */
const FAILURES_OF_AN_OUTAGE = 3
/** With slow probes two failures are enough, when they lie this far apart. */
const LONG_FAILURE_MS = 1000

/** Probes that failed in a row. All times are the starts of probes, by our clock. */
export interface Stretch {
  /** The good one before; absent when the probe began with failures. */
  lastGoodAt?: number
  firstFailedAt: number
  lastFailedAt: number
  count: number
}

/** A stretch that is over. */
export interface Outage extends Stretch {
  firstGoodAt: number
}

/** What the probe of the VIP has seen so far. */
export interface Service {
  lastAt?: number
  lastGoodAt?: number
  /** Time between two probes, as seen; half a second of jitter in one of them does not change it. */
  intervalMs?: number
  stretch?: Stretch
  /** The newest stretch that ended. */
  outage?: Outage
}

/** Counts one probe in; probes come in the order of their starts. */
export function observe(service: Service, sample: ProbeSample): Service {
  const { at } = sample
  const spacing = at - (service.lastAt ?? at)
  const seen: Service = {
    ...service,
    lastAt: Math.max(at, service.lastAt ?? at),
    ...(spacing > 0 && { intervalMs: Math.min(spacing, 2 * (service.intervalMs ?? spacing)) }),
  }
  if (!sample.ok) {
    const stretch = service.stretch ?? {
      ...(service.lastGoodAt !== undefined && { lastGoodAt: service.lastGoodAt }),
      firstFailedAt: at,
      lastFailedAt: at,
      count: 0,
    }
    const lastFailedAt = Math.max(stretch.lastFailedAt, at)
    return { ...seen, stretch: { ...stretch, lastFailedAt, count: stretch.count + 1 } }
  }
  const { stretch, ...rest } = seen
  const good = { ...rest, lastGoodAt: at }
  return stretch ? { ...good, outage: { ...stretch, firstGoodAt: at } } : good
}

/** Whether so many probes failed that clients notice. */
export const isOutage = ({ count, firstFailedAt, lastFailedAt }: Stretch): boolean =>
  count >= FAILURES_OF_AN_OUTAGE || (count > 1 && lastFailedAt - firstFailedAt >= LONG_FAILURE_MS)

/** From the last good start before to the first good one after; absent when the probe began with failures. */
export const outageMs = ({ lastGoodAt, firstGoodAt }: Outage): number | undefined =>
  lastGoodAt === undefined ? undefined : Math.max(0, firstGoodAt - lastGoodAt)

/** The service went away somewhere between two starts, and came back somewhere between two. */
export function outageErrorMs(
  { lastGoodAt, firstFailedAt, lastFailedAt, firstGoodAt }: Outage,
  intervalMs: number,
): number {
  return Math.max(
    intervalMs,
    firstFailedAt - (lastGoodAt ?? firstFailedAt),
    firstGoodAt - lastFailedAt,
  )
}
