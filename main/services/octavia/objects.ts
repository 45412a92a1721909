import type {
  Amphora,
  HealthMonitor,
  Listener,
  LoadBalancer,
  Member,
  Pool,
} from '../../../preload/contract/loadBalancer'
import {
  id,
  integer,
  objects,
  optionalFlag,
  optionalId,
  optionalInteger,
  optionalObject,
  optionalText,
  optionalTexts,
  references,
  text,
  textOrEmpty,
  texts,
  time,
  type Wire,
} from './fields'

/**
 * A load balancer as GET and lists answer it, of every release of the API v2.
 * @see Octavia 11.0.0 `api/v2/types/load_balancer.py`; until v2.2 `flavor_id` was called `flavor`, `tags` came with v2.5
 */
export const loadBalancerOf = (wire: Wire): LoadBalancer => ({
  id: id(wire['id'], 'id'),
  name: textOrEmpty(wire['name'], 'name'),
  provisioningStatus: text(wire['provisioning_status'], 'provisioning_status'),
  operatingStatus: textOrEmpty(wire['operating_status'], 'operating_status'),
  adminStateUp: optionalFlag(wire['admin_state_up'], 'admin_state_up') ?? true,
  createdAt: time(wire['created_at'], 'created_at'),
  updatedAt: time(wire['updated_at'], 'updated_at'),
  tags: texts(wire['tags'], 'tags'),
  description: textOrEmpty(wire['description'], 'description'),
  projectId:
    either(
      optionalId(wire['project_id'], 'project_id'),
      optionalId(wire['tenant_id'], 'tenant_id'),
    ) ?? '',
  vipAddress: textOrEmpty(wire['vip_address'], 'vip_address'),
  vipPortId: optionalId(wire['vip_port_id'], 'vip_port_id'),
  vipSubnetId: optionalId(wire['vip_subnet_id'], 'vip_subnet_id'),
  vipNetworkId: optionalId(wire['vip_network_id'], 'vip_network_id'),
  additionalVips: objects(wire['additional_vips'], 'additional_vips', additionalVipOf),
  vipQosPolicyId: optionalId(wire['vip_qos_policy_id'], 'vip_qos_policy_id'),
  provider: textOrEmpty(wire['provider'], 'provider'),
  // Rocky and older answer an empty string for "no flavor".
  flavorId:
    either(optionalText(wire['flavor_id'], 'flavor_id'), optionalText(wire['flavor'], 'flavor')) ||
    undefined,
  availabilityZone: optionalText(wire['availability_zone'], 'availability_zone'),
  listenerIds: references(wire['listeners'], 'listeners'),
  poolIds: references(wire['pools'], 'pools'),
})

/** A field under its present name, or under its older one; both are checked. */
const either = <T>(present: T | undefined, older: T | undefined): T | undefined => present ?? older

const additionalVipOf = (wire: Wire): LoadBalancer['additionalVips'][number] => ({
  address: textOrEmpty(wire['ip_address'], 'ip_address'),
  subnetId: optionalId(wire['subnet_id'], 'subnet_id'),
  portId: optionalId(wire['port_id'], 'port_id'),
})

/**
 * A listener. Timeouts came with v2.1, client authentication with v2.8, `allowed_cidrs` with v2.12, `tls_ciphers` with
 * v2.15, `tls_versions` with v2.17, `alpn_protocols` with v2.20, HSTS with v2.27.
 * @see Octavia 11.0.0 `api/v2/types/listener.py`
 */
export const listenerOf = (wire: Wire): Listener => ({
  ...common(wire),
  description: textOrEmpty(wire['description'], 'description'),
  protocol: text(wire['protocol'], 'protocol'),
  port: integer(wire['protocol_port'], 'protocol_port'),
  connectionLimit: optionalInteger(wire['connection_limit'], 'connection_limit') ?? -1,
  defaultPoolId: optionalId(wire['default_pool_id'], 'default_pool_id'),
  l7PolicyIds: references(wire['l7policies'], 'l7policies'),
  allowedCidrs: texts(wire['allowed_cidrs'], 'allowed_cidrs'),
  timeoutClientData: optionalInteger(wire['timeout_client_data'], 'timeout_client_data'),
  timeoutMemberConnect: optionalInteger(wire['timeout_member_connect'], 'timeout_member_connect'),
  timeoutMemberData: optionalInteger(wire['timeout_member_data'], 'timeout_member_data'),
  insertHeaders: optionalObject(wire['insert_headers'], 'insert_headers', headersOf),
  tlsCiphers: optionalText(wire['tls_ciphers'], 'tls_ciphers'),
  tlsVersions: optionalTexts(wire['tls_versions'], 'tls_versions'),
  alpnProtocols: optionalTexts(wire['alpn_protocols'], 'alpn_protocols'),
  clientAuthentication: optionalText(wire['client_authentication'], 'client_authentication'),
  clientCaTlsContainerRef: optionalText(
    wire['client_ca_tls_container_ref'],
    'client_ca_tls_container_ref',
  ),
  clientCrlContainerRef: optionalText(wire['client_crl_container_ref'], 'client_crl_container_ref'),
  hstsMaxAge: optionalInteger(wire['hsts_max_age'], 'hsts_max_age'),
  hstsIncludeSubdomains: optionalFlag(wire['hsts_include_subdomains'], 'hsts_include_subdomains'),
  hstsPreload: optionalFlag(wire['hsts_preload'], 'hsts_preload'),
})

const headersOf = (wire: Wire): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wire).map(([name, on]) => [
      name,
      typeof on === 'boolean' ? String(on) : text(on, name),
    ]),
  )

