/** One line of a log, cut into its prefix and its message. A field that the prefix does not show is absent. */
export interface ParsedLine {
  /** Milliseconds since the epoch by the writer's clock; absent for `journalctl -o cat` and lines that continue others. */
  at?: number
  /** How exactly `at` is written, in milliseconds: 1000 for whole seconds, 0.001 for microseconds. */
  precisionMs?: number
  host?: string
  /** `Keepalived_vrrp`, `systemd`, … */
  identifier?: string
  pid?: number
  /** Of a raw syslog datagram: `facility * 8 + severity`. */
  priority?: { facility: number; severity: number }
  message: string
}

export interface LogClock {
  /** Milliseconds since the epoch, by any clock; tells the year, which syslog leaves out. */
  now: number
  /** Minutes that the writer's local time is ahead of UTC, for stamps without a zone. @default 0 */
  zoneOffsetMinutes?: number
}

const DAY_MS = 86_400_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const PRIORITY = /^<(\d{1,3})>/
const SYSLOG = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(\.\d{1,9})?\s/
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d{1,9})?(?:(Z)|([+-])(\d\d):?(\d\d))\s/
const UNIX = /^(\d{9,11})(\.\d{1,9})?\s/
const TAG = /^(?:(\S{1,255}) )?([A-Za-z][\w./@-]{0,127})(?:\[(\d{1,10})\])?:(?: |$)/

/**
 * Cuts one line of keepalived's or systemd's log, whoever wrote it down: rsyslog (traditional and ISO 8601 stamps), a raw
 * syslog datagram, journalctl with `-o short`, `short-precise`, `short-iso`, `short-iso-precise`, `short-unix`, `cat`.
 * Stamps without a year are dated to the latest such day that is not later than a day after `now`.
 * What is not recognised becomes the message, whole.
 */
export function parseLogLine(line: string, clock: LogClock): ParsedLine {
  const parsed: ParsedLine = { message: line.replace(/\r?\n?$/, '') }
  let rest = parsed.message

  const priority = PRIORITY.exec(rest)
  const value = Number(priority?.[1])
  if (priority && value < 192) {
    parsed.priority = { facility: value >> 3, severity: value & 7 }
    rest = rest.slice(priority[0].length)
  }

  const stamp = readStamp(rest, clock)
  if (stamp) {
    parsed.at = stamp.at
    parsed.precisionMs = stamp.precisionMs
    rest = rest.slice(stamp.length).trimStart()
  } else if (!parsed.priority) {
    return parsed
  }

  const tag = TAG.exec(rest)
  if (tag) {
    const [whole, host, identifier, pid] = tag
    if (host) parsed.host = host
    if (identifier) parsed.identifier = identifier
    if (pid) parsed.pid = Number(pid)
    parsed.message = rest.slice(whole.length)
  } else {
    parsed.message = rest
  }
  return parsed
}

function readStamp(
  text: string,
  clock: LogClock,
): { at: number; precisionMs: number; length: number } | undefined {
  const iso = ISO.exec(text)
  if (iso) {
    const [whole, year, month, day, hour, minute, second, fraction, , sign, hours, minutes] = iso
    const ahead = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
    const local = utc(year, Number(month) - 1, day, hour, minute, second)
    if (local === undefined) return undefined
    return { ...withFraction(local - ahead * 60_000, fraction), length: whole.length }
  }

  const unix = UNIX.exec(text)
  if (unix) {
    const [whole, seconds, fraction] = unix
    return { ...withFraction(Number(seconds) * 1000, fraction), length: whole.length }
  }

  const syslog = SYSLOG.exec(text)
  if (!syslog) return undefined
  const [whole, name = '', day, hour, minute, second, fraction] = syslog
  const month = MONTHS.indexOf(name)
  const ahead = (clock.zoneOffsetMinutes ?? 0) * 60_000
  const newest = clock.now + DAY_MS
  const thisYear = new Date(newest + ahead).getUTCFullYear()
  // 29 February exists at most every eighth year.
  for (let year = thisYear; year > thisYear - 9 && month >= 0; year -= 1) {
    const local = utc(year, month, day, hour, minute, second)
    if (local !== undefined && local - ahead <= newest) {
      return { ...withFraction(local - ahead, fraction), length: whole.length }
    }
  }
  return undefined
}

/** Undefined for days that do not exist; `Date.UTC` would move them into the next month. A leap second counts as the next minute. */
function utc(
  year: string | number | undefined,
  month: number,
  ...[day, hour, minute, second]: (string | undefined)[]
): number | undefined {
  const at = new Date(Date.UTC(Number(year), month, Number(day)))
  const exists = at.getUTCMonth() === month && at.getUTCDate() === Number(day)
  const inDay = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60
  if (!exists || !inDay) return undefined
  return at.getTime() + (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000
}

function withFraction(at: number, fraction?: string): { at: number; precisionMs: number } {
  if (!fraction) return { at, precisionMs: 1000 }
  const digits = fraction.slice(1)
  return { at: at + Number(`0.${digits}`) * 1000, precisionMs: 1000 / 10 ** digits.length }
}
