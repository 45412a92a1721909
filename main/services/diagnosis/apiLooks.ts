import type { Fact, Unknown } from '../../../preload/contract/common'
import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { ComputeFacts, NetworkFacts } from '../../domain/findings/facts'
import type { Amphorae } from '../amphorae'
import type { LoadBalancers } from '../loadBalancers'
import type { ComputeChecks } from '../surroundings/computeChecks'
import type { NetworkChecks } from '../surroundings/networkChecks'
import { factOf } from './answers'

export interface ApiServices {
  loadBalancers: Pick<LoadBalancers, 'read'>
  amphorae: Pick<Amphorae, 'list'>
  network: Pick<NetworkChecks, 'read'>
  compute: Pick<ComputeChecks, 'read'>
}

/** What the APIs told last of one load balancer, and of what is around it. */
export class ApiLooks {
  detail: Fact<LoadBalancerDetail> = { unknown: 'notYet' }
  amphorae: Fact<readonly Amphora[]> = { unknown: 'notYet' }
  network: NetworkFacts = unknownNetwork('notYet')
  compute: ComputeFacts = unknownCompute('notYet')

  constructor(
    private readonly services: ApiServices,
    private readonly subject: { cloud: string; loadBalancerId: string },
  ) {}

  /** Octavia. @throws when the signal is aborted */
  async read(signal: AbortSignal): Promise<void> {
    const { cloud, loadBalancerId } = this.subject
    const [detail, amphorae] = await Promise.all([
      factOf(signal, this.services.loadBalancers.read(cloud, loadBalancerId, signal)),
      factOf(signal, this.services.amphorae.list(cloud, loadBalancerId, signal)),
    ])
    this.detail = detail
    this.amphorae = 'value' in amphorae ? { ...amphorae, value: amphorae.value.amphorae } : amphorae
  }

  /** Neutron and Nova. Without Octavia nobody knows which ports and machines to ask for. @throws when the signal is aborted */
  async readSurroundings(signal: AbortSignal): Promise<void> {
    const { cloud } = this.subject
    const { detail, amphorae } = this
    if (!('value' in detail)) {
      this.network = unknownNetwork(detail.unknown)
      this.compute = unknownCompute(detail.unknown)
      return
    }
    const own = 'value' in amphorae ? amphorae.value : []
    const all = await factOf(signal, this.services.amphorae.list(cloud, undefined, signal))
    const ids = 'value' in all ? new Set(all.value.amphorae.map(({ id }) => id)) : undefined
    const [network, compute] = await Promise.all([
      this.services.network.read(cloud, detail.value.loadBalancer, own, ids, signal),
      this.services.compute.read(cloud, own, ids, signal),
    ])
    this.network = network
    this.compute = compute
  }
}

function unknownNetwork(unknown: Unknown): NetworkFacts {
  const fact = { unknown }
  return {
    vipPort: fact,
    vrrpPorts: {},
    securityGroups: fact,
    orphans: fact,
    freeAddresses: fact,
  }
}

const unknownCompute = (unknown: Unknown): ComputeFacts => ({
  servers: {},
  groupPolicies: { unknown },
  strays: { unknown },
})
