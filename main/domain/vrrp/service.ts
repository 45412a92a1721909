import type { ProbeSample } from '../../../preload/contract/pair'

/** Good answers are this close together while the service is fine; fewer failures in a row are noise. */
const FAILURES_OF_AN_OUTAGE = 3
/** What is usual follows what is seen slowly: each probe counts for one part in so many. */
const MEAN_WEIGHT = 16
/** With slow probes two failures are enough, when they lie this far apart. */
const LONG_FAILURE_MS = 1000

/** An answer that takes this much longer than twice the usual time had to wait for the service to come back. */
const LATE_MS = 100
/** Late answers alone begin an outage when they go on for this long; shorter pauses are a busy network. */
const LATE_OUTAGE_MS = 300

/**
 * Probes in a row that failed, or were answered late: while nobody holds a VIP a connection may hang and succeed
 * afterwards, so that whether such a probe counts as failed depends on its timeout, and the outage must not.
 * All times are by our clock.
 */
export interface Stretch {
  /** When the last good answer before came; absent when the probe began with failures. */
  lastGoodAt?: number
  /** How much later that answer may have come, in milliseconds. */
  lastGoodErrorMs?: number
  /** Starts of the first and the last probe of the stretch. */
  firstFailedAt: number
  lastFailedAt: number
  /** How many failed or were late. */
  count: number
  /** How many failed. */
  failed: number
  /** Late answers after which no probe has failed: the earliest may be the first one after the outage. */
  late: readonly Late[]
}

/** A late answer: when it was asked for, and when it came. */
interface Late {
  at: number
  answeredAt: number
}

/** A stretch that is over. */
export interface Outage extends Stretch {
  /** When the first good answer after came. */
  firstGoodAt: number
}

/** What the probe of the VIP has seen so far. */
export interface Service {
  lastAt?: number
  lastGoodAt?: number
  lastGoodErrorMs?: number
  /** Time between two probes, as usual. */
  intervalMs?: number
  /** How long a good answer usually takes. */
  usualMs?: number
  /** How long a good answer takes when nothing keeps this machine from seeing it. */
  quickMs?: number
  stretch?: Stretch
  /** The newest stretch that ended. */
  outage?: Outage
}

/** Counts one probe in; probes come in the order of their starts. */
export function observe(service: Service, sample: ProbeSample): Service {
  const { at, durationMs } = sample
  const spacing = at - (service.lastAt ?? at)
  const { usualMs } = service
  const late = sample.ok && usualMs !== undefined && durationMs > 2 * usualMs + LATE_MS
  const seen: Service = {
    ...service,
    lastAt: Math.max(at, service.lastAt ?? at),
    ...(spacing > 0 && { intervalMs: follow(service.intervalMs, spacing) }),
  }
  const answeredAt = at + durationMs
  if (!sample.ok || late) {
    const open = service.stretch ?? {
      ...(service.lastGoodAt !== undefined && { lastGoodAt: service.lastGoodAt }),
      ...(service.lastGoodErrorMs !== undefined && { lastGoodErrorMs: service.lastGoodErrorMs }),
      ...{ firstFailedAt: at, lastFailedAt: at, count: 0, failed: 0, late: [] },
    }
    const stretch = sample.ok ? open : withoutServed(open, at, service.quickMs ?? 0)
    return {
      ...seen,
      stretch: {
        ...stretch,
        lastFailedAt: Math.max(stretch.lastFailedAt, at),
        count: stretch.count + 1,
        failed: stretch.failed + (sample.ok ? 0 : 1),
        ...(late && { late: [...stretch.late, { at, answeredAt }].slice(-MOST_LATE) }),
      },
    }
  }
  const { stretch, ...rest } = seen
  const quickMs = Math.min(durationMs, (service.quickMs ?? durationMs) * QUICK_GROWTH)
  const doubtMs = durationMs - quickMs
  // A machine that is busy sees an answer late: that it took long is no proof that the service was there for so long.
  const servedAt = at + quickMs
  const isNewest = servedAt >= (rest.lastGoodAt ?? -Infinity)
  const good: Service = {
    ...rest,
    quickMs,
    ...(isNewest && { lastGoodAt: servedAt, lastGoodErrorMs: doubtMs }),
    usualMs: follow(usualMs, durationMs),
  }
  if (!stretch) return good
  const firstGoodAt = Math.min(answeredAt, ...stretch.late.map((each) => each.answeredAt))
  return { ...good, outage: { ...stretch, firstGoodAt } }
}

