import { AppError } from '../../preload/contract/error'

interface InterfaceAddress {
  family: 'inet' | 'inet6'
  address: string
  /** Prefix length: 32 for a VIP, the subnet's for the interface's own address. */
  prefix: number
  /** `global`, `link`, `host`; absent when iproute2 does not print it. */
  scope?: string
  /** IPv6 only: duplicate address detection still runs, so that the kernel does not use the address yet. */
  tentative: boolean
}

export interface InterfaceAddresses {
  name: string
  index?: number
  /** `UP`, `LOWER_UP`, `NO-CARRIER`, … */
  flags: readonly string[]
  /** `UP`, `DOWN`, `LOWERLAYERDOWN`, … */
  operState?: string
  mtu?: number
  mac?: string
  addresses: readonly InterfaceAddress[]
}

/** One address that came or went, as the kernel told `ip monitor`. */
export interface AddressEvent {
  /** Milliseconds since the epoch with microseconds as fraction, by the amphora's clock. */
  at: number
  deleted: boolean
  interface: string
  address: string
  prefix: number
  tentative: boolean
}

type Fields = Record<string, unknown>

/**
 * Reads the answer to `ip -j addr`, of iproute2 4.13 and later. Entries that a filter emptied (`{}`) are left out.
 *
 * @throws AppError `answer.malformed` when there is no answer at all or it is cut: that is not "no addresses"
 */
export function parseAddresses(json: string): InterfaceAddresses[] {
  let answer: unknown
  try {
    answer = JSON.parse(json)
  } catch (error) {
    throw AppError.because('answer.malformed', json.trim().slice(0, 200), { cause: error })
  }
  if (!Array.isArray(answer)) throw AppError.because('answer.malformed', json.trim().slice(0, 200))
  return answer.flatMap((entry: unknown) => {
    if (!isFields(entry) || typeof entry['ifname'] !== 'string') return []
    const list: unknown = entry['addr_info']
    const { ifindex, operstate, mtu, address, flags } = entry
    return [
      {
        name: entry['ifname'],
        flags: Array.isArray(flags) ? flags.filter((flag) => typeof flag === 'string') : [],
        addresses: Array.isArray(list) ? list.flatMap(readAddress) : [],
        ...(typeof ifindex === 'number' && { index: ifindex }),
        ...(typeof operstate === 'string' && { operState: operstate }),
        ...(typeof mtu === 'number' && { mtu }),
        ...(typeof address === 'string' && { mac: address }),
      },
    ]
  })
}

function readAddress(entry: unknown): InterfaceAddress[] {
  if (!isFields(entry)) return []
  const { family, local, prefixlen, scope, tentative } = entry
  if (typeof local !== 'string' || typeof prefixlen !== 'number') return []
  return [
    {
      family: family === 'inet6' || local.includes(':') ? 'inet6' : 'inet',
      address: local,
      prefix: prefixlen,
      tentative: tentative === true,
      ...(typeof scope === 'string' && { scope }),
    },
  ]
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MONITOR =
  /^\[(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?\] (?:\[[\w -]{1,32}\] ?){0,2}(Deleted )?\d{1,10}: (\S{1,64}?)(?:@\S{1,64})? {1,16}inet6? ([0-9a-fA-F.:]{2,45})(?: peer [0-9a-fA-F.:]{2,45})?(?:\/(\d{1,3}))?(?: (.*))?$/

/**
 * Reads one line of `ip -ts monitor address`, with or without `-o`. Undefined for every other line: the lifetimes that
 * follow without `-o`, links, routes.
 * The stamps of iproute2 (`print_timestamp` in lib/utils.c) carry no zone: they are the amphora's local time.
 *
 * @param zoneOffsetMinutes how far the amphora's local time is ahead of UTC
 */
export function parseMonitorLine(
  line: string,
  zoneOffsetMinutes: number,
): AddressEvent | undefined {
  const match = MONITOR.exec(line.slice(0, 1024).trimEnd())
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction, deleted, name, address, prefix, rest] =
    match
  if (!name || !address) return undefined
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  return {
    at: local - zoneOffsetMinutes * 60_000 + Number(`0${fraction ?? ''}`) * 1000,
    deleted: deleted !== undefined,
    interface: name,
    address,
    prefix: prefix === undefined ? (address.includes(':') ? 128 : 32) : Number(prefix),
    tentative: / tentative\b/.test(` ${rest ?? ''}`),
  }
}

/**
 * One spelling per address, to compare what the API, the kernel and keepalived wrote: IPv6 in lower case, all eight
 * groups without leading zeros. What is no address stays as it is.
 */
export function canonicalAddress(address: string): string {
  const [plain = ''] = address.toLowerCase().split('%')
  if (!plain.includes(':')) return plain
  const mapped = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(plain)
  const hex = mapped
    ? `${mapped[1] ?? ''}${pair(mapped[2], mapped[3])}:${pair(mapped[4], mapped[5])}`
    : plain
  const halves = hex.split('::')
  if (halves.length > 2) return plain
  const [head = [], tail = []] = halves.map((half) => (half ? half.split(':') : []))
  const missing = 8 - head.length - tail.length
  if (missing < 0 || (halves.length === 1 && missing)) return plain
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return plain
  return groups.map((group) => parseInt(group, 16).toString(16)).join(':')
}

const pair = (high?: string, low?: string): string =>
  (Number(high) * 256 + Number(low)).toString(16)
