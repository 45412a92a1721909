import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import { amphoraName, type Identity } from '../pair/identity'

/** What stands behind an id: its kind (words under `inspect.kind.*`) and what people call it. */
export interface ResourceName {
  kind: 'loadBalancer' | 'listener' | 'pool' | 'member' | 'healthMonitor' | 'amphora'
  name: string
}

/** What the ids in the files of an amphora mean, by id; also by the id without dashes, as keepalived has it. */
export function namesOf(
  detail: LoadBalancerDetail | undefined,
  amphorae: readonly Amphora[],
  identities: ReadonlyMap<string, Identity>,
): ReadonlyMap<string, ResourceName> {
  const names = new Map<string, ResourceName>()
  const add = (id: string, kind: ResourceName['kind'], ...parts: (string | undefined)[]): void => {
    const name = parts.filter(Boolean).join(' ')
    names.set(id, { kind, name })
    names.set(id.replaceAll('-', ''), { kind, name })
  }
  for (const { id, managementAddress } of amphorae)
    add(id, 'amphora', amphoraName(id, identities), managementAddress)
  if (!detail) return names
  const { loadBalancer, listeners, pools } = detail
  add(loadBalancer.id, 'loadBalancer', loadBalancer.name)
  for (const { id, name, protocol, port } of listeners)
    add(id, 'listener', name, `${protocol} ${port}`)
  for (const { id, name, protocol, members, healthMonitor } of pools) {
    add(id, 'pool', name, protocol)
    for (const member of members)
      add(member.id, 'member', member.name, `${member.address}:${member.port}`)
    if (healthMonitor)
      add(healthMonitor.id, 'healthMonitor', healthMonitor.name, healthMonitor.type)
  }
  return names
}
