import { AppError } from '../../../preload/contract/error'
import type { VrrpState } from '../../../preload/contract/pair'
import { readJsonDump } from './dumpJson'
import { readTextDump } from './dumpText'

/** What keepalived counted for one instance since its start. What a release does not count is absent. */
export interface VrrpCounters {
  advertsSent?: number
  advertsReceived?: number
  becameMaster?: number
  releasedMaster?: number
  packetLengthErrors?: number
  ttlErrors?: number
  invalidTypeErrors?: number
  advertIntervalErrors?: number
  addressListErrors?: number
  authInvalidType?: number
  authTypeMismatch?: number
  authFailure?: number
  priorityZeroReceived?: number
  priorityZeroSent?: number
}

/** One VRRP instance of a dump. What the dump does not tell is absent, never a guess; the password is never kept. */
export interface VrrpInstance {
  name: string
  /** VRRP version, 2 or 3. */
  version?: number
  state?: VrrpState
  wantState?: VrrpState
  /** Milliseconds since the epoch, by the amphora's clock. */
  lastTransition?: number
  basePriority?: number
  effectivePriority?: number
  /** Priority in the adverts of the present master; absent on the master itself. */
  masterPriority?: number
  masterAddress?: string
  /** Addresses without prefix length; `vips` includes those that are not part of the adverts. */
  vips: string[]
  /** Whether keepalived has put the addresses on the interface. */
  vipSet?: boolean
  peers: string[]
  sourceAddress?: string
  interface?: string
  virtualRouterId?: number
  advertIntervalMs?: number
  /** How long keepalived waits for an advert before it takes over; only in text dumps since 2.2. */
  masterDownMs?: number
  /** False: `nopreempt` is effective. */
  preempt?: boolean
  /** Number of tracked scripts and interfaces in fault; 2.x text dumps only. */
  faults?: number
  counters: VrrpCounters
}

export interface KeepalivedDump {
  instances: VrrpInstance[]
}

/**
 * Reads what keepalived writes on a signal, in any form: `keepalived.data` and `keepalived.stats` of 1.2 to 2.4,
 * alone or one behind the other, and `keepalived.json` in both versions. A dump without instances is empty.
 *
 * @throws AppError `answer.malformed` when a JSON dump is cut or is no dump; the text is not quoted, it holds the password
 */
export function parseDump(dump: string): KeepalivedDump {
  if (!/^\s*[[{]/.test(dump)) return { instances: readTextDump(dump) }
  let json: unknown
  try {
    json = JSON.parse(dump)
  } catch {
    throw AppError.because('answer.malformed', 'The dump of keepalived is cut or is no JSON.')
  }
  const instances = readJsonDump(json)
  if (!instances) throw AppError.because('answer.malformed', 'The JSON holds no VRRP instances.')
  return { instances }
}

/** Puts what several dumps of one daemon say about an instance together; the first to tell a thing counts. */
export function mergeDumps(...dumps: readonly KeepalivedDump[]): KeepalivedDump {
  const byName = new Map<string, VrrpInstance>()
  for (const instance of dumps.flatMap(({ instances }) => instances)) {
    const known = byName.get(instance.name)
    if (!known) {
      byName.set(instance.name, instance)
      continue
    }
    byName.set(instance.name, {
      ...instance,
      ...known,
      vips: known.vips.length ? known.vips : instance.vips,
      peers: known.peers.length ? known.peers : instance.peers,
      counters: { ...instance.counters, ...known.counters },
    })
  }
  return { instances: [...byName.values()] }
}
