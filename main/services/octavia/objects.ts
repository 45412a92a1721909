import { z } from 'zod'
import type {
  Amphora,
  HealthMonitor,
  Listener,
  LoadBalancer,
  Member,
  Pool,
} from '../../../preload/contract/loadBalancer'
import { absent, listOf, References, Text, Time } from './answer'

const Id = z.string().min(1)
const OptionalId = absent(Id)
const OptionalText = absent(z.string())
const OptionalNumber = absent(z.int())

/** What every object carries; `tags` came with v2.5. */
const CommonWire = z.object({
  id: Id,
  name: Text,
  provisioning_status: z.string(),
  operating_status: Text,
  admin_state_up: absent(z.boolean()),
  created_at: Time,
  updated_at: Time,
  tags: listOf(z.string()),
})

const common = (wire: z.output<typeof CommonWire>) => ({
  id: wire.id,
  name: wire.name,
  provisioningStatus: wire.provisioning_status,
  operatingStatus: wire.operating_status,
  adminStateUp: wire.admin_state_up ?? true,
  createdAt: wire.created_at,
  updatedAt: wire.updated_at,
  tags: wire.tags,
})

/**
 * A load balancer as GET and lists answer it, of every release of the API v2.
 * @see Octavia 11.0.0 `api/v2/types/load_balancer.py`; until v2.2 `flavor_id` was called `flavor`
 */
export const LoadBalancerWire = CommonWire.extend({
  description: Text,
  project_id: OptionalId,
  tenant_id: OptionalId,
  vip_address: Text,
  vip_port_id: OptionalId,
  vip_subnet_id: OptionalId,
  vip_network_id: OptionalId,
  additional_vips: listOf(
    z.object({ ip_address: Text, subnet_id: OptionalId, port_id: OptionalId }),
  ),
  vip_qos_policy_id: OptionalId,
  provider: Text,
  flavor_id: OptionalText,
  flavor: OptionalText,
  availability_zone: OptionalText,
  listeners: References,
  pools: References,
}).transform((wire): LoadBalancer => ({
  ...common(wire),
  description: wire.description,
  projectId: wire.project_id ?? wire.tenant_id ?? '',
  vipAddress: wire.vip_address,
  vipPortId: wire.vip_port_id,
  vipSubnetId: wire.vip_subnet_id,
  vipNetworkId: wire.vip_network_id,
  additionalVips: wire.additional_vips.map((vip) => ({
    address: vip.ip_address,
    subnetId: vip.subnet_id,
    portId: vip.port_id,
  })),
  vipQosPolicyId: wire.vip_qos_policy_id,
  provider: wire.provider,
  // Rocky and older answer an empty string for "no flavor".
  flavorId: (wire.flavor_id ?? wire.flavor) || undefined,
  availabilityZone: wire.availability_zone,
  listenerIds: wire.listeners,
  poolIds: wire.pools,
}))

/** A listener. Timeouts came with v2.1, `allowed_cidrs` with v2.12. @see Octavia 11.0.0 `api/v2/types/listener.py` */
export const ListenerWire = CommonWire.extend({
  description: Text,
  protocol: z.string(),
  protocol_port: z.int(),
  connection_limit: OptionalNumber,
  default_pool_id: OptionalId,
  l7policies: References,
  allowed_cidrs: listOf(z.string()),
  timeout_client_data: OptionalNumber,
  timeout_member_connect: OptionalNumber,
  timeout_member_data: OptionalNumber,
}).transform((wire): Listener => ({
  ...common(wire),
  description: wire.description,
  protocol: wire.protocol,
  port: wire.protocol_port,
  connectionLimit: wire.connection_limit ?? -1,
  defaultPoolId: wire.default_pool_id,
  l7PolicyIds: wire.l7policies,
  allowedCidrs: wire.allowed_cidrs,
  timeoutClientData: wire.timeout_client_data,
  timeoutMemberConnect: wire.timeout_member_connect,
  timeoutMemberData: wire.timeout_member_data,
}))

