import { quoteApi } from './proof'
import { whole } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, listed } from './verdict'

/** A failover of one amphora needs one address before it gives one back; two of them run when a host dies. */
const SPARE = 2

/** Ports that failed failovers left behind: they take addresses from the subnet. */
const orphanPorts: Rule = {
  id: 'neutron.orphan-ports',
  modes: [23],
  judge: whole(({ facts }) =>
    judged(
      { kind: 'loadBalancer', id: facts.loadBalancerId },
      { orphanPorts: facts.network.orphans },
      ({ orphanPorts: ports }) => {
        const [first] = ports
        if (!first) return fine
        return holds(
          'low',
          { kind: 'port', id: first.id, ...(first.name && { name: first.name }) },
          { count: ports.length, port: first.id, ports: listed(ports.map(({ name }) => name)) },
          ports
            .slice(0, 4)
            .map((port) =>
              quoteApi(`GET /v2.0/ports/${port.id}`, 'name', port.name, facts.network.orphans),
            ),
        )
      },
    ),
  ),
}

/** The VIP's subnet has no address for a replacement. */
const subnetFull: Rule = {
  id: 'neutron.subnet-full',
  modes: [24],
  judge: whole(({ facts, loadBalancer }) =>
    judged(
      { kind: 'loadBalancer', id: facts.loadBalancerId },
      { freeAddresses: facts.network.freeAddresses },
      ({ freeAddresses: free }) =>
        free >= SPARE || !Number.isFinite(free)
          ? fine
          : holds(
              free > 0 ? 'medium' : 'high',
              { kind: 'loadBalancer', id: facts.loadBalancerId },
              { free, subnet: loadBalancer?.vipSubnetId ?? '' },
              [
                quoteApi(
                  `GET /v2.0/network-ip-availabilities/${loadBalancer?.vipNetworkId ?? ''}`,
                  'free',
                  free,
                  facts.network.freeAddresses,
                ),
              ],
            ),
    ),
  ),
}

/** Rules about the subnet of the VIP. */
export const subnetRules: readonly Rule[] = [subnetFull, orphanPorts]