/** So many late answers of one stretch are looked at. */
const MOST_LATE = 256

/**
 * A failure after late answers came: none of those is the return of the service. A machine that was busy, and saw them
 * late, was still served when it asked for them; where nothing had failed before, the stretch begins anew.
 */
function withoutServed(stretch: Stretch, failedAt: number, quickMs: number): Stretch {
  const served = stretch.late.filter(({ answeredAt }) => answeredAt <= failedAt)
  const newest = served.at(-1)
  if (!newest) return stretch
  const late = stretch.late.filter(({ answeredAt }) => answeredAt > failedAt)
  if (stretch.failed > 0) return { ...stretch, late }
  const lastGoodAt = newest.at + quickMs
  return {
    ...{ lastGoodAt, lastGoodErrorMs: Math.max(0, newest.answeredAt - lastGoodAt), late },
    firstFailedAt: Math.min(failedAt, ...late.map(({ at }) => at)),
    ...{ lastFailedAt: failedAt, count: late.length, failed: 0 },
  }
}

/** What is quick may become slower: by so much with each probe, which is three times as slow after a thousand. */
const QUICK_GROWTH = 1.001

/** A mean that follows what is new slowly; a single jump counts for no more than twice the mean. */
const follow = (mean: number | undefined, value: number): number =>
  mean === undefined ? value : mean + (Math.min(value, 2 * mean) - mean) / MEAN_WEIGHT

/** Whether so many probes failed, or waited so long, that clients notice. */
export function isOutage({ count, failed, firstFailedAt, lastFailedAt }: Stretch): boolean {
  const lasted = lastFailedAt - firstFailedAt
  return (
    failed >= FAILURES_OF_AN_OUTAGE ||
    (count > 1 && lasted >= LONG_FAILURE_MS) ||
    (count >= FAILURES_OF_AN_OUTAGE && lasted >= LATE_OUTAGE_MS)
  )
}

/**
 * Whether a stretch tells that clients were without service, while something happens to the owner of the VIP: failures do,
 * and a single late answer does when it was awaited while the VIP moved. Late answers at other times are a busy network.
 * @param moves when an amphora lost or gained the VIP
 */
export function isFelt(stretch: Stretch, moves: readonly number[]): boolean {
  if (stretch.failed > 0 || isOutage(stretch)) return true
  const from = (stretch.lastGoodAt ?? stretch.firstFailedAt) - LONG_FAILURE_MS
  const answers = stretch.late.map(({ answeredAt }) => answeredAt)
  const until = answers.length ? Math.min(...answers) : stretch.lastFailedAt
  return moves.some((at) => at >= from && at <= until)
}

/** From the last good answer before to the first good one after; absent when the probe began with failures. */
export const outageMs = ({ lastGoodAt, firstGoodAt }: Outage): number | undefined =>
  lastGoodAt === undefined ? undefined : Math.max(0, firstGoodAt - lastGoodAt)

/** A service that went away right after an answer is missed only by the next probe, and by a busy machine later. */
export function outageErrorMs(
  { lastGoodAt, lastGoodErrorMs = 0, firstFailedAt }: Outage,
  intervalMs: number,
): number {
  const unseenMs = firstFailedAt - (lastGoodAt ?? firstFailedAt)
  return Math.max(intervalMs, unseenMs, lastGoodErrorMs)
}
