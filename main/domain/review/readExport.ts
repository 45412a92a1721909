import type { Content, ContentReader, LogEntry } from './evidence'
import { concernsPair, entryOfRecord, MOST, TOO_MANY } from './readLog'

const NEWLINE = 10
/** Fields that say something of a pair; the others may be as long as they like. */
const FIELDS =
  /^(?:__CURSOR|__REALTIME_TIMESTAMP|_SOURCE_REALTIME_TIMESTAMP|_HOSTNAME|SYSLOG_IDENTIFIER|_COMM|SYSLOG_PID|_PID|MESSAGE)$/
/** A field that is longer is cut. */
const LONGEST = 8192
const LONGEST_NAME = 256
/** More octets than this without a newline are no field. */
const LONGEST_LINE = 4 * 2 ** 20

/**
 * Reads `journalctl -o export`, in pieces of any size: fields line by line, `NAME=text` or, where the text is binary,
 * `NAME`, its length in 8 octets, and the octets; an empty line behind each entry.
 *
 * @see https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-export-format
 */
export class ExportReader implements ContentReader {
  incomplete?: string
  private readonly entries: LogEntry[] = []
  private rest = Buffer.alloc(0)
  private line = 1
  /** Octets that are still to be passed over. */
  private passing = 0
  private fields: Record<string, string> = {}
  private said = 1

  constructor(private readonly path: string) {}

  /** Whether a text begins as an export does. */
  static reads(head: string): boolean {
    return /^__(?:CURSOR|REALTIME_TIMESTAMP)=/.test(head)
  }

  push(piece: Uint8Array): boolean {
    const octets = Buffer.concat([this.rest, piece])
    let at = 0
    for (;;) {
      const passed = Math.min(this.passing, octets.length - at)
      at += passed
      this.passing -= passed
      const read = this.passing ? 0 : this.field(octets.subarray(at))
      if (!read) break
      at += read
    }
    this.rest = Buffer.from(octets.subarray(at))
    if (this.rest.length > LONGEST_LINE) this.incomplete = `damaged in line ${this.line}`
    if (this.entries.length > MOST) this.incomplete = TOO_MANY
    return this.incomplete === undefined
  }

  end(): Content {
    this.push(Buffer.from([NEWLINE, NEWLINE]))
    return { kind: 'log', entries: this.entries, dated: true }
  }

  /** Reads one field. @returns its length, 0 while it is not complete */
  private field(octets: Buffer): number {
    const end = octets.indexOf(NEWLINE)
    if (end < 0) return 0
    const written = octets.subarray(0, end)
    const equals = written.subarray(0, LONGEST_NAME).indexOf('=')
    if (equals >= 0 || !end) {
      if (end) this.take(written.toString('latin1', 0, equals), written.subarray(equals + 1))
      else this.finish()
      this.line += 1
      return end + 1
    }
    const begin = end + 9
    if (octets.length < begin) return 0
    const length = Number(octets.readBigUInt64LE(end + 1))
    const kept = Math.min(length, LONGEST)
    if (octets.length < begin + kept) return 0
    this.take(written.toString('latin1'), octets.subarray(begin, begin + kept))
    this.line += 2
    this.passing = length - kept + 1
    return begin + kept
  }

  private take(name: string, value: Buffer): void {
    if (!FIELDS.test(name)) return
    this.fields[name] = value.toString('utf8', 0, Math.min(value.length, LONGEST))
    if (name === 'MESSAGE') this.said = this.line
  }

  private finish(): void {
    const record = JSON.stringify(this.fields)
    if (concernsPair(record))
      this.entries.push(...entryOfRecord(record, { file: this.path, line: this.said }))
    this.fields = {}
  }
}
