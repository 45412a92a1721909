/** One entry of the journal, as far as the console uses it. A field that the entry lacks is absent. */
export interface JournalRecord {
  kind: 'record'
  /** Opaque; `journalctl --after-cursor` continues behind it. */
  cursor: string
  /** Milliseconds since the epoch with microseconds as fraction, by the amphora's clock. */
  at: number
  /**
   * `source`: when the sender spoke. `journal`: when the journal received it, where the sender's stamp is missing;
   * that is later by the queue before journald, and is made to never run backwards.
   */
  atFrom: 'source' | 'journal'
  identifier?: string
  pid?: number
  /** The unit that the entry is about: systemd speaks of `octavia-keepalived.service` from its own unit. */
  unit?: string
  message: string
  /** How the message was stored; `missing`: the journal left it out, because it was too big or had none. */
  messageFrom: 'text' | 'bytes' | 'missing'
  host?: string
  bootId?: string
  /** Severity, 0 to 7. */
  severity?: number
}

/** A line that is no entry of the journal: a message of journalctl itself, or an entry cut by a lost connection. */
export interface NotARecord {
  kind: 'notARecord'
  why: 'empty' | 'notJson' | 'notAnObject' | 'noCursor' | 'noTime'
}

/** No time of an amphora lies outside: 2001 to 2286, in milliseconds since the epoch. */
export const EARLIEST = 1e12
export const LATEST = 1e13

/**
 * Reads one line of `journalctl -o json`. Never throws.
 * Prefers `_SOURCE_REALTIME_TIMESTAMP` over `__REALTIME_TIMESTAMP`, see `JournalRecord.atFrom`.
 *
 * @see https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format
 */
export function parseJournalRecord(line: string): JournalRecord | NotARecord {
  if (!line.trim()) return { kind: 'notARecord', why: 'empty' }
  let fields: unknown
  try {
    fields = JSON.parse(line)
  } catch {
    return { kind: 'notARecord', why: 'notJson' }
  }
  if (!isRecord(fields)) return { kind: 'notARecord', why: 'notAnObject' }

  const cursor = text(fields['__CURSOR'])
  if (!cursor) return { kind: 'notARecord', why: 'noCursor' }
  const spoken = time(fields['_SOURCE_REALTIME_TIMESTAMP'])
  const at = spoken ?? time(fields['__REALTIME_TIMESTAMP'])
  if (at === undefined) return { kind: 'notARecord', why: 'noTime' }

  const identifier = text(fields['SYSLOG_IDENTIFIER']) ?? text(fields['_COMM'])
  const pid = number(fields['SYSLOG_PID']) ?? number(fields['_PID'])
  const unit =
    text(fields['UNIT']) ?? text(fields['OBJECT_SYSTEMD_UNIT']) ?? text(fields['_SYSTEMD_UNIT'])
  const host = text(fields['_HOSTNAME'])
  const bootId = text(fields['_BOOT_ID'])
  const severity = number(fields['PRIORITY'])
  return {
    kind: 'record',
    cursor,
    at,
    atFrom: spoken === undefined ? 'journal' : 'source',
    ...(identifier !== undefined && { identifier }),
    ...(pid !== undefined && { pid }),
    ...(unit !== undefined && { unit }),
    ...readMessage(fields['MESSAGE']),
    ...(host !== undefined && { host }),
    ...(bootId !== undefined && { bootId }),
    ...(severity !== undefined && { severity }),
  }
}

/** A field that is not UTF-8 is an array of octets; a field that was given twice is an array of its values. */
function readMessage(value: unknown): Pick<JournalRecord, 'message' | 'messageFrom'> {
  const single = readText(value)
  if (single) return single
  const parts = Array.isArray(value) ? value.flatMap((part: unknown) => readText(part) ?? []) : []
  if (!parts.length) return { message: '', messageFrom: 'missing' }
  const bytes = parts.some(({ messageFrom }) => messageFrom === 'bytes')
  return {
    message: parts.map(({ message }) => message).join('\n'),
    messageFrom: bytes ? 'bytes' : 'text',
  }
}

function readText(value: unknown): Pick<JournalRecord, 'message' | 'messageFrom'> | undefined {
  if (typeof value === 'string') return { message: value, messageFrom: 'text' }
  if (!Array.isArray(value) || !value.length || !value.every(isOctet)) return undefined
  return { message: new TextDecoder().decode(Uint8Array.from(value)), messageFrom: 'bytes' }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isOctet = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255

/** A field that was given twice counts with its last value. */
function text(value: unknown): string | undefined {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' ? last : undefined
}

function number(value: unknown): number | undefined {
  const written = text(value)
  return written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : undefined
}

/** Microseconds do not fit into a double together with the epoch; milliseconds with a fraction do, to 0.25 µs. */
function time(value: unknown): number | undefined {
  const written = text(value)
  if (written === undefined || !/^\d{13,17}$/.test(written)) return undefined
  const at = Number(written.slice(0, -3)) + Number(written.slice(-3)) / 1000
  return at >= EARLIEST && at < LATEST ? at : undefined
}
