import { z } from 'zod'
import { request } from './channel'
import { CloudName, Id, Instant } from './common'

export const PROVISIONING_STATUSES = [
  'ACTIVE',
  'PENDING_CREATE',
  'PENDING_UPDATE',
  'PENDING_DELETE',
  'ERROR',
  'DELETED',
] as const

export const OPERATING_STATUSES = [
  'ONLINE',
  'OFFLINE',
  'DEGRADED',
  'ERROR',
  'DRAINING',
  'NO_MONITOR',
] as const

/** A status that this console does not know yet is kept as Octavia wrote it. */
const Status = z.string()

/** What every object of Octavia carries. Times are the cloud's clock. */
const Common = z.object({
  id: Id,
  name: z.string(),
  provisioningStatus: Status,
  operatingStatus: Status,
  adminStateUp: z.boolean(),
  createdAt: Instant.optional(),
  /** Absent until the first change. */
  updatedAt: Instant.optional(),
  tags: z.array(z.string()),
})

export const LoadBalancer = Common.extend({
  description: z.string(),
  projectId: Id,
  vipAddress: z.string(),
  vipPortId: Id.optional(),
  vipSubnetId: Id.optional(),
  vipNetworkId: Id.optional(),
  additionalVips: z.array(
    z.object({ address: z.string(), subnetId: Id.optional(), portId: Id.optional() }),
  ),
  vipQosPolicyId: Id.optional(),
  provider: z.string(),
  flavorId: Id.optional(),
  availabilityZone: z.string().optional(),
  listenerIds: z.array(Id),
  poolIds: z.array(Id),
})
export type LoadBalancer = z.infer<typeof LoadBalancer>

export const Listener = Common.extend({
  description: z.string(),
  protocol: z.string(),
  port: z.int(),
  /** -1: unlimited. */
  connectionLimit: z.int(),
  defaultPoolId: Id.optional(),
  l7PolicyIds: z.array(Id),
  allowedCidrs: z.array(z.string()),
  /** Milliseconds. */
  timeoutClientData: z.int().optional(),
  timeoutMemberConnect: z.int().optional(),
  timeoutMemberData: z.int().optional(),
  /** `true` or `false` by the name of the header, such as `X-Forwarded-For`. */
  insertHeaders: z.record(z.string(), z.string()).optional(),
  /** A list as OpenSSL writes it. Absent where TLS does not end here. */
  tlsCiphers: z.string().optional(),
  /** Such as `TLSv1.2`; empty: all. */
  tlsVersions: z.array(z.string()).optional(),
  alpnProtocols: z.array(z.string()).optional(),
  /** NONE, OPTIONAL, MANDATORY: whether clients show a certificate. Absent where the API does not tell. */
  clientAuthentication: z.string().optional(),
  clientCaTlsContainerRef: z.string().optional(),
  clientCrlContainerRef: z.string().optional(),
  /** Seconds for which browsers come back by HTTPS only; absent: they are told nothing of it. */
  hstsMaxAge: z.int().optional(),
  /** Absent where the API does not tell of HSTS at all. */
  hstsIncludeSubdomains: z.boolean().optional(),
  hstsPreload: z.boolean().optional(),
})
export type Listener = z.infer<typeof Listener>

export const Member = Common.extend({
  address: z.string(),
  port: z.int(),
  /** 0 to 256; 0 drains. */
  weight: z.int(),
  backup: z.boolean(),
  subnetId: Id.optional(),
  monitorAddress: z.string().optional(),
  monitorPort: z.int().optional(),
})
export type Member = z.infer<typeof Member>

export const HealthMonitor = Common.extend({
  type: z.string(),
  /** Seconds between checks. */
  delay: z.int(),
  /** Seconds one check may take. */
  timeout: z.int(),
  maxRetries: z.int(),
  maxRetriesDown: z.int(),
  httpMethod: z.string().optional(),
  urlPath: z.string().optional(),
  expectedCodes: z.string().optional(),
})
export type HealthMonitor = z.infer<typeof HealthMonitor>

export const Pool = Common.extend({
  description: z.string(),
  protocol: z.string(),
  algorithm: z.string(),
  sessionPersistence: z
    .object({
      type: z.string(),
      cookieName: z.string().optional(),
      /** Seconds; of UDP and SCTP only. */
      timeout: z.int().optional(),
      /** A netmask: clients whose addresses are equal under it are one; of UDP and SCTP only. */
      granularity: z.string().optional(),
    })
    .optional(),
  listenerIds: z.array(Id),
  healthMonitorId: Id.optional(),
  memberIds: z.array(Id),
  /** Whether traffic to the members is encrypted anew. Absent where the API does not tell. */
  tlsEnabled: z.boolean().optional(),
  /** What the load balancer shows to members, and what it judges theirs by. */
  tlsContainerRef: z.string().optional(),
  caTlsContainerRef: z.string().optional(),
  crlContainerRef: z.string().optional(),
  tlsCiphers: z.string().optional(),
  /** Such as `TLSv1.2`; empty: all. */
  tlsVersions: z.array(z.string()).optional(),
  alpnProtocols: z.array(z.string()).optional(),
})
export type Pool = z.infer<typeof Pool>

/** A load balancer with all its parts, read together. */
export const LoadBalancerDetail = z.object({
  loadBalancer: LoadBalancer,
  listeners: z.array(Listener),
  pools: z.array(
    Pool.extend({ members: z.array(Member), healthMonitor: HealthMonitor.optional() }),
  ),
  /** When it was read, by this machine's clock. */
  at: Instant,
  requestIds: z.array(z.string()),
})
export type LoadBalancerDetail = z.infer<typeof LoadBalancerDetail>

/** An amphora as the controller knows it. `role` is how it was built, not who owns the VIP now. */
export const Amphora = z.object({
  id: Id,
  loadBalancerId: Id.optional(),
  computeId: Id.optional(),
  /** Management address, where SSH and the agent listen; absent while it is being built. */
  managementAddress: z.string().optional(),
  vrrpAddress: z.string().optional(),
  vipAddress: z.string().optional(),
  vrrpPortId: Id.optional(),
  vipPortId: Id.optional(),
  /** MASTER, BACKUP, STANDALONE; absent while it is being built. */
  role: z.string().optional(),
  status: z.string(),
  vrrpInterface: z.string().optional(),
  vrrpId: z.int().optional(),
  vrrpPriority: z.int().optional(),
  certificateExpiresAt: Instant.optional(),
  imageId: Id.optional(),
  computeFlavorId: Id.optional(),
  zone: z.string().optional(),
  createdAt: Instant.optional(),
  updatedAt: Instant.optional(),
})
export type Amphora = z.infer<typeof Amphora>

const inCloud = z.object({ cloud: CloudName })

export const loadBalancer = {
  /** Every load balancer the credentials see, oldest first; all pages. */
  'loadBalancer.list': request(
    inCloud,
    z.object({ loadBalancers: z.array(LoadBalancer), at: Instant }),
  ),
  /** One load balancer with listeners, pools, members and monitors. */
  'loadBalancer.read': request(inCloud.extend({ id: Id }), LoadBalancerDetail),
  /** Its amphorae. Fails with `octavia.forbidden` without admin rights. */
  'amphora.list': request(
    inCloud.extend({ loadBalancerId: Id.optional() }),
    z.object({ amphorae: z.array(Amphora), at: Instant }),
  ),
}
