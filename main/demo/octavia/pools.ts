import type { WebAnswer } from '../web/httpServer'
import {
  anything,
  flag,
  isShape,
  oneOf,
  readBody,
  readObject,
  tags,
  text,
  textOf,
  uuid,
  integer,
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
import { members } from './members'
import type { LoadBalancerRecord, PoolRecord, SessionPersistence } from './records'
import { Refusal } from './refusal'
import { poolShape, type Shape } from './shapes'

const PROTOCOLS = ['TCP', 'SCTP', 'HTTP', 'PROXYV2', 'UDP', 'HTTPS', 'PROXY']
const ALGORITHMS = ['SOURCE_IP', 'LEAST_CONNECTIONS', 'SOURCE_IP_PORT', 'ROUND_ROBIN']
const PERSISTENCE = {
  type: oneOf(['SOURCE_IP', 'HTTP_COOKIE', 'APP_COOKIE'], true),
  cookie_name: text(),
  persistence_timeout: integer(0, undefined),
  persistence_granularity: text(),
}

const ALLOWED: Record<string, string[]> = {
  TCP: ['HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  HTTP: ['HTTP', 'PROXY', 'PROXYV2'],
  HTTPS: ['HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  TERMINATED_HTTPS: ['HTTP', 'PROXY', 'PROXYV2'],
  UDP: ['UDP'],
  SCTP: ['SCTP'],
  PROMETHEUS: [],
}

const CHANGEABLE = {
  name: text(),
  description: text(),
  admin_state_up: flag,
  lb_algorithm: oneOf(ALGORITHMS),
  session_persistence: anything,
  tags,
  tls_container_ref: text(),
  ca_tls_container_ref: text(),
  crl_container_ref: text(),
  tls_enabled: flag,
  tls_ciphers: text(2048),
  tls_versions: anything,
  alpn_protocols: anything,
}

/** What a pool inside a single-call create may have. */
export const POOL_GRAPH = {
  ...CHANGEABLE,
  protocol: oneOf(PROTOCOLS, true),
  lb_algorithm: oneOf(ALGORITHMS, true),
  members: anything,
  healthmonitor: anything,
  project_id: text(36),
  tenant_id: text(36),
}
const POST = { ...POOL_GRAPH, listener_id: uuid(), loadbalancer_id: uuid() }

/** /lbaas/pools, and the members below them. */
export const pools = (context: Context): Controller => {
  const below = members(context)
  return (call) => {
    const { database } = context.lifecycle
    const [id, part] = call.rest
    if (id === undefined) {
      if (call.method === 'POST') return create(context, call)
      if (call.method !== 'GET') return methodNotAllowed()
      return listAnswer(call, {
        plural: 'pools',
        items: visible(call, database.pools.values()).map((record) => poolShape(database, record)),
        attributes: [...COMMON_ATTRIBUTES, 'description', 'protocol', 'lb_algorithm'],
        also: {
          loadbalancer_id: (item) => database.pools.get(String(item['id']))?.loadbalancer_id,
        },
      })
    }
    if (part === 'members') return below(call)
    const record = found(database.pools, 'Pool', id)
    requireReader(call, record.project_id)
    switch (call.method) {
      case 'GET':
        return oneAnswer(call, 'pool', poolShape(database, record))
      case 'PUT':
        return update(context, call, record)
      case 'DELETE':
        return remove(context, call, record)
      default:
        return methodNotAllowed()
    }
  }
}

function create(context: Context, call: Call): WebAnswer {
  const { lifecycle } = context
  const { database } = lifecycle
  const request = requireJson(call)
  const body = readBody(request, 'pool', 'pool_', POST)
  const persistence = readPersistence(body, request)
  const listener = body['listener_id']
    ? found(database.listeners, 'Listener', textOf(body['listener_id']))
    : undefined
  const loadBalancerId = listener?.loadbalancer_id ?? body['loadbalancer_id']
  if (!loadBalancerId) {
    throw Refusal.validation('Must provide at least one of: loadbalancer_id, listener_id')
  }
  const loadBalancer = loadBalancerOf(context, textOf(loadBalancerId))
  requireWriter(call, loadBalancer.project_id)
  requireAlgorithm(body)
  if (listener && !ALLOWED[listener.protocol]?.includes(String(body['protocol']))) {
    throw Refusal.validation(
      `The pool protocol '${String(body['protocol'])}' is invalid while the listener protocol is '${listener.protocol}'.`,
    )
  }
  if (listener?.default_pool_id)
    throw Refusal.fault(409, 'This listener already has a default pool')
  lifecycle.requireMutable(loadBalancer)
  const record = { ...newPool(context, loadBalancer, body), session_persistence: persistence }
  database.pools.set(record.id, record)
  if (listener) listener.default_pool_id = record.id
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_CREATE' }],
    listener ? [listener] : [],
  )
  return oneAnswer(call, 'pool', poolShape(database, record), 201)
}

/** A pool of a load balancer, not yet in the database. */
export const newPool = (
  { lifecycle }: Context,
  loadBalancer: LoadBalancerRecord,
  body: Shape,
): PoolRecord => ({
  ...fresh(lifecycle, loadBalancer.project_id, body),
  description: (body['description'] ?? '') as string,
  loadbalancer_id: loadBalancer.id,
  protocol: body['protocol'] as string,
  lb_algorithm: body['lb_algorithm'] as string,
  session_persistence: (body['session_persistence'] ?? null) as SessionPersistence | null,
})

function requireAlgorithm(body: Shape): void {
  if (body['lb_algorithm'] !== 'SOURCE_IP_PORT') return
  throw Refusal.fault(
    501,
    "Provider 'amphora' does not support a requested option: Amphora provider does not support SOURCE_IP_PORT algorithm.",
  )
}

function readPersistence(body: Shape, request: unknown): SessionPersistence | null {
  const given = body['session_persistence']
  if (!isShape(given)) return null
  const taken = readObject(given, 'pool_.pool.session_persistence', 'pool_', PERSISTENCE, request)
  const isCookie = taken['type'] === 'APP_COOKIE'
  if (isCookie && !taken['cookie_name']) {
    throw Refusal.validation(
      'Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.',
    )
  }
  if (!isCookie && taken['cookie_name']) {
    throw Refusal.validation(
      'Field "cookie_name" can only be specified with session persistence of type "APP_COOKIE".',
    )
  }
  return {
    type: String(taken['type']),
    cookie_name: (taken['cookie_name'] ?? null) as string | null,
    persistence_timeout: (taken['persistence_timeout'] ?? null) as number | null,
    persistence_granularity: (taken['persistence_granularity'] ?? null) as string | null,
  }
}

function update(context: Context, call: Call, record: PoolRecord): WebAnswer {
  const { lifecycle } = context
  const request = requireJson(call)
  const body = readBody(request, 'pool', 'pool_', CHANGEABLE)
  requireWriter(call, record.project_id)
  const loadBalancer = loadBalancerOf(context, record.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Pool', record.id)
  const changes =
    'session_persistence' in body ? { session_persistence: readPersistence(body, request) } : {}
  Object.assign(record, body, changes, { updated_at: lifecycle.now() })
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_UPDATE' }],
    lifecycle.database.listenersOfPool(record.id),
  )
  return oneAnswer(call, 'pool', poolShape(lifecycle.database, record))
}

function remove(context: Context, call: Call, record: PoolRecord): WebAnswer {
  const { lifecycle } = context
  const { database } = lifecycle
  requireWriter(call, record.project_id)
  const loadBalancer = loadBalancerOf(context, record.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Pool', record.id)
  const above = database.listenersOfPool(record.id)
  lifecycle.change(loadBalancer, [{ child: record, status: 'PENDING_DELETE' }], above, () => {
    for (const listener of above) listener.default_pool_id = null
    for (const member of database.membersOf(record.id)) database.members.delete(member.id)
    const monitor = database.monitorOf(record.id)
    if (monitor) database.healthMonitors.delete(monitor.id)
    database.pools.delete(record.id)
  })
  return { status: 204 }
}
