import { parseJournalRecord } from '../keepalived/journal'
import { parseLogLine, type LogClock } from '../keepalived/logLine'
import type { Content, ContentReader, LogEntry } from './evidence'
import { WordLines } from './wordLines'

/** So many lines tell whether a text is a log. */
const SAMPLE = 200
/**
 * What says something about a pair has one of these words; the others, traffic above all, need no closer look. Words that
 * begin with a rare letter are found faster: it is `systemd` that is meant.
 */
const WORDS = ['Keepalive', 'keepalive', 'ystemd', 'Server ', 'no server available']
const CONCERNS =
  /[Kk]eepalive|systemd.{0,200}\.service| is (?:UP|DOWN)[,.]| has no server available|HAProxy Load Balancer/
/** Whether a line, or a record of the journal, may say something about a pair. */
export const concernsPair = (text: string): boolean => CONCERNS.test(text)

/** A year is what rsyslog's traditional stamps leave out. */
const WITHOUT_YEAR = /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:/
/** No line of these programs is longer. */
const LONGEST = 8192
/** Records of the journal have all their fields on one line. */
const LONGEST_RECORD = 262_144
/** More lines than this no pair writes of itself while anybody can still follow; they would fill memory. */
export const MOST = 400_000
/** Says so. */
export const TOO_MANY = `more than ${MOST} lines about keepalived, haproxy and their units: cut it first; read up to there`

type Log = Extract<Content, { kind: 'log' }>

/** What a log has in common, however it is written. */
abstract class LogReader implements ContentReader {
  incomplete?: string
  protected readonly entries: LogEntry[] = []
  private readonly lines: WordLines

  constructor(
    protected readonly path: string,
    private readonly dated: boolean,
    longest: number,
  ) {
    this.lines = new WordLines(WORDS, longest, (octets, line) => {
      if (this.entries.length < MOST) this.read(octets.toString('utf8'), line)
      else this.incomplete = TOO_MANY
    })
  }

  push(octets: Uint8Array): boolean {
    this.lines.push(octets)
    return this.incomplete === undefined
  }

  end(): Log {
    this.lines.end()
    return { kind: 'log', entries: this.entries, dated: this.dated }
  }

  protected abstract read(text: string, line: number): void
}

/** `journalctl -o json`: lines that are damaged are passed over. */
class JournalReader extends LogReader {
  constructor(path: string) {
    super(path, true, LONGEST_RECORD)
  }

  protected read(text: string, line: number): void {
    if (concernsPair(text)) this.entries.push(...entryOfRecord(text, { file: this.path, line }))
  }
}

/** A text log, whoever wrote it down. */
class TextLogReader extends LogReader {
  constructor(
    path: string,
    dated: boolean,
    private readonly clock: LogClock,
    /** The first line tells whose log it is, whatever it says. */
    private readonly first: { text: string; line: number },
  ) {
    super(path, dated, LONGEST)
    this.add(first.text, first.line)
  }

  protected read(text: string, line: number): void {
    if (line !== this.first.line && concernsPair(text)) this.add(text, line)
  }

  private add(text: string, line: number): void {
    const entry = entryOfLine({ file: this.path, line, text: text.slice(0, LONGEST) }, this.clock)
    if (entry) this.entries.push(entry)
  }
}

/** Reads `journalctl -o json`; undefined unless a text begins as that does. */
export function journalReader(path: string, head: string): ContentReader | undefined {
  const isJournal = /^\s*\{.{0,4000}"__(?:CURSOR|REALTIME_TIMESTAMP)"/.test(head.slice(0, 5000))
  return isJournal ? new JournalReader(path) : undefined
}

/** Reads a text log; undefined unless most of the lines that it begins with have a stamp, a host and a program. */
export function textLogReader(
  path: string,
  head: string,
  clock: LogClock,
): ContentReader | undefined {
  const lines = head.split('\n')
  const sample = lines.filter((line) => line.trim() && !/^[\s-]/.test(line)).slice(0, SAMPLE)
  const stamped = sample.filter((line) => {
    const { at, host, identifier } = parseLogLine(line.slice(0, LONGEST), clock)
    return at !== undefined && host !== undefined && identifier !== undefined
  })
  const [text] = stamped
  if (text === undefined || stamped.length * 2 <= sample.length) return undefined
  const isDated = !stamped.some((line) => WITHOUT_YEAR.test(line))
  return new TextLogReader(path, isDated, clock, { text, line: lines.indexOf(text) + 1 })
}

/** The same log with another year: its stamps leave theirs out. */
export function redated(log: Log, now: number): Log {
  const entries = log.entries.flatMap(({ place }) => entryOfLine(place, { now }) ?? [])
  return { ...log, entries }
}

function entryOfLine(place: LogEntry['place'], clock: LogClock): LogEntry | undefined {
  const { at, precisionMs = 0, host, identifier, pid, message } = parseLogLine(place.text, clock)
  if (at === undefined || identifier === undefined) return undefined
  return {
    ...{ at, precisionMs, identifier, message, place },
    ...(host !== undefined && { host }),
    ...(pid !== undefined && { pid }),
  }
}

/** What a record of the journal says, as JSON; nothing where it is damaged or has no program. */
export function entryOfRecord(record: string, place: { file: string; line: number }): LogEntry[] {
  const read = parseJournalRecord(record)
  if (read.kind !== 'record' || !read.identifier) return []
  const { at, identifier, pid, message, host } = read
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
