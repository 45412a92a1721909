import type { ClockOffset } from '../../preload/contract/pair'

/** One question for the time: when it left, when the answer came, and what the answer said; all in milliseconds since the epoch. */
export interface ClockSample {
  /** By our clock. */
  sentAt: number
  /** By our clock. */
  receivedAt: number
  /** By the amphora's clock. */
  remoteAt: number
}

/** A clock offset and when it was measured, by our clock. */
export interface MeasuredOffset extends ClockOffset {
  measuredAt: number
}

/**
 * How fast two clocks may part at worst, in milliseconds per millisecond. Quartz is within 100 ppm, and NTP slews by up to
 * 500 ppm while it corrects.
 */
const DRIFT = 0.0005

/**
 * How far the amphora's clock is ahead of ours. The answer was made at some moment between question and arrival, so that
 * the sample with the shortest round trip knows best, and half of that round trip bounds its error.
 *
 * @returns undefined when no sample is usable
 */
export function measureOffset(samples: readonly ClockSample[]): MeasuredOffset | undefined {
  let best: ClockSample | undefined
  for (const sample of samples) {
    const usable = roundTrip(sample) >= 0 && Number.isFinite(sample.remoteAt)
    if (usable && (!best || roundTrip(sample) < roundTrip(best))) best = sample
  }
  if (!best) return undefined
  const middle = best.sentAt + roundTrip(best) / 2
  return {
    offsetMs: best.remoteAt - middle,
    errorMs: roundTrip(best) / 2,
    measuredAt: best.receivedAt,
  }
}

const roundTrip = ({ sentAt, receivedAt }: ClockSample): number => receivedAt - sentAt

/** The same offset as it is worth at `now`: clocks drift apart after the measurement. */
export function ageOffset(offset: MeasuredOffset, now: number): ClockOffset {
  const age = Math.abs(now - offset.measuredAt)
  return { offsetMs: offset.offsetMs, errorMs: offset.errorMs + age * DRIFT }
}

/**
 * Which of two measurements to use from `newer` on: the more exact one, the age of the older counted in.
 * When they contradict each other, somebody has set a clock: then the newer one counts.
 */
export function combineOffsets(
  older: MeasuredOffset | undefined,
  newer: MeasuredOffset,
): MeasuredOffset {
  if (!older) return newer
  const aged = ageOffset(older, newer.measuredAt)
  const apart = Math.abs(aged.offsetMs - newer.offsetMs)
  const agree = apart <= aged.errorMs + newer.errorMs
  return agree && aged.errorMs < newer.errorMs ? older : newer
}

/** A time by the amphora's clock as a time by ours; `errorMs` is absent while the offset is not known. */
export function correctTime(
  rawAt: number,
  offset: ClockOffset | undefined,
): { at: number; errorMs?: number } {
  return offset ? { at: rawAt - offset.offsetMs, errorMs: offset.errorMs } : { at: rawAt }
}

/**
 * Reads the answer to `date '+%s.%N %z'`: the amphora's clock and its zone. Works without `%N` and without `%z`.
 *
 * @returns undefined when the answer holds no time
 */
export function parseRemoteClock(
  answer: string,
): { remoteAt: number; zoneOffsetMinutes: number } | undefined {
  const match = /(?:^|\n)(\d{9,11})(?:[.,](\d{1,9}))?\S{0,8}(?: ([+-])(\d\d):?(\d\d))?/.exec(answer)
  if (!match) return undefined
  const [, seconds, fraction, sign, hours, minutes] = match
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
  return {
    remoteAt: Number(seconds) * 1000 + Number(`0.${fraction ?? '0'}`) * 1000,
    zoneOffsetMinutes: ahead,
  }
}
