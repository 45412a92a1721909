import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import { amphoraName, type Identity } from '../pair/identity'
import type { KnownAddress } from './namespaceLayout'

/** Who stands behind the addresses that one amphora sees: VIPs, itself, its peers, the members. */
export function knownAddresses(
  amphoraId: string,
  detail: LoadBalancerDetail | undefined,
  amphorae: readonly Amphora[],
  identities: ReadonlyMap<string, Identity>,
): ReadonlyMap<string, KnownAddress> {
  const known = new Map<string, KnownAddress>()
  for (const pool of detail?.pools ?? [])
    for (const { address, name, port } of pool.members)
      known.set(address, { kind: 'member', name: name || `:${port}` })
  for (const { id, vrrpAddress } of amphorae) {
    if (vrrpAddress === undefined) continue
    const name = amphoraName(id, identities)
    known.set(vrrpAddress, { kind: id === amphoraId ? 'own' : 'peer', name })
  }
  if (detail) {
    const { vipAddress, additionalVips } = detail.loadBalancer
    for (const address of [vipAddress, ...additionalVips.map((vip) => vip.address)])
      known.set(address, { kind: 'vip', name: 'VIP' })
  }
  return known
}
