import type { WebAnswer } from '../web/httpServer'
import type { PortRecord, SubnetRecord } from '../web/networks'
import { address, anything, flag, readBody, tags, text, uuid } from './attributes'
import {
  COMMON_ATTRIBUTES,
  found,
  fresh,
  listAnswer,
  methodNotAllowed,
  oneAnswer,
  requireAdmin,
  requireJson,
  requireReader,
  requireWriter,
  visible,
  type Call,
  type Context,
  type Controller,
} from './controller'
import { addGraph } from './graph'
import type { LoadBalancerRecord } from './records'
import { Refusal } from './refusal'
import { loadBalancerShape, statusTree, type Shape } from './shapes'

const POST = {
  name: text(),
  description: text(),
  admin_state_up: flag,
  vip_address: address(),
  vip_port_id: uuid(),
  vip_subnet_id: uuid(),
  vip_network_id: uuid(),
  vip_qos_policy_id: uuid(),
  additional_vips: anything,
  project_id: text(36),
  tenant_id: text(36),
  listeners: anything,
  pools: anything,
  provider: text(64),
  tags,
  flavor_id: uuid(),
  availability_zone: text(),
}
const PUT = {
  name: text(),
  description: text(),
  vip_qos_policy_id: uuid(),
  admin_state_up: flag,
  tags,
}

const DELETE_MS = 2500

/** /lbaas/loadbalancers */
export const loadBalancers =
  (context: Context): Controller =>
  (call) => {
    const { database } = context.lifecycle
    const [id, part] = call.rest
    if (id === undefined) {
      if (call.method === 'POST') return create(context, call)
      if (call.method !== 'GET') return methodNotAllowed()
      const items = visible(call, database.loadBalancers.values()).map((record) =>
        loadBalancerShape(database, record),
      )
      const attributes = [
        ...COMMON_ATTRIBUTES,
        'description',
        'vip_address',
        'vip_port_id',
        'vip_subnet_id',
        'vip_network_id',
        'vip_qos_policy_id',
        'provider',
        'flavor_id',
        'availability_zone',
      ]
      return listAnswer(call, { plural: 'loadbalancers', items, attributes })
    }
    if (call.method === 'POST') {
      const value = `Value: '${id}'. unable to convert to LoadBalancerRootPOST.`
      throw Refusal.fault(
        400,
        `Invalid input for field/attribute load_balancer. ${value} Error: Base.__init__() takes 1 positional argument but 2 were given`,
      )
    }
    const record = found(database.loadBalancers, 'Load Balancer', id)
    requireReader(call, record.project_id)
    switch (`${call.method} ${part ?? ''}`) {
      case 'GET ':
        return oneAnswer(call, 'loadbalancer', loadBalancerShape(database, record))
      case 'GET status':
      case 'GET statuses':
        return { status: 200, body: { statuses: statusTree(database, record) } }
      case 'GET stats':
        return { status: 200, body: { stats: statistics(context, record) } }
      case 'PUT ':
        return update(context, call, record)
      case 'DELETE ':
        return remove(context, call, record)
      case 'PUT failover':
        return failOver(context, call, record)
      default:
        return call.method === 'GET'
          ? { status: 200, body: { loadbalancer: {} } }
          : methodNotAllowed()
    }
  }

function create(context: Context, call: Call): WebAnswer {
  const { lifecycle, networks } = context
  const body = readBody(requireJson(call), 'loadbalancer', 'load_balancer', POST)
  const own = call.session.project?.id ?? ''
  const projectId = (body['project_id'] ?? body['tenant_id'] ?? own) as string
  requireWriter(call, projectId)
  const provider = (body['provider'] ?? 'amphora') as string
  if (!['amphora', 'octavia'].includes(provider)) {
    throw Refusal.fault(400, `Provider '${provider}' is not enabled.`)
  }
  if (body['flavor_id']) throw Refusal.validation('Invalid flavor_id.')
  const { subnet, port: given } = vipPlace(context, body)
  const head = fresh(lifecycle, projectId, body)
  const vip =
    given ?? vipPort(context, subnet, head.id, projectId, body['vip_address'] as string | undefined)
  const record: LoadBalancerRecord = {
    ...head,
    description: (body['description'] ?? '') as string,
    vip_address: vip.address,
    vip_port_id: vip.id,
    vip_subnet_id: subnet.id,
    vip_network_id: subnet.network.id,
    provider,
    flavor_id: null,
    vip_qos_policy_id: (body['vip_qos_policy_id'] ?? null) as string | null,
    availability_zone: null,
  }
  const graph = addGraph(context, record, body)
  lifecycle.database.loadBalancers.set(record.id, record)
  const group = networks.addGroup(`lb-${record.id}`, projectId)
  vip.securityGroups = [group.id]
  lifecycle.driver.build(record)
  const shape = loadBalancerShape(lifecycle.database, record)
  return {
    status: 201,
    body: { loadbalancer: { ...graph, ...without(shape, ['listeners', 'pools']) } },
  }
}

