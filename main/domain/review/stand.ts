import type { Fact } from '../../../preload/contract/common'
import type { HaproxyRow, ServiceState } from '../../../preload/contract/inspect'
import type { LineMeaning, VrrpState } from '../../../preload/contract/pair'
import { roleOfUnit } from '../amphora/services'
import { mapFact, notKnown, valueOf } from '../fact'
import { classify } from '../keepalived/classify'
import { serverWordOf } from './answerTime'
import type { LogEntry } from './evidence'

/** Where one amphora stands at a moment, as far as its log tells. */
export interface Stand {
  /** Whether keepalived has the VIP on the interface. */
  owns: Fact<boolean>
  vrrp: Fact<VrrpState>
  /** Since when it is what it is. */
  transition: Fact<number>
  /** Units that systemd spoke of, by name. */
  units: ReadonlyMap<string, Fact<ServiceState>>
  /** What haproxy told of its servers; none while it told nothing. */
  rows: Fact<readonly HaproxyRow[]>
}

/** Nothing was said yet. */
export const unheard: Stand = {
  owns: notKnown('notCaptured'),
  vrrp: notKnown('notCaptured'),
  transition: notKnown('notCaptured'),
  units: new Map(),
  rows: notKnown('notCaptured'),
}

/** What is told about keepalived is told by itself, or by systemd about its unit. */
export function isOfKeepalived({ identifier, message }: LogEntry): boolean {
  if (/^keepalived(?:_vrrp)?$/i.test(identifier)) return true
  return identifier === 'systemd' && /octavia-keepalived\.service|Keepalive Daemon/.test(message)
}

/** Whether a line of haproxy's unit. */
export const isOfHaproxyUnit = ({ identifier, message }: LogEntry): boolean =>
  identifier === 'systemd' && /\bhaproxy-[0-9a-f-]{36}\.service|HAProxy Load Balancer/.test(message)

/**
 * Whether keepalived holds the VIP after a line: it puts it on with `Entering MASTER`, takes it off with `BACKUP`, `FAULT` or
 * its end, and a new child takes off what a killed one has left. Undefined for lines that change nothing.
 */
export function ownsAfter(meaning: LineMeaning): boolean | undefined {
  if (meaning === 'enterMaster') return true
  return LOSES.has(meaning) ? false : undefined
}
const LOSES = new Set<LineMeaning>(['enterBackup', 'enterFault', 'stopping', 'died'])

/** Takes one line in. `evidence` names it. */
export function readLine(stand: Stand, entry: LogEntry, evidence: string): Stand {
  if (isOfKeepalived(entry)) return readUnit(readVrrp(stand, entry, evidence), entry, evidence)
  if (entry.identifier === 'systemd') return readUnit(stand, entry, evidence)
  return readServer(stand, entry, evidence)
}

const STATES: Partial<Record<LineMeaning, VrrpState>> = {
  enterMaster: 'MASTER',
  enterBackup: 'BACKUP',
  enterFault: 'FAULT',
  stopping: 'STOPPED',
  stopped: 'STOPPED',
  died: 'STOPPED',
}

function readVrrp(stand: Stand, { at, message, identifier }: LogEntry, evidence: string): Stand {
  const { meaning } = classify(message)
  const owns = ownsAfter(meaning)
  const state =
    STATES[meaning] ?? (/^Starting (?:Keepalived|VRRP)/.test(message) ? 'INIT' : undefined)
  const alive = identifier !== 'systemd' && state !== undefined && state !== 'STOPPED'
  const units = alive ? withUnit(stand.units, KEEPALIVED, 'active', at, evidence) : stand.units
  return {
    ...stand,
    units:
      meaning === 'stopped' && identifier !== 'systemd' && STOPPED.test(message)
        ? withUnit(stand.units, KEEPALIVED, 'inactive', at, evidence)
        : units,
    ...(owns !== undefined &&
      owns !== valueOf(stand.owns) && { owns: { value: owns, at, evidence } }),
    ...(state !== undefined &&
      state !== valueOf(stand.vrrp) && {
        vrrp: { value: state, at, evidence },
        transition: { value: at, at, evidence },
      }),
  }
}

const KEEPALIVED = 'octavia-keepalived.service'
/** The parent's last word. */
const STOPPED = /^Stopped Keepalived v/
/** Older releases of systemd name a unit by its description. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'Keepalive Daemon (LVS and VRRP)': KEEPALIVED,
}
/** A unit that has done its work once, such as the namespace's. */
const FINISHED = /^Finished (\S{1,255}\.service)/
const ACTIVE: Partial<Record<LineMeaning, string>> = {
  starting: 'activating',
  reloading: 'active',
  stopping: 'deactivating',
  stopped: 'inactive',
  died: 'failed',
}

