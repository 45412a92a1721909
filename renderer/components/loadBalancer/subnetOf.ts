import type { ComboOption } from '../app/comboOption'

/** A subnet to choose, with its range such as `192.0.2.0/24`. */
export interface SubnetChoice extends ComboOption {
  cidr: string
}

/**
 * The subnet whose range an address lies in; the narrowest of several. Undefined when there is none, or when equally
 * narrow ones leave a choice that only a person can make.
 */
export function subnetOf<Subnet extends { cidr: string }>(
  address: string,
  subnets: readonly Subnet[],
): Subnet | undefined {
  const bits = bitsOf(address.trim())
  if (bits === undefined) return undefined
  const found = subnets
    .flatMap((subnet) => {
      const [base = '', length = ''] = subnet.cidr.split('/')
      const prefix = bitsOf(base)?.slice(0, Number(length))
      return prefix?.length === Number(length) &&
        bits.startsWith(prefix) &&
        sameFamily(base, address)
        ? [{ subnet, length: Number(length) }]
        : []
    })
    .sort((one, other) => other.length - one.length)
  return found[0]?.length === found[1]?.length ? undefined : found[0]?.subnet
}

const sameFamily = (one: string, other: string): boolean =>
  one.includes(':') === other.includes(':')

/** An address as its bits, 32 or 128; undefined when it is none. */
function bitsOf(address: string): string | undefined {
  const groups = address.includes(':') ? groupsOfSix(address) : groupsOfFour(address)
  if (!groups) return undefined
  const width = address.includes(':') ? 16 : 8
  return groups.map((group) => group.toString(2).padStart(width, '0')).join('')
}

function groupsOfFour(address: string): number[] | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255))
    return undefined
  return parts.map(Number)
}

/** The eight groups of an IPv6 address, whose one `::` stands for as many zeros as are missing. */
function groupsOfSix(address: string): number[] | undefined {
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [before, after] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(hex)))
  if (!before || [...before, ...(after ?? [])].some((group) => Number.isNaN(group)))
    return undefined
  const missing = 8 - before.length - (after?.length ?? 0)
  if (after ? missing < 1 : missing !== 0) return undefined
  return [...before, ...Array<number>(missing).fill(0), ...(after ?? [])]
}

/** One group, or the two that an IPv4 address at the end stands for. */
function hex(group: string): number[] {
  const four = group.includes('.') ? groupsOfFour(group) : undefined
  if (four) {
    const [a = 0, b = 0, c = 0, d = 0] = four
    return [a * 256 + b, c * 256 + d]
  }
  return [/^[\da-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN]
}