const without = (shape: Shape, names: readonly string[]): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name)))

function vipPlace({ networks }: Context, body: Shape): { subnet: SubnetRecord; port?: PortRecord } {
  const portId = body['vip_port_id'] as string | undefined
  const subnetId = body['vip_subnet_id'] as string | undefined
  const networkId = body['vip_network_id'] as string | undefined
  if (portId) {
    const port = networks.ports.get(portId)
    if (!port) throw Refusal.fault(400, `Port ${portId} not found.`)
    return { subnet: port.subnet, port }
  }
  if (subnetId) {
    const subnet = networks.subnets.find(({ id }) => id === subnetId)
    if (!subnet) throw Refusal.fault(400, `Subnet ${subnetId} not found.`)
    return { subnet }
  }
  if (networkId) {
    const subnet = networks.subnets.find(({ network }) => network.id === networkId)
    if (!subnet) throw Refusal.fault(400, `Network ${networkId} not found.`)
    return { subnet }
  }
  throw Refusal.validation('VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.')
}

function vipPort(
  { networks }: Context,
  subnet: SubnetRecord,
  id: string,
  project: string,
  wanted: string | undefined,
): PortRecord {
  const port = networks.addPort(
    subnet,
    {
      name: `octavia-lb-${id}`,
      project,
      up: false,
      deviceId: `lb-${id}`,
      deviceOwner: 'Octavia',
    },
    wanted,
  )
  if (typeof port === 'object') return port
  const words =
    port === 'taken'
      ? `IP address ${wanted ?? ''} already allocated in subnet ${subnet.id}`
      : `IP address ${wanted ?? ''} is not a valid IP for the specified subnet.`
  throw Refusal.fault(
    500,
    `Provider 'amphora' reports error: ${words}\nNeutron server returns request_ids: ['req-${id}']`,
  )
}

function update({ lifecycle }: Context, call: Call, record: LoadBalancerRecord): WebAnswer {
  const body = readBody(requireJson(call), 'loadbalancer', 'load_balancer', PUT)
  requireWriter(call, record.project_id)
  requireState(record, ['ACTIVE'])
  Object.assign(record, body, { updated_at: lifecycle.now() })
  lifecycle.change(record, [], [])
  return oneAnswer(call, 'loadbalancer', loadBalancerShape(lifecycle.database, record))
}

function remove({ lifecycle }: Context, call: Call, record: LoadBalancerRecord): WebAnswer {
  requireWriter(call, record.project_id)
  requireState(record, ['ACTIVE', 'ERROR'])
  const { database, driver } = lifecycle
  const isCascade = /^(true|1|yes)$/i.test(call.query.get('cascade') ?? '')
  const pools = database.poolsOf(record.id)
  const listeners = database.listenersOf(record.id)
  if (!isCascade && (pools.length || listeners.length)) {
    throw Refusal.validation(`Cannot delete Load Balancer ${record.id} - it has children`)
  }
  record.provisioning_status = 'PENDING_DELETE'
  lifecycle.later(DELETE_MS / 5, () => {
    for (const pool of pools) {
      for (const member of database.membersOf(pool.id)) database.members.delete(member.id)
      const monitor = database.monitorOf(pool.id)
      if (monitor) database.healthMonitors.delete(monitor.id)
      database.pools.delete(pool.id)
    }
    for (const listener of listeners) listener.default_pool_id = null
  })
  lifecycle.later(DELETE_MS / 2, () => {
    for (const listener of listeners) database.listeners.delete(listener.id)
  })
  lifecycle.later(DELETE_MS, () => {
    driver.destroy(record.id)
    database.loadBalancers.delete(record.id)
  })
  return { status: 204 }
}

function failOver({ lifecycle }: Context, call: Call, record: LoadBalancerRecord): WebAnswer {
  requireAdmin(call)
  requireState(record, ['ACTIVE', 'ERROR'])
  const amphorae = lifecycle.database.amphoraeOf(record.id)
  lifecycle.driver.failOver(
    record,
    amphorae.map(({ id }) => id),
  )
  return { status: 202 }
}

function requireState(record: LoadBalancerRecord, states: readonly string[]): void {
  if (states.includes(record.provisioning_status)) return
  throw Refusal.fault(
    409,
    `Invalid state ${record.provisioning_status} of loadbalancer resource ${record.id}`,
  )
}

function statistics({ lifecycle }: Context, record: LoadBalancerRecord): Shape {
  const { database, driver } = lifecycle
  const each = database.listenersOf(record.id).map(({ id }) => driver.traffic(id))
  const sum = (read: (traffic: (typeof each)[number]) => number) =>
    each.reduce((total, traffic) => total + read(traffic), 0)
  return {
    bytes_in: sum((traffic) => traffic.bytes_in),
    bytes_out: sum((traffic) => traffic.bytes_out),
    active_connections: sum((traffic) => traffic.active_connections),
    total_connections: sum((traffic) => traffic.total_connections),
    request_errors: sum((traffic) => traffic.request_errors),
  }
}
