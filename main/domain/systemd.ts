import type { UnitState } from '../../preload/contract/pair'

/** What `systemctl show` tells about one unit; a property that was not asked for is absent. */
export interface UnitReport extends UnitState {
  /** `loaded`, `not-found`, `masked`, `error`. Without `loaded` the unit does not exist on the amphora. */
  load?: string
  /** `success`, `signal`, `exit-code`, `timeout`, … */
  result?: string
  /** Absent while no process runs. */
  mainPid?: number
  description?: string
  /** Where the unit file lies; absent when there is none. */
  path?: string
  /** `since` by the amphora's monotonic clock, in milliseconds with microseconds; absent when it never ran. */
  sinceBootMs?: number
}

/** `systemctl show` cuts its stamps to whole seconds: they mean the middle of that second, and this much to both sides. */
export const STAMP_ERROR_MS = 500

/** Which stamp says since when a unit is in its state. */
const SINCE: Readonly<Record<string, string>> = {
  active: 'ActiveEnterTimestamp',
  reloading: 'ActiveEnterTimestamp',
  activating: 'InactiveExitTimestamp',
  deactivating: 'ActiveExitTimestamp',
  inactive: 'InactiveEnterTimestamp',
  failed: 'InactiveEnterTimestamp',
}

/**
 * Reads the answer to `systemctl show` for one or more units: blocks of `Key=value`, with an empty line between.
 * Blocks without `Id` or `ActiveState` are left out. Ask for Id, LoadState, ActiveState, SubState, Result, NRestarts,
 * MainPID, StateChangeTimestamp and the stamps of `since`, each also as `…Monotonic`.
 *
 * @param zoneOffsetMinutes minutes that the amphora's local time is ahead of UTC, for stamps with the name of a zone
 */
export function parseUnits(text: string, zoneOffsetMinutes = 0): UnitReport[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const fields = readFields(block)
    const unit = fields.get('Id')
    const active = fields.get('ActiveState')
    if (!unit || !active) return []

    const name = SINCE[active] ?? ''
    const stamp = parseTimestamp(fields.get(name) ?? '', zoneOffsetMinutes)
      ? name
      : 'StateChangeTimestamp'
    const since = parseTimestamp(fields.get(stamp) ?? '', zoneOffsetMinutes)
    const sinceBoot = count(fields.get(`${stamp}Monotonic`))
    const restarts = count(fields.get('NRestarts'))
    const mainPid = count(fields.get('MainPID'))
    const load = fields.get('LoadState')
    const result = fields.get('Result')
    const description = fields.get('Description')
    const path = fields.get('FragmentPath')
    return [
      {
        unit,
        active,
        sub: fields.get('SubState') ?? '',
        ...(since !== undefined && { since: middleOfSecond(since) }),
        ...(since !== undefined && sinceBoot && { sinceBootMs: sinceBoot / 1000 }),
        ...(restarts !== undefined && { restarts }),
        ...(load && { load }),
        ...(result && { result }),
        ...(mainPid && { mainPid }),
        ...(description && { description }),
        ...(path && { path }),
      },
    ]
  })
}

/** The first value of a key counts: `ExecStart` and its like are given several times. */
function readFields(block: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const end = line.indexOf('=')
    const key = line.slice(0, Math.max(end, 0))
    if (/^[A-Za-z]\w{0,80}$/.test(key) && !fields.has(key)) {
      fields.set(key, line.slice(end + 1).trimEnd())
    }
  }
  return fields
}

const middleOfSecond = (at: number): number => at + (at % 1000 === 0 ? STAMP_ERROR_MS : 0)

const count = (value?: string): number | undefined =>
  value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined

const CALENDAR =
  /^(?:[^\s\d]{1,16} )?(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?: (?:([+-])(\d\d):?(\d\d)?|(\S{1,16})))?$/

/**
 * Reads a time stamp of systemctl: `Sun 2026-11-22 08:39:17 UTC` with or without microseconds (`--timestamp=us+utc`),
 * a numeric zone (`+07`), or seconds since the epoch (`@1795336750.279486`, `--timestamp=unix`).
 * Undefined for `n/a`, an empty value and what is no time.
 *
 * @param zoneOffsetMinutes how far local time is ahead of UTC; used for named zones other than UTC
 * @returns milliseconds since the epoch
 */
export function parseTimestamp(text: string, zoneOffsetMinutes = 0): number | undefined {
  const unix = /^@(\d{1,12})(\.\d{1,9})?$/.exec(text)
  if (unix) return Number(unix[1]) * 1000 + Number(`0${unix[2] ?? ''}`) * 1000 || undefined

  const match = CALENDAR.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction, sign, hours, minutes, zone] = match
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const numeric = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
  const ahead = sign ? numeric : zone === 'UTC' || zone === 'GMT' ? 0 : zoneOffsetMinutes
  return local - ahead * 60_000 + Number(`0${fraction ?? ''}`) * 1000
}
