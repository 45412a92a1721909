import type {
  AmphoraRecord,
  Database,
  HealthMonitorRecord,
  ListenerRecord,
  LoadBalancerRecord,
  MemberRecord,
  PoolRecord,
} from './records'

/** An object as it goes over the wire. */
export type Shape = Record<string, unknown>

const references = (records: readonly { id: string }[]): { id: string }[] =>
  records.map(({ id }) => ({ id }))

/** A load balancer as GET answers it. */
export const loadBalancerShape = (database: Database, record: LoadBalancerRecord): Shape => ({
  id: record.id,
  name: record.name,
  description: record.description,
  provisioning_status: record.provisioning_status,
  operating_status: record.operating_status,
  admin_state_up: record.admin_state_up,
  project_id: record.project_id,
  created_at: record.created_at,
  updated_at: record.updated_at,
  vip_address: record.vip_address,
  vip_port_id: record.vip_port_id,
  vip_subnet_id: record.vip_subnet_id,
  vip_network_id: record.vip_network_id,
  additional_vips: [],
  listeners: references(database.listenersOf(record.id)),
  pools: references(database.poolsOf(record.id)),
  provider: record.provider,
  flavor_id: record.flavor_id,
  vip_qos_policy_id: record.vip_qos_policy_id,
  tags: record.tags,
  availability_zone: record.availability_zone,
  tenant_id: record.project_id,
})

export const listenerShape = (record: ListenerRecord): Shape => ({
  id: record.id,
  name: record.name,
  description: record.description,
  provisioning_status: record.provisioning_status,
  operating_status: record.operating_status,
  admin_state_up: record.admin_state_up,
  protocol: record.protocol,
  protocol_port: record.protocol_port,
  connection_limit: record.connection_limit,
  default_tls_container_ref: null,
  sni_container_refs: [],
  project_id: record.project_id,
  default_pool_id: record.default_pool_id,
  l7policies: [],
  insert_headers: record.insert_headers,
  created_at: record.created_at,
  updated_at: record.updated_at,
  loadbalancers: [{ id: record.loadbalancer_id }],
  timeout_client_data: record.timeout_client_data,
  timeout_member_connect: record.timeout_member_connect,
  timeout_member_data: record.timeout_member_data,
  timeout_tcp_inspect: record.timeout_tcp_inspect,
  tags: record.tags,
  client_ca_tls_container_ref: null,
  client_authentication: 'NONE',
  client_crl_container_ref: null,
  allowed_cidrs: record.allowed_cidrs,
  tls_ciphers: null,
  tls_versions: null,
  alpn_protocols: null,
  tenant_id: record.project_id,
})

export const poolShape = (database: Database, record: PoolRecord): Shape => {
  const monitor = database.monitorOf(record.id)
  // A pool that is just being created has no such field at all.
  const isNew = record.updated_at === null && record.provisioning_status === 'PENDING_CREATE'
  return {
    id: record.id,
    name: record.name,
    description: record.description,
    provisioning_status: record.provisioning_status,
    operating_status: record.operating_status,
    admin_state_up: record.admin_state_up,
    protocol: record.protocol,
    lb_algorithm: record.lb_algorithm,
    session_persistence: record.session_persistence,
    project_id: record.project_id,
    loadbalancers: [{ id: record.loadbalancer_id }],
    listeners: references(database.listenersOfPool(record.id)),
    created_at: record.created_at,
    updated_at: record.updated_at,
    ...(monitor ? { healthmonitor_id: monitor.id } : isNew ? {} : { healthmonitor_id: null }),
    members: references(database.membersOf(record.id)),
    tags: record.tags,
    tls_container_ref: null,
    ca_tls_container_ref: null,
    crl_container_ref: null,
    tls_enabled: false,
    tls_ciphers: null,
    tls_versions: null,
    alpn_protocols: null,
    tenant_id: record.project_id,
  }
}

export const memberShape = (record: MemberRecord): Shape => ({
  id: record.id,
  name: record.name,
  operating_status: record.operating_status,
  provisioning_status: record.provisioning_status,
  admin_state_up: record.admin_state_up,
  address: record.address,
  protocol_port: record.protocol_port,
  weight: record.weight,
  backup: record.backup,
  subnet_id: record.subnet_id,
  project_id: record.project_id,
  created_at: record.created_at,
  updated_at: record.updated_at,
  monitor_address: record.monitor_address,
  monitor_port: record.monitor_port,
  tags: record.tags,
  tenant_id: record.project_id,
})

export const healthMonitorShape = (record: HealthMonitorRecord): Shape => ({
  id: record.id,
  name: record.name,
  type: record.type,
  delay: record.delay,
  timeout: record.timeout,
  max_retries: record.max_retries,
  max_retries_down: record.max_retries_down,
  http_method: record.http_method,
  url_path: record.url_path,
  expected_codes: record.expected_codes,
  admin_state_up: record.admin_state_up,
  project_id: record.project_id,
  pools: [{ id: record.pool_id }],
  provisioning_status: record.provisioning_status,
  operating_status: record.operating_status,
  created_at: record.created_at,
  updated_at: record.updated_at,
  tags: record.tags,
  http_version: record.http_version,
  domain_name: record.domain_name,
  tenant_id: record.project_id,
})

export const amphoraShape = (record: AmphoraRecord): Shape => ({ ...record })

/** The status tree; objects below a pool in the order of their ids, as the database answers them. */
export function statusTree(database: Database, record: LoadBalancerRecord): Shape {
  const statuses = (each: { provisioning_status: string; operating_status: string }) => ({
    provisioning_status: each.provisioning_status,
    operating_status: each.operating_status,
  })
  const pool = (each: PoolRecord): Shape => {
    const monitor = database.monitorOf(each.id)
    return {
      id: each.id,
      name: each.name,
      ...statuses(each),
      ...(monitor && {
        health_monitor: {
          id: monitor.id,
          name: monitor.name,
          type: monitor.type,
          ...statuses(monitor),
        },
      }),
      members: database.membersOf(each.id).map((member) => ({
        id: member.id,
        name: member.name,
        operating_status: member.operating_status,
        provisioning_status: member.provisioning_status,
        address: member.address,
        protocol_port: member.protocol_port,
      })),
    }
  }
  const head = (each: LoadBalancerRecord | ListenerRecord) => ({
    id: each.id,
    name: each.name,
    operating_status: each.operating_status,
    provisioning_status: each.provisioning_status,
  })
  return {
    loadbalancer: {
      ...head(record),
      listeners: database.listenersOf(record.id).map((listener) => {
        const used = listener.default_pool_id && database.pools.get(listener.default_pool_id)
        return { ...head(listener), pools: used ? [pool(used)] : [] }
      }),
    },
  }
}
