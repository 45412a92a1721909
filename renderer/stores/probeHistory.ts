import type { ProbeSample } from '../../preload/contract/pair'

/** One probe, or all probes of a stretch of time. */
export interface ProbeStretch {
  /** When the first of them started. */
  at: number
  /** Milliseconds they cover; 0 for a single probe. */
  widthMs: number
  /** Probes that were sent, and how many of them failed. */
  count: number
  failed: number
  /** Probes that this side could not send in time; they tell nothing of the service. */
  unsent: number
  /** Fastest and slowest good answer in milliseconds; NaN when there was none. */
  minMs: number
  maxMs: number
}

type Visit = (stretch: ProbeStretch) => void

/** Single probes that are kept: twenty minutes at the shortest interval. */
const SAMPLES = 131_072
/** Answers that are shown one by one. */
const RECENT = 12
/** Kinds of answers that are told apart. */
const ANSWERS = 4_096

/**
 * All probes of a monitor that may run for days, in a fixed amount of memory (about 9 MB): the newest one by one,
 * older ones as the smallest, largest and number per 100 ms, the oldest per second. Failures are counted, never lost.
 */
export class ProbeHistory {
  sent = 0
  failed = 0
  unsent = 0
  /** The last answers, newest first. */
  recent: readonly ProbeSample[] = []

  private readonly samples = new Samples()
  private readonly levels = [new Level(100, 65_536), new Level(1_000, 86_400)]

  add(sample: ProbeSample): void {
    if (isUnsent(sample)) this.unsent += 1
    else {
      this.sent += 1
      if (!sample.ok) this.failed += 1
    }
    this.recent = [sample, ...this.recent.slice(0, RECENT - 1)]
    this.samples.add(sample)
    for (const level of this.levels) level.add(sample)
  }

  /**
   * Calls `visit` for what is known of the interval, oldest first, no finer than `resolutionMs` needs.
   * Where the fine memory has ended, the coarser one answers.
   */
  read(from: number, to: number, resolutionMs: number, visit: Visit): void {
    const all = [this.samples, ...this.levels]
    const fine = all.findIndex((_, i) => (all[i + 1]?.widthMs ?? Infinity) > resolutionMs)
    const parts: (() => void)[] = []
    let until = to
    for (const source of all.slice(fine)) {
      const begin = source === all.at(-1) ? from : Math.max(from, source.oldest)
      if (begin >= until) continue
      const end = until
      parts.push(() => source.read(begin, end, visit))
      until = begin
    }
    for (const part of parts.reverse()) part()
  }

  /** The single probe that started nearest to an instant; undefined when there is none, or no longer. */
  nearest(at: number): ProbeSample | undefined {
    return this.samples.nearest(at)
  }
}

/** Whether a probe was never sent, because too many were under way or the console was busy. */
const isUnsent = ({ error }: { error?: string | undefined }): boolean => error === 'overrun'

type Answer = Pick<ProbeSample, 'ok' | 'status' | 'body' | 'error'>

/** Single probes, ordered by their start. */
class Samples {
  readonly widthMs = 0
  oldest = -Infinity

  // Twice the room, so that the older half is dropped rarely and at once.
  private readonly at = new Float64Array(2 * SAMPLES)
  private readonly durations = new Float32Array(2 * SAMPLES)
  private readonly answers = new Uint16Array(2 * SAMPLES)
  private length = 0
  private readonly kinds: Answer[] = [{ ok: true }, { ok: false }]
  private readonly kindIndex = new Map<string, number>()

  add(sample: ProbeSample): void {
    if (this.length === this.at.length) this.dropOlderHalf()
    // A probe that times out is told after many later ones were answered.
    let index = this.length
    while (index > 0 && (this.at[index - 1] ?? 0) > sample.at) index -= 1
    if (index < this.length)
      for (const array of [this.at, this.durations, this.answers])
        array.copyWithin(index + 1, index, this.length)
    this.at[index] = sample.at
    this.durations[index] = sample.durationMs
    this.answers[index] = this.kindOf(sample)
    this.length += 1
  }

  read(from: number, to: number, visit: Visit): void {
    for (let i = this.indexFrom(from); i < this.length; i += 1) {
      const at = this.at[i] ?? 0
      if (at >= to) return
      const kind = this.kinds[this.answers[i] ?? 0] ?? { ok: true }
      const unsent = isUnsent(kind) ? 1 : 0
      const ms = kind.ok ? (this.durations[i] ?? NaN) : NaN
      const failed = kind.ok || unsent ? 0 : 1
      visit({ at, widthMs: 0, count: 1 - unsent, failed, unsent, minMs: ms, maxMs: ms })
    }
  }

