import { groupBy } from '../../base/groupBy'
import { serverWordOf } from './answerTime'
import type { LogEntry } from './evidence'

/** Two programs that write one message down stamp it this far apart at most. */
const SAME_MS = 1500

/**
 * One log out of several that one machine wrote: the journal, rsyslog's file, and what was exported of them tell the same
 * thing more than once. Of equal messages at about the same time the most exact stamp counts. In order of time.
 */
export function mergeSources(sources: readonly (readonly LogEntry[])[]): LogEntry[] {
  const bestFirst = sources.toSorted((one, other) => exactness(one) - exactness(other))
  return bestFirst.reduce<LogEntry[]>(
    (merged, source) => inOrder([...merged, ...newIn(source, merged)]),
    [],
  )
}

/** Entries that a better source does not have; each entry of that one stands for one of these. */
function newIn(source: readonly LogEntry[], better: readonly LogEntry[]): LogEntry[] {
  const times = groupBy(better, keyOf)
  const places = new Map<string, number>()
  return inOrder(source).filter((entry) => {
    const key = keyOf(entry)
    const known = times.get(key) ?? []
    const near = Math.max(SAME_MS, entry.precisionMs)
    let place = places.get(key) ?? 0
    while ((known[place]?.at ?? Infinity) < entry.at - near) place += 1
    const isKnown = (known[place]?.at ?? Infinity) <= entry.at + near
    // haproxy says such things to each of its logs.
    const isRepeated = serverWordOf(entry.message) !== undefined
    places.set(key, isKnown && !isRepeated ? place + 1 : place)
    return !isKnown
  })
}

/** What haproxy says on its standard error has a mark in front, and the name of whoever started it. */
const MARK = /^\[[A-Z]{1,10}\] {1,4}\(\d{1,10}\) : /

const keyOf = ({ identifier, message }: LogEntry): string =>
  MARK.test(message)
    ? `haproxy ${message.replace(MARK, '').trimEnd()}`
    : `${identifier} ${message.trimEnd()}`

const inOrder = (entries: readonly LogEntry[]): LogEntry[] =>
  entries.toSorted((one, other) => one.at - other.at)

const exactness = (entries: readonly LogEntry[]): number =>
  entries.reduce((worst, { precisionMs }) => Math.max(worst, precisionMs), 0)
