import { parseJournalRecord } from '../keepalived/journal'
import { parseLogLine, type LogClock } from '../keepalived/logLine'
import type { Content, LogEntry } from './evidence'

/** So many lines tell whether a text is a log. */
const SAMPLE = 200
/** What says something about a pair has one of these words; the others, traffic above all, need no closer look. */
const CONCERNS =
  /[Kk]eepalived|HAProxy Load Balancer|systemd.{0,200}\.service| is (?:UP|DOWN)[,.]| has no server available/
/** A year is what rsyslog's traditional stamps leave out. */
const WITHOUT_YEAR = /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:/
/** No line of these programs is longer. */
const LONGEST = 8192

type Log = Extract<Content, { kind: 'log' }>

/** Reads `journalctl -o json`; undefined unless the text is that. Lines that are damaged are passed over. */
export function readJournal(path: string, text: string): Log | undefined {
  if (!/^\s*\{.{0,4000}"__(?:CURSOR|REALTIME_TIMESTAMP)"/.test(text.slice(0, 5000)))
    return undefined
  const entries = text.split('\n').flatMap((line, index) => {
    if (!CONCERNS.test(line)) return []
    return entryOfRecord(line, { file: path, line: index + 1 })
  })
  return { kind: 'log', entries, dated: true }
}

/** Reads `journalctl -o export`: fields line by line, an empty line behind each entry. Binary fields are passed over. */
export function readJournalExport(path: string, text: string): Log | undefined {
  if (!/^__(?:CURSOR|REALTIME_TIMESTAMP)=/.test(text)) return undefined
  const entries: LogEntry[] = []
  let fields: Record<string, string> = {}
  let said = 1
  for (const [index, line] of `${text}\n`.split('\n').entries()) {
    const cut = line.indexOf('=')
    if (cut > 0) {
      const name = line.slice(0, cut)
      fields[name] = line.slice(cut + 1)
      if (name === 'MESSAGE') said = index + 1
    } else if (!line) {
      entries.push(...entryOfRecord(JSON.stringify(fields), { file: path, line: said }))
      fields = {}
    }
  }
  return { kind: 'log', entries, dated: true }
}

/** Reads a text log, whoever wrote it down; undefined unless most of its lines have a stamp, a host and a program. */
export function readTextLog(path: string, text: string, clock: LogClock): Log | undefined {
  const lines = text.split('\n')
  const sample = lines.filter((line) => line.trim() && !/^[\s-]/.test(line)).slice(0, SAMPLE)
  const stamped = sample.filter((line) => {
    const { at, host, identifier } = parseLogLine(line.slice(0, LONGEST), clock)
    return at !== undefined && host !== undefined && identifier !== undefined
  })
  if (!sample.length || stamped.length * 2 <= sample.length) return undefined
  // The first line tells whose log it is, whatever it says.
  const named = lines.indexOf(stamped[0] ?? '')
  const entries = lines.flatMap((line, index): LogEntry[] => {
    if (index !== named && !CONCERNS.test(line)) return []
    const parsed = parseLogLine(line.slice(0, LONGEST), clock)
    const { at, precisionMs = 0, host, identifier, pid, message } = parsed
    if (at === undefined || identifier === undefined) return []
    return [
      {
        ...{ at, precisionMs, identifier, message },
        ...(host !== undefined && { host }),
        ...(pid !== undefined && { pid }),
        place: { file: path, line: index + 1, text: line.slice(0, LONGEST) },
      },
    ]
  })
  return { kind: 'log', entries, dated: !stamped.some((line) => WITHOUT_YEAR.test(line)) }
}

function entryOfRecord(line: string, place: { file: string; line: number }): LogEntry[] {
  const record = parseJournalRecord(line)
  if (record.kind !== 'record' || !record.identifier) return []
  const { at, identifier, pid, message, host } = record
  return [
    {
      ...{ at, precisionMs: 0.001, identifier, message },
      ...(host !== undefined && { host }),
      ...(pid !== undefined && { pid }),
      // The record is a page of fields; these are what a person reads of it.
      place: { ...place, text: `${new Date(at).toISOString()} ${identifier}: ${message}` },
    },
  ]
}
