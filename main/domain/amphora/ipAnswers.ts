import type {
  InterfaceAddress,
  InterfaceCounters,
  Neighbour,
  NetworkInterface,
  Route,
  RoutingRule,
} from '../../../preload/contract/inspect'

type Fields = Readonly<Record<string, unknown>>

/**
 * Interfaces as `ip -j -s address show` tells them (iproute2 4.13 and later; counters where it prints them).
 *
 * @returns undefined when there is no answer or it is cut: that is not "no interfaces"
 */
export function parseInterfaces(json: string): NetworkInterface[] | undefined {
  const entries = readEntries(json)
  if (!entries) return undefined
  const found = entries.flatMap((entry) => {
    const name = text(entry['ifname'])
    if (name === undefined) return []
    const flags = texts(entry['flags'])
    const mac = text(entry['address'])
    const statistics = fields(entry['stats64']) ?? fields(entry['stats'])
    const received = counters(statistics?.['rx'])
    const sent = counters(statistics?.['tx'])
    return [
      {
        name,
        state: text(entry['operstate']) ?? (flags.includes('UP') ? 'UP' : 'DOWN'),
        carrier: flags.includes('LOWER_UP'),
        mtu: number(entry['mtu']) ?? 0,
        addresses: list(entry['addr_info']).flatMap(readAddress),
        ...(mac !== undefined && { mac }),
        ...(received && { received }),
        ...(sent && { sent }),
      },
    ]
  })
  return found.length ? found : undefined
}

/** What `ip` calls out about an address; each is a key that is true. */
const ADDRESS_FLAGS = [
  ...['tentative', 'dadfailed', 'deprecated', 'temporary', 'dynamic', 'mngtmpaddr'],
  ...['noprefixroute', 'nodad', 'optimistic', 'secondary'],
]

function readAddress(entry: Fields): InterfaceAddress[] {
  const address = text(entry['local'])
  const prefixLength = number(entry['prefixlen'])
  if (address === undefined || prefixLength === undefined) return []
  const isSix = entry['family'] === 'inet6' || address.includes(':')
  const flags = ADDRESS_FLAGS.filter((flag) => entry[flag] === true)
  return [{ address, prefixLength, family: isSix ? 6 : 4, flags }]
}

function counters(value: unknown): InterfaceCounters | undefined {
  const found = fields(value)
  if (!found) return undefined
  const of = (name: string) => number(found[name]) ?? 0
  return {
    octets: of('bytes'),
    packets: of('packets'),
    errors: of('errors'),
    dropped: of('dropped'),
  }
}

/** Routes as `ip -j route show table all` tells them, both families. A route over several next hops becomes several. */
export function parseRoutes(json: string): Route[] | undefined {
  return readEntries(json)?.flatMap((entry) => {
    const destination = text(entry['dst'])
    if (destination === undefined) return []
    const hops = list(entry['nexthops'])
    return (hops.length ? hops : [entry]).map((hop) => ({
      table: word(entry['table']) ?? 'main',
      destination,
      ...present('type', text(entry['type'])),
      ...present('gateway', text(hop['gateway']) ?? text(fields(hop['via'])?.['host'])),
      ...present('device', text(hop['dev'])),
      ...present('source', text(entry['prefsrc'])),
      ...present('protocol', word(entry['protocol'])),
      ...present('scope', word(entry['scope'])),
    }))
  })
}

/** Rules as `ip -j rule show` tells them, of one family. */
export function parseRoutingRules(json: string): RoutingRule[] | undefined {
  return readEntries(json)?.flatMap((entry) => {
    const priority = number(entry['priority'])
    const table = word(entry['table'])
    if (priority === undefined || table === undefined) return []
    return [
      {
        priority,
        from: prefix(entry, 'src') ?? 'all',
        table,
        ...present('to', prefix(entry, 'dst')),
        ...present('protocol', word(entry['protocol'])),
      },
    ]
  })
}

function prefix(entry: Fields, side: 'src' | 'dst'): string | undefined {
  const address = text(entry[side])
  const length = number(entry[`${side}len`])
  return address !== undefined && length !== undefined ? `${address}/${String(length)}` : address
}

/** Neighbours as `ip -j neighbour show` tells them. */
export function parseNeighbours(json: string): Neighbour[] | undefined {
  return readEntries(json)?.flatMap((entry) => {
    const address = text(entry['dst'])
    const device = text(entry['dev'])
    if (address === undefined || device === undefined) return []
    const state = texts(entry['state']).join(' ') || (text(entry['state']) ?? 'NONE')
    return [{ address, device, state, ...present('mac', text(entry['lladdr'])) }]
  })
}

/**
 * The objects of a JSON array, or of several arrays one after the other, as `ip` prints them for several families.
 * Nothing at all is an empty list: that is how older releases say it.
 */
function readEntries(json: string): Fields[] | undefined {
  const trimmed = json.trim()
  if (!trimmed) return []
  const whole = readJson(trimmed)
  if (whole !== undefined) return Array.isArray(whole) ? list(whole) : undefined
  const entries: Fields[] = []
  for (const line of trimmed.split('\n')) {
    const array = readJson(line)
    if (!Array.isArray(array)) return undefined
    entries.push(...list(array))
  }
  return entries
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fields = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined)

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** A name, or the number that stands for one. */
const word = (value: unknown): string | undefined => text(value) ?? number(value)?.toString()

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

const present = <K extends string>(key: K, value: string | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, string>>