function readUnit(stand: Stand, { at, message, identifier }: LogEntry, evidence: string): Stand {
  if (identifier !== 'systemd') return stand
  const [, finished] = FINISHED.exec(message) ?? []
  const { meaning, unit: written = '' } = classify(message)
  const unit = finished ?? DESCRIPTIONS[written] ?? written
  const active = finished || message.startsWith('Started ') ? 'active' : ACTIVE[meaning]
  if (active === undefined || roleOfUnit(unit) === 'other') return stand
  const restarts = Number(/restart counter is at (\d{1,9})/.exec(message)?.[1] ?? NaN)
  return { ...stand, units: withUnit(stand.units, unit, active, at, evidence, restarts) }
}

const SUB: Readonly<Record<string, string>> = {
  active: 'running',
  inactive: 'dead',
  failed: 'failed',
}

function withUnit(
  units: Stand['units'],
  unit: string,
  active: string,
  at: number,
  evidence: string,
  restarts = NaN,
): Stand['units'] {
  const fact = units.get(unit)
  const before = fact && valueOf(fact)
  if (before?.active === active && Number.isNaN(restarts)) return units
  const counted = Number.isNaN(restarts) ? before?.restarts : restarts
  const state: ServiceState = {
    ...{ unit, active, role: roleOfUnit(unit), load: 'loaded', sub: SUB[active] ?? '' },
    since: before?.active === active ? (before.since ?? at) : at,
    ...(counted !== undefined && { restarts: counted }),
  }
  return new Map(units).set(unit, { value: state, at, evidence })
}

const LEFT = /(\d{1,6}) active and (\d{1,6}) backup servers/
const NONE_LEFT = /backend '?([\w.:-]{1,160}?)'? has no server available/

/** haproxy's word on a server, as a row of `show stat`; how many of its backend are left comes with it. */
function readServer(stand: Stand, { at, message }: LogEntry, evidence: string): Stand {
  const word = serverWordOf(message)
  if (word) {
    const { proxy, name, status, reason } = word
    const [, active, backup] = LEFT.exec(message) ?? []
    const left = active === undefined ? {} : { act: active, bck: backup ?? '0' }
    const rows = put(valueOf(stand.rows) ?? [], {
      kind: 'server',
      proxy,
      name,
      status,
      columns: { last_chk: reason },
    })
    return { ...stand, rows: { value: putBackend(rows, proxy, left), at, evidence } }
  }
  const [, empty] = NONE_LEFT.exec(message) ?? []
  if (empty === undefined) return stand
  const rows = putBackend(valueOf(stand.rows) ?? [], empty, { act: '0', bck: '0' })
  return { ...stand, rows: { value: rows, at, evidence } }
}

const put = (rows: readonly HaproxyRow[], row: HaproxyRow): readonly HaproxyRow[] => [
  ...rows.filter(({ proxy, name }) => proxy !== row.proxy || name !== row.name),
  row,
]

function putBackend(rows: readonly HaproxyRow[], proxy: string, left: Record<string, string>) {
  const before = rows.find((row) => row.kind === 'backend' && row.proxy === proxy)
  const columns = { ...before?.columns, ...left }
  const alive = Number(columns['act'] ?? 1) + Number(columns['bck'] ?? 0)
  return put(rows, {
    kind: 'backend',
    proxy,
    name: 'BACKEND',
    status: alive ? 'UP' : 'DOWN',
    columns,
  })
}

/** What the units of one kind are, the worst of them first. */
export function unitOf(stand: Stand, role: ServiceState['role']): Fact<ServiceState> {
  const units = [...stand.units.values()].filter((unit) => valueOf(unit)?.role === role)
  return (
    units.find((unit) => valueOf(unit)?.active !== 'active') ?? units[0] ?? notKnown('notCaptured')
  )
}

/** All units that were spoken of. */
export function servicesOf({ units }: Stand): Fact<readonly ServiceState[]> {
  const facts = [...units.values()]
  const [newest] = facts.toSorted((one, other) => (other.at ?? 0) - (one.at ?? 0))
  if (!newest) return notKnown('notCaptured')
  return mapFact(newest, () => facts.flatMap((fact) => valueOf(fact) ?? []))
}

/** What ended had begun: where the first word on a unit is about its end, or a reload, it ran before. */
export function standBefore(
  entries: readonly LogEntry[],
  at: number,
  evidenceOf: (entry: LogEntry) => string,
): Stand {
  const told = new Set<string>()
  const units = new Map<string, Fact<ServiceState>>()
  for (const entry of entries) {
    for (const unit of readLine(unheard, entry, '').units.keys()) {
      if (told.has(unit)) continue
      told.add(unit)
      const { meaning } = classify(entry.message)
      if (meaning === 'starting' || /^Start/.test(entry.message)) continue
      const role = roleOfUnit(unit)
      // Since when is not told.
      const value = { unit, role, load: 'loaded', active: 'active', sub: 'running' }
      units.set(unit, { value, at, evidence: evidenceOf(entry) })
    }
  }
  return { ...unheard, units }
}
