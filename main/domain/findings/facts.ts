import type { Fact } from '../../../preload/contract/common'
import type { Comparison } from '../../../preload/contract/compare'
import type { AmphoraFacts } from '../../../preload/contract/inspect'
import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { LogLine, Ownership, PairSide } from '../../../preload/contract/pair'

/** keepalived's counters since its start, from its statistics dump. */
export interface VrrpCounters {
  sent: number
  received: number
  becameMaster: number
  releasedMaster: number
  authenticationFailures: number
  authenticationTypeMismatches: number
  advertIntervalErrors: number
  addressListErrors: number
  ttlErrors: number
  lengthErrors: number
  priorityZeroReceived: number
  priorityZeroSent: number
}

/** What is known of one amphora of a pair: live over SSH, by inspection, and from its logs. */
export interface SideFacts {
  amphoraId: string
  /** The live watch; absent where there is no SSH. */
  live?: PairSide
  /** Absent where the amphora was not inspected. */
  inspection?: AmphoraFacts
  /** Lines of the VRRP log, oldest first. */
  lines: Fact<readonly LogLine[]>
  /** Two looks at the counters, some seconds apart: what grows between them happens now. */
  counters: Fact<{ first: VrrpCounters; last: VrrpCounters; seconds: number }>
}

/** A port as Neutron tells it. */
export interface PortFacts {
  id: string
  name: string
  status: string
  adminStateUp: boolean
  deviceId: string
  deviceOwner: string
  fixedAddresses: readonly { address: string; subnetId: string }[]
  allowedAddresses: readonly string[]
  securityGroupIds: readonly string[]
  portSecurityEnabled?: boolean
  qosPolicyId?: string
  /** Admin rights only. */
  hostId?: string
}

export interface SecurityGroupFacts {
  id: string
  name: string
  rules: readonly {
    id: string
    direction: string
    ethertype: string
    /** Lower case; numbers as they are: `112` and `vrrp` are the same. */
    protocol?: string
    portFrom?: number
    portTo?: number
    remotePrefix?: string
    remoteGroupId?: string
  }[]
}

/** What Neutron tells of a load balancer; each part unknown where rights are missing. */
export interface NetworkFacts {
  vipPort: Fact<PortFacts>
  /** By amphora id. */
  vrrpPorts: Readonly<Record<string, Fact<PortFacts>>>
  securityGroups: Fact<readonly SecurityGroupFacts[]>
  /** Ports named `octavia-lb-vrrp-…` on the VIP's network whose amphora is none of the cloud's. */
  orphans: Fact<readonly PortFacts[]>
  /** Addresses left in the VIP's subnet. */
  freeAddresses: Fact<number>
}

/** A server as Nova tells it. */
export interface ServerFacts {
  id: string
  name: string
  status: string
  /** `powering-off`, `migrating`, …; absent when nothing goes on. */
  taskState?: string
  /** Admin rights only. */
  host?: string
  imageId?: string
  /** Newest first: `evacuate`, `rebuild`, `migrate`, `live-migration`, `pause`, `reboot`, `stop`, … */
  actions: readonly { action: string; at: number }[]
}

export interface ComputeFacts {
  /** By amphora id. */
  servers: Readonly<Record<string, Fact<ServerFacts>>>
  /** Policies of the server group the pair is in; empty without a group. */
  groupPolicies: Fact<readonly string[]>
  /** Servers named `amphora-<id>` whose amphora is none of the cloud's. */
  strays: Fact<readonly ServerFacts[]>
}

/** Everything the rules may judge of one load balancer. Whatever is missing is unknown, with its reason. */
export interface LoadBalancerFacts {
  loadBalancerId: string
  /** By our clock. */
  now: number
  detail: Fact<LoadBalancerDetail>
  /** Of this load balancer, as the controller knows them. */
  amphorae: Fact<readonly Amphora[]>
  /**
   * That there is something to serve, as the amphorae themselves show it; counts where the API's word is not known. An
   * amphora that is MASTER has passed its check script, which fails without a listener.
   */
  service?: Fact<true>
  sides: readonly SideFacts[]
  /** The live watch's word on the owner; absent without it: then the addresses of the sides decide. */
  ownership?: Ownership
  /** What `compare.read` answers; absent where nothing was compared. */
  comparisons?: readonly (Fact<Comparison> & { what: Comparison['what']; amphoraId?: string })[]
  network: NetworkFacts
  compute: ComputeFacts
}
