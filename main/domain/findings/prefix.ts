import { canonicalAddress } from '../ip'

/** Whether an address of IPv6 is meant. */
export const isIpv6 = (address: string): boolean => address.includes(':')

/** Whether a prefix, or a plain address, holds an address. What is neither holds nothing. */
export function covers(prefix: string, address: string): boolean {
  const [network = '', length] = prefix.split('/')
  if (length === undefined) return canonicalAddress(network) === canonicalAddress(address)
  const bits = isIpv6(address) ? 128 : 32
  const kept = Number(length)
  const [mine, theirs] = [numberOf(network), numberOf(address)]
  if (mine === undefined || theirs === undefined || isIpv6(network) !== isIpv6(address)) {
    return false
  }
  if (!/^\d{1,3}$/.test(length) || kept > bits) return false
  const cut = BigInt(bits - kept)
  return mine >> cut === theirs >> cut
}

/** An address as one number; undefined when it is none. */
function numberOf(address: string): bigint | undefined {
  const groups = canonicalAddress(address).split(isIpv6(address) ? ':' : '.')
  const six = isIpv6(address)
  if (groups.length !== (six ? 8 : 4)) return undefined
  let number = 0n
  for (const group of groups) {
    if (!(six ? /^[0-9a-f]{1,4}$/ : /^\d{1,3}$/).test(group)) return undefined
    const value = parseInt(group, six ? 16 : 10)
    if (!six && value > 255) return undefined
    number = (number << (six ? 16n : 8n)) + BigInt(value)
  }
  return number
}
