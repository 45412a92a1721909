import type { LogLine } from '../../../preload/contract/pair'

/** Lines of both amphorae in the order of their corrected times; immutable. */
export interface MergedLog {
  readonly lines: readonly LogLine[]
  /** Lines that had to go because of the limit, oldest first. */
  readonly dropped: number
}

export const emptyLog: MergedLog = { lines: [], dropped: 0 }

/**
 * Puts new lines among those that are there, by corrected time; of equal times the first to come stays first. Lines of one
 * amphora stand in the order of its own clock, also when the clock offset was measured anew between them.
 * A line that is there already, by amphora and cursor, is passed over, so that a resumed log may repeat itself.
 * Takes time in proportion to the lines that are kept: call it once per frame, not once per line.
 *
 * @param limit most lines to keep; the oldest go first
 * @returns the merged log, and from which place on it differs from the one before (by the new numbering)
 */
export function mergeLines(
  log: MergedLog,
  added: readonly LogLine[],
  limit = Infinity,
): { log: MergedLog; changedFrom: number } {
  const known = new Set(log.lines.map(keyOf))
  const fresh: LogLine[] = []
  for (const line of added) {
    const key = keyOf(line)
    if (known.has(key)) continue
    known.add(key)
    fresh.push(line)
  }
  if (!fresh.length) return { log, changedFrom: log.lines.length }

  const sides = new Map<string, Entry[]>()
  for (const [place, line] of [...log.lines, ...fresh].entries()) {
    const side = sides.get(line.amphoraId)
    const entry = { line, at: line.at, place }
    if (side) side.push(entry)
    else sides.set(line.amphoraId, [entry])
  }
  const lines = Array.from(sides.values(), inOwnOrder)
    .flat()
    .sort((one, other) => one.at - other.at || one.place - other.place)
    .map(({ line }) => line)
  const first = lines.findIndex((line, index) => line !== log.lines[index])
  const over = Math.max(0, lines.length - limit)
  return {
    log: { lines: over ? lines.slice(over) : lines, dropped: log.dropped + over },
    changedFrom: over ? 0 : first,
  }
}

interface Entry {
  line: LogLine
  at: number
  place: number
}

/** A corrected time that runs backwards against the amphora's own clock counts as the one before it. */
function inOwnOrder(entries: readonly Entry[]): Entry[] {
  let at = -Infinity
  let place = -1
  return entries
    .toSorted((one, other) => one.line.rawAt - other.line.rawAt)
    .map((entry) => {
      place = entry.at > at ? entry.place : Math.max(place, entry.place)
      at = Math.max(at, entry.at)
      return { line: entry.line, at, place }
    })
}

const keyOf = ({ amphoraId, cursor }: LogLine): string => `${amphoraId} ${cursor}`
