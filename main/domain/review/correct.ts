import type { HostClock, HostClocks } from '../../../preload/contract/review'
import type { LogEntry, Recognised } from './evidence'
import { findHosts } from './hosts'

const MINUTE_MS = 60_000

/**
 * Logs with the times that they would have with true clocks: moved by how far their machine's clock was ahead, and, where
 * their stamps leave it out, by the zone and to the year. Files that are no logs stay as they are.
 */
export function corrected(files: readonly Recognised[], clocks: HostClocks): readonly Recognised[] {
  if (!Object.values(clocks).some((clock) => Object.keys(clock).length > 0)) return files
  const whose = findHosts(files)
  return files.map((file) => {
    const { path, content } = file
    if (content.kind !== 'log') return file
    const { entries, dated } = content
    const newest = entries.reduce((latest, { at }) => Math.max(latest, at), -Infinity)
    const moved = entries.map((entry) => {
      const host = whose.ofEntry(path, entry)
      const clock = host && Object.hasOwn(clocks, host.id) ? clocks[host.id] : undefined
      return clock ? withClock(entry, clock, dated, newest) : entry
    })
    return { ...file, content: { ...content, entries: moved } }
  })
}

function withClock(
  entry: LogEntry,
  { offsetMs = 0, zoneMinutes = 0, year }: HostClock,
  dated: boolean,
  newest: number,
): LogEntry {
  const { at } = entry
  if (dated) return { ...entry, at: at - offsetMs }
  const years = year === undefined ? 0 : year - new Date(newest).getUTCFullYear()
  return { ...entry, at: laterBy(at, years) - zoneMinutes * MINUTE_MS - offsetMs }
}

/** The same day and time in another year; the fraction of a millisecond stays. */
function laterBy(at: number, years: number): number {
  if (!years) return at
  const date = new Date(at)
  return at - date.getTime() + date.setUTCFullYear(date.getUTCFullYear() + years)
}
