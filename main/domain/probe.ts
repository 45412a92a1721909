import type { ProbeSample } from '../../preload/contract/pair'

/** A time in which no probe succeeded; all times are the starts of probes, by our clock. */
interface ProbeGap {
  /** Start of the last good probe before. */
  from: number
  /** Start of the first good probe after; absent while it lasts. */
  to?: number
  failed: number
  /** What went wrong how often: `timeout`, `ECONNREFUSED`, HTTP statuses. */
  errors: Readonly<Record<string, number>>
}

/** What a probe has seen since its start. */
export interface ProbeSummary {
  sent: number
  failed: number
  /** Good answers by body, most first; `other` of them had further bodies. */
  bodies: readonly { body: string; count: number }[]
  other: number
  /** The newest gaps, oldest first. */
  gaps: readonly ProbeGap[]
  /** Longest gap that ended, in milliseconds; 0 without any. */
  longestGapMs: number
}

const MOST_BODIES = 64
const MOST_GAPS = 256
const MOST_ERRORS = 16
/** Probes whose earlier neighbours may still be on their way; more is a flood and counts in order of arrival. */
const MOST_PENDING = 5000

/** Everything `addProbe` needs; immutable. */
export interface ProbeCount {
  readonly holdBackMs: number
  readonly now: number
  readonly pending: readonly ProbeSample[]
  readonly lastGoodAt?: number
  readonly open?: ProbeGap
  readonly bodies: ReadonlyMap<string, number>
  readonly summary: Omit<ProbeSummary, 'bodies'>
}

/**
 * The count before the first probe.
 *
 * @param holdBackMs how long a probe may take: a good answer can arrive before a failure that started earlier
 */
export function initialProbeCount(holdBackMs: number): ProbeCount {
  return {
    holdBackMs,
    now: -Infinity,
    pending: [],
    bodies: new Map(),
    summary: { sent: 0, failed: 0, other: 0, gaps: [], longestGapMs: 0 },
  }
}

/** Counts samples in; they may come in any order within the hold-back. Uses bounded memory. */
export function addProbes(count: ProbeCount, samples: readonly ProbeSample[]): ProbeCount {
  const usable = samples.filter(({ at }) => Number.isFinite(at))
  const now = usable.reduce(
    (latest, { at, durationMs }) => Math.max(latest, at + durationMs),
    count.now,
  )
  const pending = [...count.pending, ...usable].sort((one, other) => one.at - other.at)
  let ripe = Math.max(0, pending.length - MOST_PENDING)
  while (ripe < pending.length && (pending[ripe]?.at ?? 0) <= now - count.holdBackMs) ripe += 1
  return pending.slice(0, ripe).reduce(countOne, { ...count, now, pending: pending.slice(ripe) })
}

/** What has been seen until now, probes that may yet be overtaken included. */
export function summarize(count: ProbeCount): ProbeSummary {
  const all = count.pending.reduce(countOne, { ...count, pending: [] })
  const { summary, open, bodies } = all
  return {
    ...summary,
    gaps: open ? [...summary.gaps, open].slice(-MOST_GAPS) : summary.gaps,
    bodies: Array.from(bodies, ([body, times]) => ({ body, count: times })).sort(
      (one, other) => other.count - one.count || (one.body < other.body ? -1 : 1),
    ),
  }
}

function countOne(count: ProbeCount, sample: ProbeSample): ProbeCount {
  const { summary } = count
  const sent = summary.sent + 1
  if (!sample.ok) {
    const open = count.open ?? { from: count.lastGoodAt ?? sample.at, failed: 0, errors: {} }
    const error = sample.error ?? String(sample.status ?? 'unknown')
    const errors =
      Object.hasOwn(open.errors, error) || Object.keys(open.errors).length < MOST_ERRORS
        ? {
            ...open.errors,
            [error]: (Object.hasOwn(open.errors, error) ? (open.errors[error] ?? 0) : 0) + 1,
          }
        : open.errors
    return {
      ...count,
      open: { ...open, failed: open.failed + 1, errors },
      summary: { ...summary, sent, failed: summary.failed + 1 },
    }
  }

  const { open, ...rest } = count
  const body = sample.body ?? ''
  const known = count.bodies.has(body) || count.bodies.size < MOST_BODIES
  const bodies = known
    ? new Map(count.bodies).set(body, (count.bodies.get(body) ?? 0) + 1)
    : count.bodies
  const next = { ...summary, sent, other: summary.other + (known ? 0 : 1) }
  if (!open) return { ...rest, lastGoodAt: sample.at, bodies, summary: next }
  const gap: ProbeGap = { ...open, to: Math.max(open.from, sample.at) }
  return {
    ...rest,
    lastGoodAt: sample.at,
    bodies,
    summary: {
      ...next,
      gaps: [...summary.gaps, gap].slice(-MOST_GAPS),
      longestGapMs: Math.max(summary.longestGapMs, (gap.to ?? gap.from) - gap.from),
    },
  }
}
