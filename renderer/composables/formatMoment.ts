import { formatClock, formatInstant } from './formatTime'

/** Local time of day with so many digits of the second, or day and minute when that is not today. */
export function formatMoment(at: number, now: number, digits = 0): string {
  return isSameDay(at, now)
    ? formatClock(at, digits)
    : `${formatInstant(at).slice(0, 10)} ${formatClock(at).slice(0, 5)}`
}

/** Whether two instants lie in one day of local time. */
export const isSameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString()
