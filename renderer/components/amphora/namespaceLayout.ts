import type { NamespaceFacts, NetworkInterface, Route } from '../../../preload/contract/inspect'

/** What an interface is for. */
type InterfaceSide = 'management' | 'loopback' | 'vip' | 'member' | 'other'

/** Who is known by an address, and where that knowledge is from. */
export interface KnownAddress {
  kind: 'vip' | 'own' | 'peer' | 'member'
  name: string
}

/** An address inside the box of an interface. */
interface AddressLine {
  text: string
  isVip: boolean
}

/** Somebody at the other end of an interface. */
export interface FarEnd {
  kind: 'gateway' | 'peer' | 'member' | 'neighbour'
  address: string
  name: string
  /** State of the neighbour entry: REACHABLE, STALE, FAILED, …; absent where the kernel has none. */
  state: string | undefined
}

/** One interface with what is at its other end; positions in pixels from the top of the picture. */
export interface InterfaceRow {
  device: NetworkInterface
  side: InterfaceSide
  top: number
  height: number
  addresses: readonly AddressLine[]
  ends: readonly FarEnd[]
  /** Those that did not fit. */
  moreAddresses: number
  moreEnds: number
}

export interface NamespaceLayout {
  rows: readonly InterfaceRow[]
  /** The box of the namespace, around the rows inside it. */
  inside: { top: number; height: number }
  /** The box of what is outside the namespace; undefined when nothing is known of it. */
  outside: { top: number; height: number } | undefined
  height: number
}

/** Lines of an interface that are drawn before the rest is only counted. */
const LINES = 6
const LINE = 17
const PAD = 10
const GAP = 12
const TITLE = 26

/** Who is plugged where, as boxes below each other: outside the namespace first. Pure; unknown facts leave boxes out. */
export function namespaceLayout(
  facts: NamespaceFacts,
  known: ReadonlyMap<string, KnownAddress>,
): NamespaceLayout {
  const rows: InterfaceRow[] = []
  const place = (
    devices: readonly NetworkInterface[],
    from: number,
    isOutside: boolean,
  ): number => {
    let top = from + TITLE
    for (const device of devices) {
      const row = rowOf(device, facts, known, isOutside)
      rows.push({ ...row, top })
      top += row.height + GAP
    }
    return devices.length > 0 ? top : from + TITLE + GAP
  }
  const outer = valueOf(facts.outerInterfaces)?.filter(({ name }) => name !== 'lo')
  const inner = valueOf(facts.interfaces) ?? []
  const outsideEnd = outer ? place(outer, 1, true) : 1
  const insideTop = outer ? outsideEnd + GAP : 1
  const insideEnd = place(inner, insideTop, false)
  return {
    rows,
    outside: outer && { top: 1, height: outsideEnd - 1 },
    inside: { top: insideTop, height: insideEnd - insideTop },
    height: insideEnd + 1,
  }
}

function rowOf(
  device: NetworkInterface,
  facts: NamespaceFacts,
  known: ReadonlyMap<string, KnownAddress>,
  isOutside: boolean,
): Omit<InterfaceRow, 'top'> {
  const addresses = device.addresses.map(({ address, prefixLength }) => ({
    text: `${address}/${prefixLength}`,
    isVip: known.get(address)?.kind === 'vip',
  }))
  const ends = isOutside ? [] : endsOf(device.name, facts, known)
  const lines = Math.max(1, Math.min(addresses.length, LINES + 1), Math.min(ends.length, LINES + 1))
  return {
    device,
    side: sideOf(device, known, isOutside),
    height: 2 * PAD + (lines + 1) * LINE,
    addresses: addresses.slice(0, LINES),
    moreAddresses: Math.max(0, addresses.length - LINES),
    ends: ends.slice(0, LINES),
    moreEnds: Math.max(0, ends.length - LINES),
  }
}

function sideOf(
  device: NetworkInterface,
  known: ReadonlyMap<string, KnownAddress>,
  isOutside: boolean,
): InterfaceSide {
  if (isOutside) return 'management'
  if (device.name === 'lo') return 'loopback'
  const kinds = device.addresses.map(({ address }) => known.get(address)?.kind)
  if (kinds.includes('vip') || kinds.includes('own')) return 'vip'
  // Octavia plugs the VIP's network first, as eth1; while nobody holds the VIP that is all there is to tell it by.
  if (device.name === 'eth1') return 'vip'
  return /^eth\d+$/.test(device.name) ? 'member' : 'other'
}

/** Gateways first, then whom we know by name, then the rest. */
function endsOf(
  device: string,
  facts: NamespaceFacts,
  known: ReadonlyMap<string, KnownAddress>,
): FarEnd[] {
  const neighbours = (valueOf(facts.neighbours) ?? []).filter((each) => each.device === device)
  const gateways = new Set(
    (valueOf(facts.routes) ?? [])
      .filter((route) => route.device === device)
      .flatMap((route: Route) => (route.gateway === undefined ? [] : [route.gateway])),
  )
  const seen = new Set(neighbours.map(({ address }) => address))
  const ends = [
    ...neighbours.map(({ address, state }) => ({ address, state })),
    ...[...gateways]
      .filter((one) => !seen.has(one))
      .map((address) => ({ address, state: undefined })),
  ].map(({ address, state }): FarEnd => {
    const who = known.get(address)
    const kind = gateways.has(address)
      ? 'gateway'
      : who?.kind === 'peer' || who?.kind === 'member'
        ? who.kind
        : 'neighbour'
    return { kind, address, name: who?.name ?? '', state }
  })
  const order: FarEnd['kind'][] = ['gateway', 'peer', 'member', 'neighbour']
  return ends.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

const valueOf = <T>(fact: { value: T } | { unknown: unknown }): T | undefined =>
  'value' in fact ? fact.value : undefined
