import {
  anything,
  cidrs,
  flag,
  integer,
  oneOf,
  readBody,
  tags,
  text,
  textOf,
  uuid,
} from './attributes'
import {
  COMMON_ATTRIBUTES,
  found,
  fresh,
  listAnswer,
  loadBalancerOf,
  methodNotAllowed,
  oneAnswer,
  requireJson,
  requireReader,
  requireWriter,
  visible,
  type Call,
  type Context,
  type Controller,
} from './controller'
import type { ListenerRecord, LoadBalancerRecord } from './records'
import { Refusal } from './refusal'
import { listenerShape, type Shape } from './shapes'
import type { WebAnswer } from '../web/httpServer'

const PROTOCOLS = ['TCP', 'SCTP', 'HTTP', 'UDP', 'TERMINATED_HTTPS', 'HTTPS', 'PROMETHEUS']
const TIMEOUT = integer(0, 2_073_600_000)

const CHANGEABLE = {
  name: text(),
  description: text(),
  admin_state_up: flag,
  connection_limit: integer(-1, undefined),
  default_tls_container_ref: text(),
  sni_container_refs: anything,
  default_pool_id: uuid(),
  insert_headers: anything,
  timeout_client_data: TIMEOUT,
  timeout_member_connect: TIMEOUT,
  timeout_member_data: TIMEOUT,
  timeout_tcp_inspect: TIMEOUT,
  tags,
  client_ca_tls_container_ref: text(),
  client_authentication: oneOf(['NONE', 'OPTIONAL', 'MANDATORY']),
  client_crl_container_ref: text(),
  allowed_cidrs: cidrs,
  tls_ciphers: text(2048),
  tls_versions: anything,
  alpn_protocols: anything,
}

/** What a listener inside a single-call create may have. */
export const LISTENER_GRAPH = {
  protocol: oneOf(PROTOCOLS, true),
  protocol_port: integer(1, 65535, true),
  ...CHANGEABLE,
  project_id: text(36),
  tenant_id: text(36),
  default_pool: anything,
  l7policies: anything,
}
const POST = { ...LISTENER_GRAPH, loadbalancer_id: uuid(true) }

/** /lbaas/listeners */
export const listeners =
  (context: Context): Controller =>
  (call) => {
    const { database, driver } = context.lifecycle
    const [id, part] = call.rest
    if (id === undefined) {
      if (call.method === 'POST') return create(context, call)
      if (call.method !== 'GET') return methodNotAllowed()
      return listAnswer(call, {
        plural: 'listeners',
        items: visible(call, database.listeners.values()).map(listenerShape),
        attributes: [
          ...COMMON_ATTRIBUTES,
          'description',
          'protocol',
          'protocol_port',
          'connection_limit',
          'default_pool_id',
        ],
        also: {
          loadbalancer_id: (item) => database.listeners.get(String(item['id']))?.loadbalancer_id,
        },
      })
    }
    const record = found(database.listeners, 'Listener', id)
    requireReader(call, record.project_id)
    switch (`${call.method} ${part ?? ''}`) {
      case 'GET ':
        return oneAnswer(call, 'listener', listenerShape(record))
      case 'GET stats':
        return { status: 200, body: { stats: driver.traffic(id) } }
      case 'PUT ':
        return update(context, call, record)
      case 'DELETE ':
        return remove(context, call, record)
      default:
        return methodNotAllowed()
    }
  }

function create(context: Context, call: Call): WebAnswer {
  const { lifecycle } = context
  const body = readBody(requireJson(call), 'listener', 'listener_', POST)
  const loadBalancer = loadBalancerOf(context, String(body['loadbalancer_id']))
  requireWriter(call, loadBalancer.project_id)
  if (body['protocol'] === 'TERMINATED_HTTPS' && !body['default_tls_container_ref']) {
    throw Refusal.validation(
      'An SNI or default certificate container reference must be provided for TERMINATED_HTTPS protocol listeners.',
    )
  }
  const poolId = body['default_pool_id']
  if (poolId) found(lifecycle.database.pools, 'Pool', textOf(poolId))
  const record = newListener(context, loadBalancer, body)
  lifecycle.requireMutable(loadBalancer)
  requireFreePort(context, record)
  lifecycle.database.listeners.set(record.id, record)
  lifecycle.change(loadBalancer, [{ child: record, status: 'PENDING_CREATE' }], [])
  return oneAnswer(call, 'listener', listenerShape(record), 201)
}

/** A listener of a load balancer, not yet in the database. */
export const newListener = (
  { lifecycle }: Context,
  loadBalancer: LoadBalancerRecord,
  body: Shape,
): ListenerRecord => ({
  ...fresh(lifecycle, loadBalancer.project_id, body),
  description: (body['description'] ?? '') as string,
  loadbalancer_id: loadBalancer.id,
  protocol: body['protocol'] as string,
  protocol_port: body['protocol_port'] as number,
  connection_limit: (body['connection_limit'] ?? -1) as number,
  default_pool_id: (body['default_pool_id'] ?? null) as string | null,
  insert_headers: (body['insert_headers'] ?? {}) as Record<string, string>,
  timeout_client_data: (body['timeout_client_data'] ?? 50_000) as number,
  timeout_member_connect: (body['timeout_member_connect'] ?? 5000) as number,
  timeout_member_data: (body['timeout_member_data'] ?? 50_000) as number,
  timeout_tcp_inspect: (body['timeout_tcp_inspect'] ?? 0) as number,
  allowed_cidrs: (body['allowed_cidrs'] ?? null) as string[] | null,
})

const family = (protocol: string): string => (['UDP', 'SCTP'].includes(protocol) ? protocol : 'TCP')

function requireFreePort({ lifecycle }: Context, record: ListenerRecord): void {
  const other = lifecycle.database
    .listenersOf(record.loadbalancer_id)
    .find(
      ({ protocol, protocol_port: port }) =>
        port === record.protocol_port && family(protocol) === family(record.protocol),
    )
  if (!other) return
  throw Refusal.fault(
    409,
    `Another Listener on this Load Balancer is already using protocol ${other.protocol} and protocol_port ${other.protocol_port}`,
  )
}

function update(context: Context, call: Call, record: ListenerRecord): WebAnswer {
  const { lifecycle } = context
  const body = readBody(requireJson(call), 'listener', 'listener_', CHANGEABLE)
  requireWriter(call, record.project_id)
  const loadBalancer = loadBalancerOf(context, record.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer)
  Object.assign(record, body, { updated_at: lifecycle.now() })
  lifecycle.change(loadBalancer, [{ child: record, status: 'PENDING_UPDATE' }], [])
  return oneAnswer(call, 'listener', listenerShape(record))
}

function remove(context: Context, call: Call, record: ListenerRecord): WebAnswer {
  const { lifecycle } = context
  requireWriter(call, record.project_id)
  const loadBalancer = loadBalancerOf(context, record.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer)
  lifecycle.change(loadBalancer, [{ child: record, status: 'PENDING_DELETE' }], [], () =>
    lifecycle.database.listeners.delete(record.id),
  )
  return { status: 204 }
}
