import { formatClock, formatInstant } from './formatTime'

/** Local time of day with milliseconds, or day and minute when that is not today. */
export function formatMoment(at: number, now: number): string {
  const clock = formatClock(at, 3)
  const day = formatInstant(at).slice(0, 10)
  return day === formatInstant(now).slice(0, 10) ? clock : `${day} ${clock.slice(0, 5)}`
}
