import type { Fact } from '../../../preload/contract/common'
import type { Amphora, LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { NetworkFacts, PortFacts, SecurityGroupFacts } from '../../domain/findings/facts'
import type { CloudApi } from '../cloudApi'
import {
  id,
  integer,
  object,
  objects,
  optionalFlag,
  optionalId,
  optionalInteger,
  optionalText,
  text,
  textOrEmpty,
  texts,
  type Wire,
  list,
  wireOf,
} from '../octavia/fields'
import { factOf, listOf } from './reading'

/** Octavia names the ports of its amphorae so; stable from Queens on. */
const VRRP_PORT = /^octavia-lb-vrrp-(.+)$/

/** What Neutron says about the ports of a load balancer. Holds no state; rights that are missing make facts unknown. */
export class NetworkChecks {
  constructor(private readonly api: CloudApi) {}

  /** @param known ids of every amphora of the cloud; absent when the list may not be read, then nobody is an orphan */
  async read(
    cloud: string,
    loadBalancer: LoadBalancer,
    amphorae: readonly Amphora[],
    known: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<NetworkFacts> {
    const { vipPortId, vipSubnetId, vipNetworkId } = loadBalancer
    const [vipPort, ports, orphans, freeAddresses] = await Promise.all([
      this.port(cloud, vipPortId, signal),
      Promise.all(
        amphorae.map(
          async ({ id, vrrpPortId }) => [id, await this.port(cloud, vrrpPortId, signal)] as const,
        ),
      ),
      this.orphans(cloud, vipNetworkId, known, signal),
      this.freeAddresses(cloud, vipNetworkId, vipSubnetId, signal),
    ])
    const vrrpPorts = Object.fromEntries(ports)
    return {
      vipPort,
      vrrpPorts,
      securityGroups: await this.groups(cloud, Object.values(vrrpPorts), signal),
      orphans,
      freeAddresses,
    }
  }

  private async port(
    cloud: string,
    id: string | undefined,
    signal: AbortSignal,
  ): Promise<Fact<PortFacts>> {
    if (id === undefined) return { unknown: 'notYet', at: Date.now() }
    const path = `/v2.0/ports/${encodeURIComponent(id)}`
    return factOf(this.api, cloud, 'network', { path, signal }, (body) =>
      object(body['port'], 'port', portOf),
    )
  }

  /** Every group that a VRRP port is in. */
  private async groups(
    cloud: string,
    ports: readonly Fact<PortFacts>[],
    signal: AbortSignal,
  ): Promise<NetworkFacts['securityGroups']> {
    const unknown = ports.find((port) => 'unknown' in port)
    if (unknown && 'unknown' in unknown) return unknown
    const ids = new Set(
      ports.flatMap((port) => ('value' in port ? port.value.securityGroupIds : [])),
    )
    const groups = await Promise.all(
      [...ids].map((id) =>
        factOf(
          this.api,
          cloud,
          'network',
          { path: `/v2.0/security-groups/${encodeURIComponent(id)}`, signal },
          (body) => object(body['security_group'], 'security_group', groupOf),
        ),
      ),
    )
    return allOf(groups)
  }

  private async orphans(
    cloud: string,
    networkId: string | undefined,
    known: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<NetworkFacts['orphans']> {
    if (!known) return { unknown: 'octavia.forbidden', at: Date.now() }
    if (networkId === undefined) return { unknown: 'notSupported', at: Date.now() }
    const query = { network_id: networkId }
    const ports = await listOf(
      this.api,
      cloud,
      'network',
      { path: '/v2.0/ports', key: 'ports', query, signal },
      portOf,
    )
    if (!('value' in ports)) return ports
    const value = ports.value.filter(({ name }) => {
      const [, amphoraId] = VRRP_PORT.exec(name) ?? []
      return amphoraId !== undefined && !known.has(amphoraId)
    })
    return { ...ports, value }
  }

  /** @see Neutron's extension `network-ip-availability`; admin rights by default */
  private async freeAddresses(
    cloud: string,
    networkId: string | undefined,
    subnetId: string | undefined,
    signal: AbortSignal,
  ): Promise<NetworkFacts['freeAddresses']> {
    if (networkId === undefined || subnetId === undefined)
      return { unknown: 'notSupported', at: Date.now() }
    const path = `/v2.0/network-ip-availabilities/${encodeURIComponent(networkId)}`
    const subnets = await factOf(this.api, cloud, 'network', { path, signal }, (body) =>
      object(body['network_ip_availability'], 'network_ip_availability', (network) =>
        objects(network['subnet_ip_availability'], 'subnet_ip_availability', (subnet) => ({
          id: id(subnet['subnet_id'], 'subnet_id'),
          free: integer(subnet['total_ips'], 'total_ips') - integer(subnet['used_ips'], 'used_ips'),
        })),
      ),
    )
    if (!('value' in subnets)) {
      // Without the extension there is no such address, and who may not ask is told the same.
      const isUntold =
        subnets.unknown === 'neutron.notFound' || subnets.unknown === 'neutron.forbidden'
      return isUntold ? { ...subnets, unknown: 'neutron.addressesUntold' } : subnets
    }
    const found = subnets.value.find(({ id }) => id === subnetId)
    return found
      ? { ...subnets, value: found.free }
      : { unknown: 'neutron.notFound', at: subnets.at }
  }
}

/** A list of facts as the fact of a list: known when every one of them is. */
function allOf<T>(facts: readonly Fact<T>[]): Fact<readonly T[]> {
  const values: T[] = []
  let at = Date.now()
  let evidence: string | undefined
  for (const fact of facts) {
    if (!('value' in fact)) return fact
    values.push(fact.value)
    at = Math.min(at, fact.at)
    evidence ??= fact.evidence
  }
  return { value: values, at, ...(evidence !== undefined && { evidence }) }
}

function portOf(fields: Wire): PortFacts {
  const portSecurityEnabled = optionalFlag(fields['port_security_enabled'], 'port_security_enabled')
  const qosPolicyId = optionalId(fields['qos_policy_id'], 'qos_policy_id')
  const hostId = optionalText(fields['binding:host_id'], 'binding:host_id')
  return {
    id: id(fields['id'], 'id'),
    name: textOrEmpty(fields['name'], 'name'),
    status: textOrEmpty(fields['status'], 'status'),
    adminStateUp: optionalFlag(fields['admin_state_up'], 'admin_state_up') ?? true,
    deviceId: textOrEmpty(fields['device_id'], 'device_id'),
    deviceOwner: textOrEmpty(fields['device_owner'], 'device_owner'),
    fixedAddresses: objects(fields['fixed_ips'], 'fixed_ips', (one) => ({
      address: text(one['ip_address'], 'ip_address'),
      subnetId: text(one['subnet_id'], 'subnet_id'),
    })),
    // What is left out is not empty: an alarm that nothing is allowed would be false.
    allowedAddresses: list(fields['allowed_address_pairs'], 'allowed_address_pairs', (one) =>
      text(wireOf(one)['ip_address'], 'ip_address'),
    ),
    securityGroupIds: texts(fields['security_groups'], 'security_groups'),
    ...(portSecurityEnabled !== undefined && { portSecurityEnabled }),
    ...(qosPolicyId !== undefined && { qosPolicyId }),
    ...(hostId && { hostId }),
  }
}

const groupOf = (fields: Wire): SecurityGroupFacts => ({
  id: id(fields['id'], 'id'),
  name: textOrEmpty(fields['name'], 'name'),
  rules: list(fields['security_group_rules'], 'security_group_rules', (rule) =>
    ruleOf(wireOf(rule)),
  ),
})

function ruleOf(fields: Wire): SecurityGroupFacts['rules'][number] {
  const protocol = optionalText(fields['protocol'], 'protocol')?.toLowerCase()
  const portFrom = optionalInteger(fields['port_range_min'], 'port_range_min')
  const portTo = optionalInteger(fields['port_range_max'], 'port_range_max')
  const remotePrefix = optionalText(fields['remote_ip_prefix'], 'remote_ip_prefix')
  const remoteGroupId = optionalId(fields['remote_group_id'], 'remote_group_id')
  return {
    id: id(fields['id'], 'id'),
    direction: text(fields['direction'], 'direction'),
    ethertype: text(fields['ethertype'], 'ethertype'),
    ...(protocol !== undefined && { protocol }),
    ...(portFrom !== undefined && { portFrom }),
    ...(portTo !== undefined && { portTo }),
    ...(remotePrefix !== undefined && { remotePrefix }),
    ...(remoteGroupId !== undefined && { remoteGroupId }),
  }
}