/** A pool. @see Octavia 11.0.0 `api/v2/types/pool.py` */
export const PoolWire = CommonWire.extend({
  description: Text,
  protocol: z.string(),
  lb_algorithm: z.string(),
  session_persistence: absent(z.object({ type: z.string(), cookie_name: OptionalText })),
  listeners: References,
  healthmonitor_id: OptionalId,
  members: References,
}).transform((wire): Pool => ({
  ...common(wire),
  description: wire.description,
  protocol: wire.protocol,
  algorithm: wire.lb_algorithm,
  sessionPersistence: wire.session_persistence && {
    type: wire.session_persistence.type,
    cookieName: wire.session_persistence.cookie_name,
  },
  listenerIds: wire.listeners,
  healthMonitorId: wire.healthmonitor_id,
  memberIds: wire.members,
}))

/** A member; `backup` came with v2.1. @see Octavia 11.0.0 `api/v2/types/member.py` */
export const MemberWire = CommonWire.extend({
  address: z.string(),
  protocol_port: z.int(),
  weight: OptionalNumber,
  backup: absent(z.boolean()),
  subnet_id: OptionalId,
  monitor_address: OptionalText,
  monitor_port: OptionalNumber,
}).transform((wire): Member => ({
  ...common(wire),
  address: wire.address,
  port: wire.protocol_port,
  weight: wire.weight ?? 1,
  backup: wire.backup ?? false,
  subnetId: wire.subnet_id,
  monitorAddress: wire.monitor_address,
  monitorPort: wire.monitor_port,
}))

/** A health monitor. @see Octavia 11.0.0 `api/v2/types/health_monitor.py` */
export const HealthMonitorWire = CommonWire.extend({
  type: z.string(),
  delay: z.int(),
  timeout: z.int(),
  max_retries: z.int(),
  max_retries_down: OptionalNumber,
  http_method: OptionalText,
  url_path: OptionalText,
  expected_codes: OptionalText,
}).transform((wire): HealthMonitor => ({
  ...common(wire),
  type: wire.type,
  delay: wire.delay,
  timeout: wire.timeout,
  maxRetries: wire.max_retries,
  // Octavia's own default, for answers that leave it out.
  maxRetriesDown: wire.max_retries_down ?? 3,
  httpMethod: wire.http_method,
  urlPath: wire.url_path,
  expectedCodes: wire.expected_codes,
}))

/**
 * An amphora as the admin API answers it; times and `image_id` came with v2.1, `compute_flavor` with v2.3.
 * @see Octavia 11.0.0 `api/v2/types/amphora.py`
 */
export const AmphoraWire = z
  .object({
    id: Id,
    loadbalancer_id: OptionalId,
    compute_id: OptionalId,
    lb_network_ip: OptionalText,
    vrrp_ip: OptionalText,
    ha_ip: OptionalText,
    vrrp_port_id: OptionalId,
    ha_port_id: OptionalId,
    role: OptionalText,
    status: z.string(),
    vrrp_interface: OptionalText,
    vrrp_id: OptionalNumber,
    vrrp_priority: OptionalNumber,
    cert_expiration: Time,
    image_id: OptionalId,
    compute_flavor: OptionalId,
    cached_zone: OptionalText,
    created_at: Time,
    updated_at: Time,
  })
  .transform((wire): Amphora => ({
    id: wire.id,
    loadBalancerId: wire.loadbalancer_id,
    computeId: wire.compute_id,
    managementAddress: wire.lb_network_ip,
    vrrpAddress: wire.vrrp_ip,
    vipAddress: wire.ha_ip,
    vrrpPortId: wire.vrrp_port_id,
    vipPortId: wire.ha_port_id,
    role: wire.role,
    status: wire.status,
    vrrpInterface: wire.vrrp_interface,
    vrrpId: wire.vrrp_id,
    vrrpPriority: wire.vrrp_priority,
    certificateExpiresAt: wire.cert_expiration,
    imageId: wire.image_id,
    computeFlavorId: wire.compute_flavor,
    zone: wire.cached_zone,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
  }))
