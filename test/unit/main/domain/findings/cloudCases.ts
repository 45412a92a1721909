import {
  because,
  fact,
  loadBalancer,
  noDetail,
  noPorts,
  noServers,
  server,
  value,
  vrrpPort,
  type Cases,
  amphora,
  noAmphorae,
} from './draft'
import type { FactsDraft } from './healthyFacts'
import { NOW, SECOND } from './healthyPair'

const noGroups = (facts: FactsDraft): void => {
  facts.network.securityGroups = because('neutron.forbidden')
}
const openAll = (facts: FactsDraft): void => {
  for (const rule of value(facts.network.securityGroups)[0]!.rules) delete rule.protocol
}
const without = (facts: FactsDraft, protocol: string): void => {
  const [group] = value(facts.network.securityGroups)
  group!.rules = group!.rules.filter((rule) => rule.protocol !== protocol)
}

/** Rules about what Octavia, Neutron and Nova tell. */
export const cloudCases: Readonly<Record<string, Cases>> = {
  'lb.stuck-pending': {
    holds: (facts) => {
      loadBalancer(facts).provisioningStatus = 'PENDING_UPDATE'
      loadBalancer(facts).updatedAt = NOW - 3_600_000
    },
    fine: (facts) => {
      loadBalancer(facts).provisioningStatus = 'PENDING_UPDATE'
      loadBalancer(facts).updatedAt = NOW - 120_000
    },
    unknown: noDetail,
  },
  'lb.error': {
    holds: (facts) => {
      loadBalancer(facts).provisioningStatus = 'ERROR'
    },
    unknown: noDetail,
  },
  'lb.offline': {
    holds: (facts) => {
      loadBalancer(facts).operatingStatus = 'OFFLINE'
    },
    fine: (facts) => {
      loadBalancer(facts).operatingStatus = 'OFFLINE'
      loadBalancer(facts).adminStateUp = false
    },
    unknown: noDetail,
  },
  'lb.parts-pending': {
    holds: (facts) => {
      value(facts.detail).pools[0]!.provisioningStatus = 'PENDING_CREATE'
    },
    unknown: noDetail,
  },
  'neutron.address-pairs': {
    holds: (facts) => {
      vrrpPort(facts).allowedAddresses = []
    },
    fine: (facts) => {
      vrrpPort(facts).allowedAddresses = ['10.77.1.0/24']
      vrrpPort(facts, 1).portSecurityEnabled = false
      vrrpPort(facts, 1).allowedAddresses = []
    },
    unknown: noPorts,
  },
  'neutron.security-group': {
    holds: (facts) => without(facts, '112'),
    fine: openAll,
    unknown: noGroups,
  },
  'neutron.security-group-lost': {
    holds: (facts) => {
      vrrpPort(facts, 1).securityGroupIds = []
    },
    unknown: noPorts,
  },
  'neutron.listener-port': {
    holds: (facts) => without(facts, 'tcp'),
    unknown: noGroups,
  },
  'neutron.port-down': {
    holds: (facts) => {
      vrrpPort(facts).status = 'DOWN'
    },
    unknown: noPorts,
  },
  'neutron.qos': {
    holds: (facts) => {
      vrrpPort(facts, 1).qosPolicyId = 'policy-1'
    },
    unknown: noPorts,
  },
  'neutron.vip-port-missing': {
    holds: (facts) => {
      facts.network.vipPort = because('neutron.notFound')
    },
    unknown: (facts) => {
      facts.network.vipPort = because('neutron.forbidden')
    },
  },
  'neutron.vrrp-port-missing': {
    holds: (facts) => {
      facts.network.vrrpPorts[SECOND] = because('neutron.notFound')
    },
    unknown: noPorts,
  },
  'neutron.orphan-ports': {
    holds: (facts) => {
      facts.network.orphans = fact([{ ...vrrpPort(facts), id: 'left-over' }])
    },
    unknown: (facts) => {
      facts.network.orphans = because('neutron.forbidden')
    },
  },
  'neutron.subnet-full': {
    holds: (facts) => {
      facts.network.freeAddresses = fact(0)
    },
    unknown: (facts) => {
      facts.network.freeAddresses = because('neutron.forbidden')
    },
  },
  'compute.server-down': {
    holds: (facts) => {
      server(facts, 1).status = 'PAUSED'
    },
    unknown: noServers,
  },
  'compute.server-missing': {
    holds: (facts) => {
      facts.compute.servers[SECOND] = because('compute.notFound')
    },
    unknown: noServers,
  },
  'compute.rebuilt': {
    holds: (facts) => {
      server(facts).actions.unshift({ action: 'evacuate', at: NOW - 3_600_000 })
    },
    unknown: noServers,
  },
  'compute.moved': {
    holds: (facts) => {
      server(facts).actions.unshift({ action: 'live-migration', at: NOW - 3_600_000 })
    },
    fine: (facts) => {
      server(facts).actions.unshift({ action: 'live-migration', at: NOW - 3 * 86_400_000 })
    },
    unknown: noServers,
  },
  'compute.stray-server': {
    holds: (facts) => {
      facts.compute.strays = fact([{ ...server(facts), id: 'stray', name: 'amphora-gone' }])
    },
    unknown: (facts) => {
      facts.compute.strays = because('compute.forbidden')
    },
  },
  'pair.same-host': {
    holds: (facts) => {
      server(facts, 1).host = 'host-1'
    },
    fine: (facts) => {
      // Without admin rights Nova does not tell.
      delete server(facts).host
      delete server(facts, 1).host
    },
    unknown: noServers,
  },
  'pair.image-drift': {
    holds: (facts) => {
      amphora(facts, 1).imageId = 'image-2'
    },
    unknown: noAmphorae,
  },
}
