const two = (number: number): string => String(number).padStart(2, '0')

/** How far local time is from UTC at an instant, such as `UTC+07:00` or `UTC`. */
function zoneOf(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const size = Math.abs(minutes)
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Local date and time with its zone, such as `2026-11-22 18:04:05 UTC+07:00`; the same in every language. */
export function formatInstant(at: number): string {
  const date = new Date(at)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${formatClock(at)} ${zoneOf(at)}`
}

/** Local time of day in seconds, such as `18:04:05`; with `digits` up to 6, fractions of a second too. */
export function formatClock(at: number, digits = 0): string {
  const date = new Date(at)
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  if (digits === 0) return clock
  const second = ((at % 1000) + 1000) % 1000
  const fraction = Math.floor(second * 1000)
    .toString()
    .padStart(6, '0')
  return `${clock}.${fraction.slice(0, digits)}`
}

/** How many digits of a second a time with this error leaves meaningful, for `formatClock`. */
export function clockDigits(errorMs: number): number {
  return [5, 50, 500].filter((limit) => errorMs < limit).length
}

const DAY = 86_400_000
const UNITS = [
  ['year', 365.25 * DAY],
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const

function inWords(count: number, unit: string, language: string): string {
  // The long word for a thousandth of a second is in nobody's reports.
  if (unit === 'millisecond') return `${new Intl.NumberFormat(language).format(count)} ms`
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
  }).format(count)
}

/** A span of milliseconds in its one or two largest units, in the words of a language: `2 hr 5 min`, `340 ms`. */
export function formatSpan(milliseconds: number, language: string): string {
  const rest = Math.max(0, Math.round(milliseconds))
  const first = UNITS.findIndex(([, size]) => rest >= size)
  const from = first < 0 ? UNITS.length - 1 : first
  const [unit, size] = UNITS[from] ?? UNITS[5]
  const whole = Math.floor(rest / size)
  const words = (count: number, name: string): string => inWords(count, name, language)
  const next = UNITS[from + 1]
  if (!next || next[0] === 'millisecond') return words(whole, unit)
  const part = Math.floor((rest - whole * size) / next[1])
  return part === 0 ? words(whole, unit) : `${words(whole, unit)} ${words(part, next[0])}`
}

/** Below this an age is only `just now`. */
export const JUST_NOW_MS = 5_000

/**
 * A length of time as roughly as an age is read, so that it does not change at each look: five seconds, from a minute on
 * whole minutes, from a day on whole hours; rounded down.
 */
export function roughly(milliseconds: number): number {
  const size = Math.abs(milliseconds)
  const step = size < 60_000 ? 5_000 : size < DAY ? 60_000 : 3_600_000
  return Math.floor(size / step) * step * Math.sign(milliseconds)
}

/** A span that still grows, in whole seconds: `12 sec`, `2 min 5 sec`. */
export function formatGrowing(milliseconds: number, language: string): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return seconds === 0 ? inWords(0, 'second', language) : formatSpan(seconds * 1000, language)
}

/** How long it is still until an instant, in whole seconds and at least one; `now` may be up to a second old. */
export const formatLeft = (at: number, now: number, language: string): string =>
  formatSpan(Math.max(1000, at - now), language)

/** How long ago an instant was, or how far ahead it is, in its largest unit: `3 min ago`, `in 2 days`. */
export function formatAge(at: number, now: number, language: string): string {
  const distance = roughly(at - now)
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'narrow' })
  const size = Math.abs(distance)
  for (const [unit, length] of UNITS.slice(0, 5))
    if (size >= length && unit !== 'millisecond')
      return words.format(Math.trunc(distance / length), unit)
  return words.format(0, 'second')
}
