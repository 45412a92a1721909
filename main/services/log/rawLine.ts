import type { ClockOffset, LogLine } from '../../../preload/contract/pair'
import { classify } from '../../domain/keepalived/classify'
import type { JournalRecord } from '../../domain/keepalived/journal'
import { parseLogLine } from '../../domain/keepalived/logLine'
import type { FileLine } from './syslogReader'

/** A line as its source has it. */
export type RawLine = JournalRecord | (FileLine & { kind?: never })

/** What a line is read with. */
export interface LineContext {
  amphoraId: string
  clock: () => ClockOffset | undefined
  /** Minutes that the amphora's zone is ahead of UTC; syslog writes in it. */
  zoneOffsetMinutes: number
}

/** A record of the journal as the page shows it. */
export function lineOfRecord(record: JournalRecord, context: LineContext): LogLine {
  return {
    ...stamped(record.at, 0, context),
    cursor: record.cursor,
    identifier: record.identifier ?? '',
    ...(record.pid !== undefined && { pid: record.pid }),
    text: record.message,
    meaning: classify(record.message).meaning,
  }
}

/** A line of a syslog file as the page shows it. */
export function lineOfFile({ text, cursor }: FileLine, context: LineContext): LogLine {
  const now = Date.now()
  const parsed = parseLogLine(text, { now, zoneOffsetMinutes: context.zoneOffsetMinutes })
  return {
    ...stamped(parsed.at ?? now, parsed.precisionMs ?? 0, context),
    cursor,
    identifier: parsed.identifier ?? '',
    ...(parsed.pid !== undefined && { pid: parsed.pid }),
    text: parsed.message,
    meaning: classify(parsed.message).meaning,
  }
}

/** A stamp of whole seconds may stand for any moment of its second. */
function stamped(
  rawAt: number,
  precisionMs: number,
  { amphoraId, clock }: LineContext,
): Pick<LogLine, 'amphoraId' | 'at' | 'rawAt' | 'errorMs'> {
  const offset = clock()
  if (!offset) return { amphoraId, at: rawAt, rawAt }
  return {
    amphoraId,
    at: rawAt - offset.offsetMs,
    rawAt,
    errorMs: offset.errorMs + (precisionMs >= 1 ? precisionMs : 0),
  }
}