/**
 * A pool. Persistence of UDP came with v2.2, TLS to members with v2.8, `tls_ciphers` with v2.15, `tls_versions` with v2.18,
 * `alpn_protocols` with v2.24.
 * @see Octavia 11.0.0 `api/v2/types/pool.py`
 */
export const poolOf = (wire: Wire): Pool => ({
  ...common(wire),
  description: textOrEmpty(wire['description'], 'description'),
  protocol: text(wire['protocol'], 'protocol'),
  algorithm: text(wire['lb_algorithm'], 'lb_algorithm'),
  sessionPersistence: optionalObject(
    wire['session_persistence'],
    'session_persistence',
    (persistence) => ({
      type: text(persistence['type'], 'type'),
      cookieName: optionalText(persistence['cookie_name'], 'cookie_name'),
      timeout: optionalInteger(persistence['persistence_timeout'], 'persistence_timeout'),
      granularity: optionalText(persistence['persistence_granularity'], 'persistence_granularity'),
    }),
  ),
  listenerIds: references(wire['listeners'], 'listeners'),
  healthMonitorId: optionalId(wire['healthmonitor_id'], 'healthmonitor_id'),
  memberIds: references(wire['members'], 'members'),
  tlsEnabled: optionalFlag(wire['tls_enabled'], 'tls_enabled'),
  tlsContainerRef: optionalText(wire['tls_container_ref'], 'tls_container_ref'),
  caTlsContainerRef: optionalText(wire['ca_tls_container_ref'], 'ca_tls_container_ref'),
  crlContainerRef: optionalText(wire['crl_container_ref'], 'crl_container_ref'),
  tlsCiphers: optionalText(wire['tls_ciphers'], 'tls_ciphers'),
  tlsVersions: optionalTexts(wire['tls_versions'], 'tls_versions'),
  alpnProtocols: optionalTexts(wire['alpn_protocols'], 'alpn_protocols'),
})

/** A member; `backup` came with v2.1. @see Octavia 11.0.0 `api/v2/types/member.py` */
export const memberOf = (wire: Wire): Member => ({
  ...common(wire),
  address: text(wire['address'], 'address'),
  port: integer(wire['protocol_port'], 'protocol_port'),
  weight: optionalInteger(wire['weight'], 'weight') ?? 1,
  backup: optionalFlag(wire['backup'], 'backup') ?? false,
  subnetId: optionalId(wire['subnet_id'], 'subnet_id'),
  monitorAddress: optionalText(wire['monitor_address'], 'monitor_address'),
  monitorPort: optionalInteger(wire['monitor_port'], 'monitor_port'),
})

/** A health monitor. @see Octavia 11.0.0 `api/v2/types/health_monitor.py` */
export const healthMonitorOf = (wire: Wire): HealthMonitor => ({
  ...common(wire),
  type: text(wire['type'], 'type'),
  delay: integer(wire['delay'], 'delay'),
  timeout: integer(wire['timeout'], 'timeout'),
  maxRetries: integer(wire['max_retries'], 'max_retries'),
  // Octavia's own default, for answers that leave it out.
  maxRetriesDown: optionalInteger(wire['max_retries_down'], 'max_retries_down') ?? 3,
  httpMethod: optionalText(wire['http_method'], 'http_method'),
  urlPath: optionalText(wire['url_path'], 'url_path'),
  expectedCodes: optionalText(wire['expected_codes'], 'expected_codes'),
})

/**
 * An amphora as the admin API answers it; times and `image_id` came with v2.1, `compute_flavor` with v2.3.
 * @see Octavia 11.0.0 `api/v2/types/amphora.py`
 */
export const amphoraOf = (wire: Wire): Amphora => ({
  id: id(wire['id'], 'id'),
  loadBalancerId: optionalId(wire['loadbalancer_id'], 'loadbalancer_id'),
  computeId: optionalId(wire['compute_id'], 'compute_id'),
  managementAddress: optionalText(wire['lb_network_ip'], 'lb_network_ip'),
  vrrpAddress: optionalText(wire['vrrp_ip'], 'vrrp_ip'),
  vipAddress: optionalText(wire['ha_ip'], 'ha_ip'),
  vrrpPortId: optionalId(wire['vrrp_port_id'], 'vrrp_port_id'),
  vipPortId: optionalId(wire['ha_port_id'], 'ha_port_id'),
  role: optionalText(wire['role'], 'role'),
  status: text(wire['status'], 'status'),
  vrrpInterface: optionalText(wire['vrrp_interface'], 'vrrp_interface'),
  vrrpId: optionalInteger(wire['vrrp_id'], 'vrrp_id'),
  vrrpPriority: optionalInteger(wire['vrrp_priority'], 'vrrp_priority'),
  certificateExpiresAt: time(wire['cert_expiration'], 'cert_expiration'),
  imageId: optionalId(wire['image_id'], 'image_id'),
  computeFlavorId: optionalId(wire['compute_flavor'], 'compute_flavor'),
  zone: optionalText(wire['cached_zone'], 'cached_zone'),
  createdAt: time(wire['created_at'], 'created_at'),
  updatedAt: time(wire['updated_at'], 'updated_at'),
})

/** What every object carries; `tags` came with v2.5. */
const common = (wire: Wire) => ({
  id: id(wire['id'], 'id'),
  name: textOrEmpty(wire['name'], 'name'),
  provisioningStatus: text(wire['provisioning_status'], 'provisioning_status'),
  operatingStatus: textOrEmpty(wire['operating_status'], 'operating_status'),
  adminStateUp: optionalFlag(wire['admin_state_up'], 'admin_state_up') ?? true,
  createdAt: time(wire['created_at'], 'created_at'),
  updatedAt: time(wire['updated_at'], 'updated_at'),
  tags: texts(wire['tags'], 'tags'),
})
