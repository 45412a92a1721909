import type { Fact } from '../../../preload/contract/common'
import type { Amphora, LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { NetworkFacts, PortFacts, SecurityGroupFacts } from '../../domain/findings/facts'
import type { CloudApi } from '../cloudApi'
import type { Fields } from '../octavia/fields'
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
      body.object('port', portOf),
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
          (body) => body.object('security_group', groupOf),
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
      body.object('network_ip_availability', (network) =>
        network.objects('subnet_ip_availability', (subnet) => ({
          id: subnet.id('subnet_id'),
          free: subnet.integer('total_ips') - subnet.integer('used_ips'),
        })),
      ),
    )
    if (!('value' in subnets)) return subnets
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

function portOf(fields: Fields): PortFacts {
  const portSecurityEnabled = fields.optionalFlag('port_security_enabled')
  const qosPolicyId = fields.optionalId('qos_policy_id')
  const hostId = fields.optionalText('binding:host_id')
  return {
    id: fields.id('id'),
    name: fields.textOrEmpty('name'),
    status: fields.textOrEmpty('status'),
    adminStateUp: fields.optionalFlag('admin_state_up') ?? true,
    deviceId: fields.textOrEmpty('device_id'),
    deviceOwner: fields.textOrEmpty('device_owner'),
    fixedAddresses: fields.objects('fixed_ips', (one) => ({
      address: one.text('ip_address'),
      subnetId: one.text('subnet_id'),
    })),
    allowedAddresses: fields.objects('allowed_address_pairs', (one) => one.text('ip_address')),
    securityGroupIds: fields.texts('security_groups'),
    ...(portSecurityEnabled !== undefined && { portSecurityEnabled }),
    ...(qosPolicyId !== undefined && { qosPolicyId }),
    ...(hostId && { hostId }),
  }
}

const groupOf = (fields: Fields): SecurityGroupFacts => ({
  id: fields.id('id'),
  name: fields.textOrEmpty('name'),
  rules: fields.objects('security_group_rules', ruleOf),
})

function ruleOf(fields: Fields): SecurityGroupFacts['rules'][number] {
  const protocol = fields.optionalText('protocol')?.toLowerCase()
  const portFrom = fields.optionalInteger('port_range_min')
  const portTo = fields.optionalInteger('port_range_max')
  const remotePrefix = fields.optionalText('remote_ip_prefix')
  const remoteGroupId = fields.optionalId('remote_group_id')
  return {
    id: fields.id('id'),
    direction: fields.text('direction'),
    ethertype: fields.text('ethertype'),
    ...(protocol !== undefined && { protocol }),
    ...(portFrom !== undefined && { portFrom }),
    ...(portTo !== undefined && { portTo }),
    ...(remotePrefix !== undefined && { remotePrefix }),
    ...(remoteGroupId !== undefined && { remoteGroupId }),
  }
}