  nearest(instant: number): ProbeSample | undefined {
    if (this.length === 0) return undefined
    const after = Math.min(this.length - 1, this.indexFrom(instant))
    const before = Math.max(0, after - 1)
    const distance = (i: number) => Math.abs((this.at[i] ?? 0) - instant)
    const i = distance(before) < distance(after) ? before : after
    const answer = this.kinds[this.answers[i] ?? 0] ?? { ok: true }
    return { sequence: -1, at: this.at[i] ?? 0, durationMs: this.durations[i] ?? 0, ...answer }
  }

  private indexFrom(instant: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.at[middle] ?? 0) < instant) low = middle + 1
      else high = middle
    }
    return low
  }

  private dropOlderHalf(): void {
    for (const array of [this.at, this.durations, this.answers]) array.copyWithin(0, SAMPLES)
    this.length = SAMPLES
    this.oldest = this.at[0] ?? -Infinity
  }

  /** Answers repeat, so each kind is kept once. */
  private kindOf({ ok, status, body, error }: ProbeSample): number {
    const key = [ok, status, body, error].join(' ')
    const known = this.kindIndex.get(key)
    if (known !== undefined) return known
    // A server that answers differently every time must not fill the memory: its words are then left out.
    if (this.kinds.length >= ANSWERS) return ok ? 0 : 1
    const index = this.kinds.push({
      ok,
      ...(status !== undefined && { status }),
      ...(body !== undefined && { body }),
      ...(error !== undefined && { error }),
    })
    this.kindIndex.set(key, index - 1)
    return index - 1
  }
}

/** Stretches of one width; the newest `capacity` of them. */
class Level {
  private newest = -Infinity
  private readonly numbers: Float64Array
  private readonly counts: Uint32Array
  private readonly failures: Uint32Array
  private readonly gaps: Uint32Array
  private readonly smallest: Float32Array
  private readonly largest: Float32Array

  constructor(
    readonly widthMs: number,
    private readonly capacity: number,
  ) {
    this.numbers = new Float64Array(capacity).fill(-1)
    this.counts = new Uint32Array(capacity)
    this.failures = new Uint32Array(capacity)
    this.gaps = new Uint32Array(capacity)
    this.smallest = new Float32Array(capacity)
    this.largest = new Float32Array(capacity)
  }

  get oldest(): number {
    return (this.newest - this.capacity + 1) * this.widthMs
  }

  add({ at, durationMs, ok, error }: ProbeSample): void {
    const number = Math.floor(at / this.widthMs)
    if (number <= this.newest - this.capacity) return
    this.newest = Math.max(this.newest, number)
    const slot = number % this.capacity
    if (this.numbers[slot] !== number) {
      this.numbers[slot] = number
      this.counts[slot] = this.failures[slot] = this.gaps[slot] = 0
      this.smallest[slot] = this.largest[slot] = NaN
    }
    if (isUnsent({ error })) {
      this.gaps[slot] = (this.gaps[slot] ?? 0) + 1
      return
    }
    this.counts[slot] = (this.counts[slot] ?? 0) + 1
    if (!ok) {
      this.failures[slot] = (this.failures[slot] ?? 0) + 1
      return
    }
    const smallest = this.smallest[slot] ?? NaN
    const largest = this.largest[slot] ?? NaN
    // Written so that the first answer replaces NaN.
    if (!(smallest <= durationMs)) this.smallest[slot] = durationMs
    if (!(largest >= durationMs)) this.largest[slot] = durationMs
  }

  read(from: number, to: number, visit: Visit): void {
    const first = Math.max(Math.floor(from / this.widthMs), this.newest - this.capacity + 1)
    const last = Math.min(Math.ceil(to / this.widthMs), this.newest + 1)
    for (let number = first; number < last; number += 1) {
      const slot = number % this.capacity
      if (this.numbers[slot] !== number) continue
      visit({
        at: number * this.widthMs,
        widthMs: this.widthMs,
        count: this.counts[slot] ?? 0,
        failed: this.failures[slot] ?? 0,
        unsent: this.gaps[slot] ?? 0,
        minMs: this.smallest[slot] ?? NaN,
        maxMs: this.largest[slot] ?? NaN,
      })
    }
  }
}
