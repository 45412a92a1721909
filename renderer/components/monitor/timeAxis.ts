/** What part of the past is on screen. While `live`, its end is now. */
export interface TimeView {
  spanMs: number
  /** Ignored while `live`. */
  endMs: number
  live: boolean
}

/** A line of the axis; `major` ones carry a label. */
export interface Tick {
  at: number
  major: boolean
}

const DAY_MS = 86_400_000

/** Shortest and longest stretch of time on screen. */
export const MIN_SPAN_MS = 20
export const MAX_SPAN_MS = 62 * 24 * 3_600_000

/** Distances between labelled ticks that people read easily, in milliseconds. */
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000,
]

/** The distance between labels so that they are at least `minPixels` apart. */
export function tickStep(spanMs: number, width: number, minPixels = 110): number {
  const least = (spanMs / Math.max(1, width)) * minPixels
  return STEPS.find((step) => step >= least) ?? 604_800_000
}

/** Ticks between two instants, at round local times, with four unlabelled ones between two labels. */
export function ticks(from: number, to: number, step: number): Tick[] {
  const minor = step / 5
  // Round local times, so that an hour begins at the hour also in zones with half hours.
  const zone = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - zone) / minor)
  const result: Tick[] = []
  for (let n = first; n * minor + zone <= to; n += 1)
    result.push({ at: n * minor + zone, major: n % 5 === 0 })
  return result
}

/** The label of a tick: as many digits of the seconds as the distance between ticks needs; of long ones the day, month first. */
export function tickLabel(at: number, step: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`
  if (step >= DAY_MS) return day
  if (step >= 7_200_000 && clock === '00:00') return day
  if (step >= 60_000) return clock
  const seconds = `${clock}:${two(date.getSeconds())}`
  return step >= 1_000 ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** The interval on screen. */
export function extentOf(view: TimeView, now: number): { from: number; to: number } {
  const to = view.live ? now : view.endMs
  return { from: to - view.spanMs, to }
}

/**
 * Zooms by a factor (< 1 comes nearer) around `anchor`, a fraction of the width from the left.
 * A live view keeps its end at now whatever the anchor is.
 */
export function zoomed(view: TimeView, factor: number, anchor: number, now: number): TimeView {
  const spanMs = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, view.spanMs * factor))
  if (view.live) return { ...view, spanMs }
  const { from } = extentOf(view, now)
  const fixed = from + view.spanMs * anchor
  return settled({ spanMs, endMs: fixed + spanMs * (1 - anchor), live: false }, now)
}

/** Moves by a fraction of the span; positive goes to later. Reaching now makes the view live again. */
export function panned(view: TimeView, fraction: number, now: number): TimeView {
  const { to } = extentOf(view, now)
  const endMs = to + view.spanMs * fraction
  if (fraction > 0 && endMs >= now) return { ...view, endMs: now, live: true }
  return { ...view, endMs, live: false }
}

/** A view of an interval with a margin of 15 % at each side. */
export function viewOf(from: number, to: number): TimeView {
  const inner = Math.max(MIN_SPAN_MS, to - from)
  const spanMs = Math.min(MAX_SPAN_MS, inner * 1.3)
  return { spanMs, endMs: (from + to) / 2 + spanMs / 2, live: false }
}

/** Nothing lies after now, so a view does not end more than a tenth of its span beyond it. */
function settled(view: TimeView, now: number): TimeView {
  return { ...view, endMs: Math.min(view.endMs, now + view.spanMs / 10) }
}
