import type { VrrpState } from '../../../preload/contract/pair'
import type { VrrpCounters, VrrpInstance } from './dump'

/** `vrrp_json.c`; the numbers are those of `vrrp.h`. */
const STATES: readonly VrrpState[] = ['INIT', 'BACKUP', 'MASTER', 'FAULT']

const COUNTERS: Readonly<Record<string, keyof VrrpCounters>> = {
  advert_sent: 'advertsSent',
  advert_rcvd: 'advertsReceived',
  become_master: 'becameMaster',
  release_master: 'releasedMaster',
  packet_len_err: 'packetLengthErrors',
  ip_ttl_err: 'ttlErrors',
  invalid_type_rcvd: 'invalidTypeErrors',
  advert_interval_err: 'advertIntervalErrors',
  addr_list_err: 'addressListErrors',
  invalid_authtype: 'authInvalidType',
  authtype_mismatch: 'authTypeMismatch',
  auth_failure: 'authFailure',
  pri_zero_rcvd: 'priorityZeroReceived',
  pri_zero_sent: 'priorityZeroSent',
}

/** An advert interval is at most 255 seconds; what is more was written in microseconds. */
const LONGEST_ADVERT_SECONDS = 255

type Fields = Record<string, unknown>

/** Version 1 is a list of instances, version 2 an object with the list under `vrrp`. Undefined when it is neither. */
export function readJsonDump(json: unknown): VrrpInstance[] | undefined {
  const list: unknown = isFields(json) ? json['vrrp'] : json
  if (!Array.isArray(list)) return undefined
  return list.flatMap((entry: unknown) => {
    if (!isFields(entry)) return []
    const data = isFields(entry['data']) ? entry['data'] : entry
    const stats = isFields(entry['stats']) ? entry['stats'] : {}
    const name = data['iname']
    return typeof name === 'string' && name ? [readInstance(name, data, stats)] : []
  })
}

function readInstance(name: string, data: Fields, stats: Fields): VrrpInstance {
  const instance: VrrpInstance = {
    name,
    vips: [...addresses(data['vips']), ...addresses(data['evips'])],
    peers: addresses(data['unicast_peers'] ?? data['unicast_peer']),
    counters: {},
  }
  for (const [key, counter] of Object.entries(COUNTERS)) {
    const count = number(stats[key])
    if (count !== undefined) instance.counters[counter] = count
  }

  const state = STATES[number(data['state']) ?? -1]
  const wantState = STATES[number(data['wantstate']) ?? -1]
  const lastTransition = number(data['last_transition'])
  const interval = number(data['adver_int'])
  const masterPriority = number(data['master_priority'])
  const nopreempt = boolean(data['nopreempt'])
  const own = {
    version: number(data['version']),
    state,
    wantState,
    lastTransition:
      lastTransition === undefined || !lastTransition
        ? undefined
        : Math.round(lastTransition * 1e6) / 1000,
    basePriority: number(data['base_priority']),
    effectivePriority: number(data['effective_priority']),
    masterPriority: masterPriority || undefined,
    vipSet: boolean(data['vipset']),
    interface: text(data['ifp_ifname']),
    virtualRouterId: number(data['vrid']),
    advertIntervalMs:
      interval === undefined || interval <= LONGEST_ADVERT_SECONDS
        ? interval && interval * 1000
        : interval / 1000,
    preempt: nopreempt === undefined ? undefined : !nopreempt,
  }
  return Object.assign(instance, known(own))
}

const known = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value ? value : undefined

/** Releases differ in whether a flag is a number. */
const boolean = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : value === 0 || value === 1 ? value === 1 : undefined

/** `10.77.1.100 dev eth1 scope global set` holds the address first, with a prefix length unless it is that of a host. */
function addresses(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry: unknown) => {
    const [, address] =
      typeof entry === 'string' ? (/^\s*([0-9a-fA-F.:]{2,45})/.exec(entry) ?? []) : []
    return address ? [address] : []
  })
}
