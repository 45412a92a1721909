const START = String.raw`(?:(?<![\w:.-])|(?<=\\[nrt]))`
const UUID = /(?<![0-9a-f])[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}(?![0-9a-f])/gi
/** tcpdump writes the port behind one more dot; more numbers than that are no address. */
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d+\.\d)/g
const IPV6 = new RegExp(`${START}(?:[0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4}(?![\\w:]|\\.\\d)`, 'gi')
const MAC = /(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:])/gi
/** Of the APIs: who owns things, what people call them, and where they run. */
const NAME_FIELDS: ReadonlySet<string> = new Set([
  ...['name', 'description', 'cloud', 'host', 'hostname', 'binding:host_id', 'host_id', 'hostId'],
  ...['OS-EXT-SRV-ATTR:host', 'OS-EXT-SRV-ATTR:hypervisor_hostname', 'OS-EXT-SRV-ATTR:hostname'],
  ...['domain_name', 'project_name', 'user_name', 'dns_name', 'dns_domain', 'compute_flavor'],
])
/** Names that Octavia gives: who reads them goes by them. */
const OWN_NAME = /^(?:octavia[-_]|amphora|haproxy|keepalived|lb-|default$|$)/i
/** Shorter names are words like any other, and are only replaced where they are a name. */
const SHORTEST = 4
/** First numbers of addresses of machines. */
const FIRST = Array.from({ length: 223 }, (_, index) => index + 1).filter(
  (octet) => octet !== 127 && octet !== 169,
)

/**
 * Replaces ids, addresses and names, the same by the same. What others can be told by stays: which addresses share a
 * network, what is no address of a machine, and names by which Octavia's own things are known.
 */
export class Masking {
  private readonly names = new Map<string, string>()

  /** @param numberOf a number from 0 to 2³²-1 out of a text, by a key of this bundle alone */
  constructor(private readonly numberOf: (text: string) => number) {}

  /** A value with masks in all of its texts. */
  maskValue<T>(value: T): T {
    return this.masked(value, '') as T
  }

  /** A text with masks. Masking it once more would mask it again. */
  mask(text: string): string {
    return this.knownNames(text)
      .replaceAll(UUID, (id) => this.idOf(id))
      .replaceAll(MAC, (address) => this.macOf(address))
      .replaceAll(IPV6, (address) => (isIpv6(address) ? this.ipv6Of(address) : address))
      .replaceAll(IPV4, (address) => this.ipv4Of(address))
  }

  private masked(value: unknown, field: string): unknown {
    if (typeof value === 'string')
      return NAME_FIELDS.has(field) && !OWN_NAME.test(value) ? this.nameOf(value) : this.mask(value)
    if (Array.isArray(value)) return value.map((one: unknown) => this.masked(one, field))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [this.mask(name), this.masked(one, name)]),
    )
  }

  /** A name that is known from an API is a name wherever it stands by itself. */
  private knownNames(text: string): string {
    const known = [...this.names.keys()].filter((name) => name.length >= SHORTEST)
    if (!known.length) return text
    known.sort((one, other) => other.length - one.length)
    const words = known.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
    const pattern = new RegExp(`${START}(?:${words})(?![\\w-])`, 'g')
    return text.replaceAll(pattern, (name) => this.names.get(name) ?? name)
  }

  private nameOf(name: string): string {
    const known = this.names.get(name) ?? `name-${String(this.names.size + 1)}`
    this.names.set(name, known)
    return known
  }

  private idOf(id: string): string {
    const bare = id.replaceAll('-', '').toLowerCase()
    const hex = [0, 1, 2, 3]
      .map((part) =>
        this.numberOf(`id ${String(part)} ${bare}`)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('')
    return id.includes('-') ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : hex
  }

  /** Who made the interface stays, as does that it is one address of a group or of one machine. */
  private macOf(address: string): string {
    if (SPECIAL_MAC.test(address)) return address
    const octets = address.toLowerCase().split(':')
    const number = this.numberOf(`mac ${octets.join(':')}`)
    const tail = [16, 8, 0].map((shift) => ((number >>> shift) & 255).toString(16).padStart(2, '0'))
    return [...octets.slice(0, 3), ...tail].join(':')
  }

  /** The first three numbers, each by what stands before it; 0 and 255 stay, so that networks are networks. */
  private ipv4Of(address: string): string {
    const octets = address.split('.').map(Number)
    const [first = 0] = octets
    const place = FIRST.indexOf(first)
    if (place < 0 || octets.some((octet) => octet > 255)) return address
    return octets
      .map((octet, index) => {
        const before = `ip ${octets.slice(0, index).join('.')}`
        if (index === 0) return FIRST[this.permuted(before, place + 1, FIRST.length) - 1] ?? octet
        return index === 3 || octet === 0 || octet === 255
          ? octet
          : this.permuted(before, octet, 254)
      })
      .join('.')
  }

  private ipv6Of(address: string): string {
    if (/^(?:::1?$|ff|fe80::?$)/i.test(address)) return address
    const isLocal = /^fe[89ab]/i.test(address)
    const groups = address.toLowerCase().split(':')
    let before = ''
    return groups
      .map((group, index) => {
        const at = `${before}:`
        before += `${group}:`
        if (!/[1-9a-f]/.test(group) || (isLocal && index === 0)) return group
        if (index === 0) return 'fd00'
        return this.permuted(`ip6 ${at}`, Number.parseInt(group, 16), 0xffff).toString(16)
      })
      .join(':')
  }

  /** From 1 to `most` onto themselves: different numbers stay different. */
  private permuted(context: string, value: number, most: number): number {
    const shift = this.numberOf(context) % most
    return ((value - 1 + shift) % most) + 1
  }
}

/** Nothing, everybody, groups, and the routers that VRRP makes. */
const SPECIAL_MAC = /^(?:(?:00:){5}00$|(?:ff:){5}ff$|01:|33:33:|00:00:5e:)/i

/** Not a time of day, nor part of a MAC. */
const isIpv6 = (text: string): boolean =>
  text.includes('::') ? text.length > 2 : text.split(':').length === 8
