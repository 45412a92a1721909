import type {
  Amphora,
  HealthMonitor,
  Listener,
  LoadBalancer,
  Member,
  Pool,
} from '../../../preload/contract/loadBalancer'
import type { Fields } from './fields'

/**
 * A load balancer as GET and lists answer it, of every release of the API v2.
 * @see Octavia 11.0.0 `api/v2/types/load_balancer.py`; until v2.2 `flavor_id` was called `flavor`, `tags` came with v2.5
 */
export const loadBalancerOf = (wire: Fields): LoadBalancer => ({
  id: wire.id('id'),
  name: wire.textOrEmpty('name'),
  provisioningStatus: wire.text('provisioning_status'),
  operatingStatus: wire.textOrEmpty('operating_status'),
  adminStateUp: wire.optionalFlag('admin_state_up') ?? true,
  createdAt: wire.time('created_at'),
  updatedAt: wire.time('updated_at'),
  tags: wire.texts('tags'),
  description: wire.textOrEmpty('description'),
  projectId: either(wire.optionalId('project_id'), wire.optionalId('tenant_id')) ?? '',
  vipAddress: wire.textOrEmpty('vip_address'),
  vipPortId: wire.optionalId('vip_port_id'),
  vipSubnetId: wire.optionalId('vip_subnet_id'),
  vipNetworkId: wire.optionalId('vip_network_id'),
  additionalVips: wire.objects('additional_vips', additionalVipOf),
  vipQosPolicyId: wire.optionalId('vip_qos_policy_id'),
  provider: wire.textOrEmpty('provider'),
  // Rocky and older answer an empty string for "no flavor".
  flavorId: either(wire.optionalText('flavor_id'), wire.optionalText('flavor')) || undefined,
  availabilityZone: wire.optionalText('availability_zone'),
  listenerIds: wire.references('listeners'),
  poolIds: wire.references('pools'),
})

/** A field under its present name, or under its older one; both are checked. */
const either = <T>(present: T | undefined, older: T | undefined): T | undefined => present ?? older

const additionalVipOf = (wire: Fields): LoadBalancer['additionalVips'][number] => ({
  address: wire.textOrEmpty('ip_address'),
  subnetId: wire.optionalId('subnet_id'),
  portId: wire.optionalId('port_id'),
})

/** A listener. Timeouts came with v2.1, `allowed_cidrs` with v2.12. @see Octavia 11.0.0 `api/v2/types/listener.py` */
export const listenerOf = (wire: Fields): Listener => ({
  ...common(wire),
  description: wire.textOrEmpty('description'),
  protocol: wire.text('protocol'),
  port: wire.integer('protocol_port'),
  connectionLimit: wire.optionalInteger('connection_limit') ?? -1,
  defaultPoolId: wire.optionalId('default_pool_id'),
  l7PolicyIds: wire.references('l7policies'),
  allowedCidrs: wire.texts('allowed_cidrs'),
  timeoutClientData: wire.optionalInteger('timeout_client_data'),
  timeoutMemberConnect: wire.optionalInteger('timeout_member_connect'),
  timeoutMemberData: wire.optionalInteger('timeout_member_data'),
})

/** A pool. @see Octavia 11.0.0 `api/v2/types/pool.py` */
export const poolOf = (wire: Fields): Pool => ({
  ...common(wire),
  description: wire.textOrEmpty('description'),
  protocol: wire.text('protocol'),
  algorithm: wire.text('lb_algorithm'),
  sessionPersistence: wire.optionalObject('session_persistence', (persistence) => ({
    type: persistence.text('type'),
    cookieName: persistence.optionalText('cookie_name'),
  })),
  listenerIds: wire.references('listeners'),
  healthMonitorId: wire.optionalId('healthmonitor_id'),
  memberIds: wire.references('members'),
})

/** A member; `backup` came with v2.1. @see Octavia 11.0.0 `api/v2/types/member.py` */
export const memberOf = (wire: Fields): Member => ({
  ...common(wire),
  address: wire.text('address'),
  port: wire.integer('protocol_port'),
  weight: wire.optionalInteger('weight') ?? 1,
  backup: wire.optionalFlag('backup') ?? false,
  subnetId: wire.optionalId('subnet_id'),
  monitorAddress: wire.optionalText('monitor_address'),
  monitorPort: wire.optionalInteger('monitor_port'),
})

/** A health monitor. @see Octavia 11.0.0 `api/v2/types/health_monitor.py` */
export const healthMonitorOf = (wire: Fields): HealthMonitor => ({
  ...common(wire),
  type: wire.text('type'),
  delay: wire.integer('delay'),
  timeout: wire.integer('timeout'),
  maxRetries: wire.integer('max_retries'),
  // Octavia's own default, for answers that leave it out.
  maxRetriesDown: wire.optionalInteger('max_retries_down') ?? 3,
  httpMethod: wire.optionalText('http_method'),
  urlPath: wire.optionalText('url_path'),
  expectedCodes: wire.optionalText('expected_codes'),
})

/**
 * An amphora as the admin API answers it; times and `image_id` came with v2.1, `compute_flavor` with v2.3.
 * @see Octavia 11.0.0 `api/v2/types/amphora.py`
 */
export const amphoraOf = (wire: Fields): Amphora => ({
  id: wire.id('id'),
  loadBalancerId: wire.optionalId('loadbalancer_id'),
  computeId: wire.optionalId('compute_id'),
  managementAddress: wire.optionalText('lb_network_ip'),
  vrrpAddress: wire.optionalText('vrrp_ip'),
  vipAddress: wire.optionalText('ha_ip'),
  vrrpPortId: wire.optionalId('vrrp_port_id'),
  vipPortId: wire.optionalId('ha_port_id'),
  role: wire.optionalText('role'),
  status: wire.text('status'),
  vrrpInterface: wire.optionalText('vrrp_interface'),
  vrrpId: wire.optionalInteger('vrrp_id'),
  vrrpPriority: wire.optionalInteger('vrrp_priority'),
  certificateExpiresAt: wire.time('cert_expiration'),
  imageId: wire.optionalId('image_id'),
  computeFlavorId: wire.optionalId('compute_flavor'),
  zone: wire.optionalText('cached_zone'),
  createdAt: wire.time('created_at'),
  updatedAt: wire.time('updated_at'),
})

/** What every object carries; `tags` came with v2.5. */
const common = (wire: Fields) => ({
  id: wire.id('id'),
  name: wire.textOrEmpty('name'),
  provisioningStatus: wire.text('provisioning_status'),
  operatingStatus: wire.textOrEmpty('operating_status'),
  adminStateUp: wire.optionalFlag('admin_state_up') ?? true,
  createdAt: wire.time('created_at'),
  updatedAt: wire.time('updated_at'),
  tags: wire.texts('tags'),
})
