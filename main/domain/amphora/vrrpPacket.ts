import type { VrrpPacket } from '../../../preload/contract/inspect'

const PROTOCOL = 112
const IPV4 = 0x0800
const IPV6 = 0x86dd
const VLAN = 0x8100

/** An IP packet, as much of it as VRRP needs. */
interface Datagram {
  source: Uint8Array
  destination: Uint8Array
  ttl: number
  protocol: number
  payload: Uint8Array
}

/**
 * The VRRP advertisement in a captured frame: version 2 (RFC 3768, and RFC 2338 with a password) and version 3
 * (RFC 5798). Undefined for everything else, for other types of message and for what is cut.
 * The password is not part of the answer.
 *
 * @param linkType of the capture: 1, 101, 113 or 276
 */
export function decodeVrrp(
  frame: Uint8Array,
  linkType: number,
): Omit<VrrpPacket, 'at'> | undefined {
  const datagram = unwrap(frame, linkType)
  if (datagram?.protocol !== PROTOCOL) return undefined
  const { source, destination, ttl, payload } = datagram
  const [first = 0, virtualRouterId = 0, priority = 0, count = 0, five = 0, six = 0] = payload
  const version = first >> 4
  if ((version !== 2 && version !== 3) || (first & 0x0f) !== 1) return undefined
  const width = source.length === 16 ? 16 : 4
  const end = 8 + count * width
  if (payload.length < end) return undefined
  return {
    source: addressText(source),
    destination: addressText(destination),
    version,
    virtualRouterId,
    priority,
    advertInterval: version === 2 ? six : (((five & 0x0f) << 8) | six) / 100,
    addresses: Array.from({ length: count }, (_, index) =>
      addressText(payload.subarray(8 + index * width, 8 + (index + 1) * width)),
    ),
    authentication: version === 3 || five === 0 ? 'none' : five === 1 ? 'password' : 'other',
    ttl,
    checksumRight: version === 2 ? isRight(payload) : isRight(payload, datagram),
  }
}

/** One line about a packet, in the words of tcpdump; without the password, which tcpdump would print. */
export function describeVrrp(packet: VrrpPacket): string {
  const { at, source, destination, version, virtualRouterId, priority, authentication } = packet
  const password = authentication === 'none' ? '' : `, authtype ${AUTHENTICATIONS[authentication]}`
  return (
    `${(at / 1000).toFixed(6)} ${source} > ${destination}: VRRPv${String(version)}, Advertisement, ` +
    `(ttl ${String(packet.ttl)}), vrid ${String(virtualRouterId)}, prio ${String(priority)}${password}, ` +
    `intvl ${String(packet.advertInterval)}s, ${packet.checksumRight ? '' : '(bad vrrp cksum), '}` +
    `addrs: ${packet.addresses.join(',')}`
  )
}

const AUTHENTICATIONS = { password: 'simple', other: 'unknown' } as const

function unwrap(frame: Uint8Array, linkType: number): Datagram | undefined {
  const at = (offset: number) => ((frame[offset] ?? 0) << 8) | (frame[offset + 1] ?? 0)
  switch (linkType) {
    case 1: {
      const isTagged = at(12) === VLAN
      return datagramOf(frame.subarray(isTagged ? 18 : 14), at(isTagged ? 16 : 12))
    }
    case 113:
      return datagramOf(frame.subarray(16), at(14))
    case 276:
      return datagramOf(frame.subarray(20), at(0))
    case 101:
      return datagramOf(frame, (frame[0] ?? 0) >> 4 === 6 ? IPV6 : IPV4)
    default:
      return undefined
  }
}

function datagramOf(octets: Uint8Array, type: number): Datagram | undefined {
  const length = (offset: number) => ((octets[offset] ?? 0) << 8) | (octets[offset + 1] ?? 0)
  if (type === IPV4 && octets.length >= 20 && (octets[0] ?? 0) >> 4 === 4) {
    const header = ((octets[0] ?? 0) & 0x0f) * 4
    // Of a packet in fragments only the first has VRRP's own header.
    const isLater = (length(6) & 0x1fff) > 0
    if (header < 20 || isLater || length(2) < header || octets.length < length(2)) return undefined
    return {
      source: octets.subarray(12, 16),
      destination: octets.subarray(16, 20),
      ttl: octets[8] ?? 0,
      protocol: octets[9] ?? 0,
      payload: octets.subarray(header, length(2)),
    }
  }
  if (type === IPV6 && octets.length >= 40 && (octets[0] ?? 0) >> 4 === 6) {
    if (octets.length < 40 + length(4)) return undefined
    return {
      source: octets.subarray(8, 24),
      destination: octets.subarray(24, 40),
      ttl: octets[7] ?? 0,
      protocol: octets[6] ?? 0,
      payload: octets.subarray(40, 40 + length(4)),
    }
  }
  return undefined
}

/** Whether the Internet checksum holds: over the message alone in version 2, with the pseudo header in version 3. */
function isRight(payload: Uint8Array, datagram?: Datagram): boolean {
  let sum = sumOf(payload)
  if (datagram) {
    const { source, destination } = datagram
    const withHeader = sum + sumOf(source) + sumOf(destination) + PROTOCOL + payload.length
    // Over IPv4 RFC 5798 leaves it open, and implementations differ: both are right.
    if (fold(withHeader) === 0xffff) return true
    if (source.length === 16) return false
    sum = sumOf(payload)
  }
  return fold(sum) === 0xffff
}

function sumOf(octets: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < octets.length; at += 2) {
    sum += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  }
  return sum
}

function fold(sum: number): number {
  let folded = sum
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return folded
}

/** An address as people write it: the longest run of zero groups shortened (RFC 5952). */
function addressText(octets: Uint8Array): string {
  if (octets.length !== 16) return octets.join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0)).toString(16),
  )
  const [longest] = Array.from(groups.join(':').matchAll(/\b0(?::0\b)+/g), ([run]) => run).sort(
    (one, other) => other.length - one.length,
  )
  if (longest === undefined) return groups.join(':')
  return groups.join(':').replace(new RegExp(`(^|:)${longest}(:|$)`), '::')
}
