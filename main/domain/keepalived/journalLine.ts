import { EARLIEST, LATEST, parseJournalRecord, type JournalRecord } from './journal'

/** What a log on screen needs of an entry of the journal. */
export type JournalLine = Pick<
  JournalRecord,
  'kind' | 'cursor' | 'at' | 'identifier' | 'pid' | 'message'
>

/**
 * Reads one line of `journalctl -o json`, which stands in `octets` from `begin` to `end`, as `parseJournalRecord` does;
 * undefined where that finds no record. Never throws.
 * An entry has some 25 fields, of which few are used: a plain entry is read where it stands, without making values of the
 * others. Whatever is not plain (escapes in a value that is used, octets, fields given twice) goes the long way.
 */
export function readJournalLine(
  octets: Buffer,
  begin = 0,
  end = octets.length,
): JournalLine | undefined {
  const plain = readPlain(octets, begin, end)
  if (plain) return plain
  const record = parseJournalRecord(decoder.decode(octets.subarray(begin, end)))
  if (record.kind !== 'record') return undefined
  return journalLine(record.cursor, record.at, record.message, record.identifier, record.pid)
}

function journalLine(
  cursor: string,
  at: number,
  message: string,
  identifier: string | undefined,
  pid: number | undefined,
): JournalLine {
  const line: JournalLine = { kind: 'record', cursor, at, message }
  if (identifier !== undefined) line.identifier = identifier
  if (pid !== undefined) line.pid = pid
  return line
}

const decoder = new TextDecoder()

/** The fields that are used. No two names are of one length, so that its length tells which of them a name may be. */
const NAMES = [
  '__CURSOR',
  '_SOURCE_REALTIME_TIMESTAMP',
  '__REALTIME_TIMESTAMP',
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'SYSLOG_PID',
  '_PID',
] as const
type Name = (typeof NAMES)[number]

const LONGEST_NAME = Math.max(...NAMES.map(({ length }) => length))
const BY_LENGTH = Array.from({ length: LONGEST_NAME + 1 }, (_, length) =>
  Buffer.from(NAMES.find((name) => name.length === length) ?? ''),
)

/** Where the value of each field begins and ends, by the length of its name; 0 where there is none. */
const begins = new Uint32Array(LONGEST_NAME + 1)
const ends = new Uint32Array(LONGEST_NAME + 1)

function readPlain(line: Buffer, from: number, to: number): JournalLine | undefined {
  if (!find(line, from, to)) return undefined
  const cursor = text(line, '__CURSOR')
  const at = time(line, '_SOURCE_REALTIME_TIMESTAMP') ?? time(line, '__REALTIME_TIMESTAMP')
  const message = text(line, 'MESSAGE')
  const pid = has('SYSLOG_PID') ? number(line, 'SYSLOG_PID') : number(line, '_PID')
  if (!cursor || at === undefined || message === undefined || Number.isNaN(pid)) return undefined
  const identifier = text(line, 'SYSLOG_IDENTIFIER') ?? text(line, '_COMM')
  return journalLine(cursor, at, message, identifier, pid)
}

const has = (name: Name): boolean => begins[name.length] !== 0

const text = (line: Buffer, name: Name): string | undefined =>
  has(name) ? line.toString('utf8', begins[name.length], ends[name.length]) : undefined

/** NaN where there is a value that is no number. */
function number(line: Buffer, name: Name): number | undefined {
  if (!has(name)) return undefined
  const [begin = 0, end = 0] = [begins[name.length], ends[name.length]]
  return end - begin <= 15 ? digits(line, begin, end) : NaN
}

/** Microseconds since the epoch as milliseconds. Both parts of the number fit into a double; the whole would not. */
function time(line: Buffer, name: Name): number | undefined {
  if (!has(name)) return undefined
  const [begin = 0, end = 0] = [begins[name.length], ends[name.length]]
  if (end - begin < 13 || end - begin > 17) return undefined
  const at = digits(line, begin, end - 3) + digits(line, end - 3, end) / 1000
  return at >= EARLIEST && at < LATEST ? at : undefined
}

function digits(line: Buffer, begin: number, end: number): number {
  let value = begin < end ? 0 : NaN
  for (let index = begin; index < end; index += 1) {
    const digit = (line[index] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}

const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
const FIRST_PRINTABLE = 0x20
/** What may follow a backslash: `" / \ b f n r t`; `u` and its four digits go the long way. */
const ESCAPED: ReadonlySet<number> = new Set([0x22, 0x2f, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74])

/** Finds the fields; false unless the whole line is one object whose values are all plain strings. */
function find(line: Buffer, from: number, to: number): boolean {
  begins.fill(0)
  const last = to - 1
  if (to - from < 2 || line[from] !== OPEN || line[last] !== CLOSE) return false
  for (let index = from + 1; ;) {
    const nameBegins = index + 1
    if (line[index] !== QUOTE) return false
    const nameEnds = endOfString(line, nameBegins, last)
    if (line[nameEnds + 1] !== COLON || line[nameEnds + 2] !== QUOTE) return false
    const valueBegins = nameEnds + 3
    const found = endOfString(line, valueBegins, last)
    if (found === 0) return false
    const valueEnds = Math.abs(found)

    if (isWanted(line, nameBegins, nameEnds)) {
      if (found < 0) return false
      begins[nameEnds - nameBegins] = valueBegins
      ends[nameEnds - nameBegins] = valueEnds
    }
    index = valueEnds + 1
    const next = line[index]
    if (next === CLOSE) return index === last
    if (next !== COMMA) return false
    index += 1
  }
}

/**
 * The index of the quote that ends a string, negative where the string holds a backslash; 0 when it has no end before `to`,
 * or an octet that JSON does not allow.
 */
function endOfString(line: Buffer, begin: number, to: number): number {
  let sign = 1
  for (let index = begin; index < to; index += 1) {
    const octet = line[index] ?? 0
    // Most letters lie behind the backslash.
    if (octet > BACKSLASH) continue
    if (octet === QUOTE) return sign * index
    if (octet < FIRST_PRINTABLE) return 0
    if (octet !== BACKSLASH) continue
    sign = -1
    index += 1
    if (!ESCAPED.has(line[index] ?? 0)) return 0
  }
  return 0
}

function isWanted(line: Buffer, begin: number, end: number): boolean {
  const name = BY_LENGTH[end - begin]
  if (!name?.length) return false
  for (let index = 0; index < name.length; index += 1)
    if (name[index] !== line[begin + index]) return false
  return true
}
