import type { Clock } from './clock'
import { newId } from './identity'
import type { Database } from './octavia/records'
import type { Pairs } from './pairs'
import { octaviaTime } from './timestamps'
import type { Networks, SubnetRecord } from './web/networks'
import { WEB_SERVERS } from './webServers'

const DAY_MS = 24 * 3600 * 1000

/** One load balancer as it is after a day of quiet operation: `lb1` on .101, `lb2` on .102. */
export function seedLoadBalancer(
  {
    clock,
    database,
    networks,
    pairs,
  }: { clock: Clock; database: Database; networks: Networks; pairs: Pairs },
  number: number,
  project: string,
  vipSubnet: SubnetRecord,
  memberSubnet: SubnetRecord,
): void {
  const name = `lb${number}`
  const since = clock.now() - DAY_MS + number * 60_000
  const head = (suffix: string, seconds: number) => ({
    id: newId(),
    name: suffix ? `${name}-${suffix}` : name,
    provisioning_status: 'ACTIVE' as const,
    operating_status: 'ONLINE',
    admin_state_up: true,
    project_id: project,
    created_at: octaviaTime(since + seconds * 1000),
    updated_at: octaviaTime(since + (seconds + 3) * 1000),
    tags: [],
  })
  const own = head('', 0)
  const vip = networks.addPort(
    vipSubnet,
    {
      name: `octavia-lb-${own.id}`,
      project,
      up: false,
      deviceId: `lb-${own.id}`,
      deviceOwner: 'Octavia',
      securityGroups: [networks.addGroup(`lb-${own.id}`, project).id],
    },
    `${vipSubnet.stem}.${100 + number}`,
  )
  if (typeof vip === 'string') throw new Error(`The VIP of ${name} is ${vip}.`)
  const loadBalancer = {
    ...own,
    description: '',
    vip_address: vip.address,
    vip_port_id: vip.id,
    vip_subnet_id: vipSubnet.id,
    vip_network_id: vipSubnet.network.id,
    provider: 'amphora',
    flavor_id: null,
    vip_qos_policy_id: null,
    availability_zone: null,
  }
  database.loadBalancers.set(own.id, loadBalancer)

  const pool = {
    ...head('pool', 9),
    description: '',
    loadbalancer_id: own.id,
    protocol: 'HTTP',
    lb_algorithm: 'ROUND_ROBIN',
    session_persistence: null,
  }
  database.pools.set(pool.id, pool)
  const listener = {
    ...head('http', 6),
    description: '',
    loadbalancer_id: own.id,
    protocol: 'HTTP',
    protocol_port: 80,
    connection_limit: -1,
    default_pool_id: pool.id,
    insert_headers: {},
    timeout_client_data: 50_000,
    timeout_member_connect: 5000,
    timeout_member_data: 50_000,
    timeout_tcp_inspect: 0,
    allowed_cidrs: null,
  }
  database.listeners.set(listener.id, listener)
  const monitor = {
    ...head('monitor', 12),
    pool_id: pool.id,
    type: 'HTTP',
    delay: 5,
    timeout: 3,
    max_retries: 4,
    max_retries_down: 3,
    http_method: 'GET',
    url_path: '/',
    expected_codes: '200',
    http_version: null,
    domain_name: null,
  }
  database.healthMonitors.set(monitor.id, monitor)
  for (const [index, [address, member]] of Object.entries(WEB_SERVERS).entries()) {
    const record = {
      ...head('', 15 + index),
      name: member,
      pool_id: pool.id,
      address,
      protocol_port: 80,
      weight: 1,
      backup: false,
      subnet_id: memberSubnet.id,
      monitor_address: null,
      monitor_port: null,
    }
    database.members.set(record.id, record)
  }
  pairs.restore(loadBalancer, since + 1000)
}
