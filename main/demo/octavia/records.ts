/** The cloud's objects as the Octavia API v2.26 of 11.0.0 (Zed) answers them: same fields, same order. */

export type ProvisioningStatus =
  'ACTIVE' | 'PENDING_CREATE' | 'PENDING_UPDATE' | 'PENDING_DELETE' | 'ERROR'

interface Record_ {
  id: string
  name: string
  provisioning_status: ProvisioningStatus
  operating_status: string
  admin_state_up: boolean
  project_id: string
  created_at: string
  updated_at: string | null
  tags: string[]
}

export interface LoadBalancerRecord extends Record_ {
  description: string
  vip_address: string
  vip_port_id: string
  vip_subnet_id: string
  vip_network_id: string
  provider: string
  flavor_id: null
  vip_qos_policy_id: string | null
  availability_zone: null
}

export interface ListenerRecord extends Record_ {
  description: string
  loadbalancer_id: string
  protocol: string
  protocol_port: number
  connection_limit: number
  default_pool_id: string | null
  insert_headers: Record<string, string>
  timeout_client_data: number
  timeout_member_connect: number
  timeout_member_data: number
  timeout_tcp_inspect: number
  allowed_cidrs: string[] | null
}

export interface PoolRecord extends Record_ {
  description: string
  loadbalancer_id: string
  protocol: string
  lb_algorithm: string
  session_persistence: SessionPersistence | null
}

export interface SessionPersistence {
  type: string
  cookie_name: string | null
  persistence_timeout: number | null
  persistence_granularity: string | null
}

export interface MemberRecord extends Record_ {
  pool_id: string
  address: string
  protocol_port: number
  weight: number
  backup: boolean
  subnet_id: string | null
  monitor_address: string | null
  monitor_port: number | null
}

export interface HealthMonitorRecord extends Record_ {
  pool_id: string
  type: string
  delay: number
  timeout: number
  max_retries: number
  max_retries_down: number
  http_method: string | null
  url_path: string | null
  expected_codes: string | null
  http_version: number | null
  domain_name: string | null
}

export interface AmphoraRecord {
  id: string
  loadbalancer_id: string
  compute_id: string | null
  lb_network_ip: string | null
  vrrp_ip: string | null
  ha_ip: string | null
  vrrp_port_id: string | null
  ha_port_id: string | null
  cert_expiration: string | null
  cert_busy: boolean
  role: string | null
  status: string
  vrrp_interface: string | null
  vrrp_id: number | null
  vrrp_priority: number | null
  cached_zone: string | null
  created_at: string
  updated_at: string | null
  image_id: null
  compute_flavor: string | null
}

/** Everything Octavia keeps in its database, in the order of creation. */
export class Database {
  readonly loadBalancers = new Map<string, LoadBalancerRecord>()
  readonly listeners = new Map<string, ListenerRecord>()
  readonly pools = new Map<string, PoolRecord>()
  readonly members = new Map<string, MemberRecord>()
  readonly healthMonitors = new Map<string, HealthMonitorRecord>()
  readonly amphorae = new Map<string, AmphoraRecord>()

  listenersOf(loadBalancerId: string): ListenerRecord[] {
    return [...this.listeners.values()].filter((each) => each.loadbalancer_id === loadBalancerId)
  }

  poolsOf(loadBalancerId: string): PoolRecord[] {
    return [...this.pools.values()].filter((each) => each.loadbalancer_id === loadBalancerId)
  }

  membersOf(poolId: string): MemberRecord[] {
    return [...this.members.values()].filter((each) => each.pool_id === poolId)
  }

  monitorOf(poolId: string): HealthMonitorRecord | undefined {
    return [...this.healthMonitors.values()].find((each) => each.pool_id === poolId)
  }

  amphoraeOf(loadBalancerId: string): AmphoraRecord[] {
    return [...this.amphorae.values()].filter((each) => each.loadbalancer_id === loadBalancerId)
  }

  /** Listeners that send to a pool. */
  listenersOfPool(poolId: string): ListenerRecord[] {
    return [...this.listeners.values()].filter((each) => each.default_pool_id === poolId)
  }
}
