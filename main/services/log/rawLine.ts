import type { ClockOffset, LogLine } from '../../../preload/contract/pair'
import { meaningOf } from '../../domain/keepalived/classify'
import type { JournalLine } from '../../domain/keepalived/journalLine'
import { parseLogLine } from '../../domain/keepalived/logLine'
import type { FileLine } from './syslogReader'

/** A line as its source has it. */
export type RawLine = JournalLine | (FileLine & { kind?: never })

/** What a line is read with. */
export interface LineContext {
  amphoraId: string
  clock: () => ClockOffset | undefined
  /** Minutes that the amphora's zone is ahead of UTC; syslog writes in it. */
  zoneOffsetMinutes: number
  /** Our clock, which dates stamps without a year. @default Date.now */
  now?: () => number
}

/** A record of the journal as the page shows it. */
export const lineOfRecord = (record: JournalLine, context: LineContext): LogLine =>
  line(record, record.at, 0, record.cursor, context)

/** A line of a syslog file as the page shows it. */
export function lineOfFile({ text, cursor }: FileLine, context: LineContext): LogLine {
  const now = (context.now ?? Date.now)()
  const parsed = parseLogLine(text, { now, zoneOffsetMinutes: context.zoneOffsetMinutes })
  return line(parsed, parsed.at ?? now, parsed.precisionMs ?? 0, cursor, context)
}

function line(
  { identifier = '', pid, message }: Pick<JournalLine, 'identifier' | 'pid' | 'message'>,
  rawAt: number,
  precisionMs: number,
  cursor: string,
  { amphoraId, clock }: LineContext,
): LogLine {
  const offset = clock()
  const made: LogLine = {
    amphoraId,
    at: offset ? rawAt - offset.offsetMs : rawAt,
    rawAt,
    cursor,
    identifier,
    text: message,
    meaning: meaningOf(message),
  }
  if (pid !== undefined) made.pid = pid
  // A stamp of whole seconds may stand for any moment of its second.
  if (offset) made.errorMs = offset.errorMs + (precisionMs >= 1 ? precisionMs : 0)
  return made
}
