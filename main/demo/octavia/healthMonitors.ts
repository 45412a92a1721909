import type { WebAnswer } from '../web/httpServer'
import { anything, flag, integer, oneOf, pattern, readBody, tags, text, uuid } from './attributes'
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
import type { Child } from './lifecycle'
import type { HealthMonitorRecord, PoolRecord } from './records'
import { Refusal } from './refusal'
import { healthMonitorShape, type Shape } from './shapes'

const TYPES = ['PING', 'TCP', 'SCTP', 'HTTP', 'UDP-CONNECT', 'TLS-HELLO', 'HTTPS']
const METHODS = ['HEAD', 'DELETE', 'POST', 'PUT', 'CONNECT', 'PATCH', 'GET', 'OPTIONS', 'TRACE']
const HTTP_ONLY = ['http_method', 'url_path', 'expected_codes', 'http_version', 'domain_name']
const CODES = /^(\d{3}(\s*,\s*\d{3})*)$|^(\d{3}-\d{3})$/

const CHANGEABLE = {
  name: text(),
  delay: integer(0, undefined),
  timeout: integer(0, undefined),
  max_retries: integer(1, 10),
  max_retries_down: integer(1, 10),
  http_method: oneOf(METHODS),
  url_path: pattern(/^\/\S*$/, 'Value must be a valid URL Path string'),
  expected_codes: pattern(CODES, `Value should match the pattern ${CODES.source}`),
  admin_state_up: flag,
  tags,
  http_version: anything,
  domain_name: text(),
}

/** What a monitor inside a single-call create may have. */
export const MONITOR_GRAPH = {
  ...CHANGEABLE,
  type: oneOf(TYPES, true),
  delay: integer(0, undefined, true),
  timeout: integer(0, undefined, true),
  max_retries: integer(1, 10, true),
  project_id: text(36),
  tenant_id: text(36),
}
const POST = { ...MONITOR_GRAPH, pool_id: uuid(true) }

/** /lbaas/healthmonitors */
export const healthMonitors =
  (context: Context): Controller =>
  (call) => {
    const { database } = context.lifecycle
    const [id] = call.rest
    if (id === undefined) {
      if (call.method === 'POST') return create(context, call)
      if (call.method !== 'GET') return methodNotAllowed()
      return listAnswer(call, {
        plural: 'healthmonitors',
        items: visible(call, database.healthMonitors.values()).map(healthMonitorShape),
        attributes: [
          ...COMMON_ATTRIBUTES,
          'type',
          'delay',
          'timeout',
          'max_retries',
          'max_retries_down',
          'http_method',
          'url_path',
          'expected_codes',
        ],
        also: { pool_id: (item) => database.healthMonitors.get(String(item['id']))?.pool_id },
      })
    }
    const record = found(database.healthMonitors, 'Health Monitor', id)
    requireReader(call, record.project_id)
    switch (call.method) {
      case 'GET':
        return oneAnswer(call, 'healthmonitor', healthMonitorShape(record))
      case 'PUT':
        return update(context, call, record)
      case 'DELETE':
        return remove(context, call, record)
      default:
        return methodNotAllowed()
    }
  }

const above = ({ lifecycle }: Context, pool: PoolRecord): Child[] => [
  pool,
  ...lifecycle.database.listenersOfPool(pool.id),
]

function create(context: Context, call: Call): WebAnswer {
  const { lifecycle } = context
  const { database } = lifecycle
  const body = readBody(requireJson(call), 'healthmonitor', 'health_monitor_', POST)
  const pool = found(database.pools, 'Pool', String(body['pool_id']))
  requireWriter(call, pool.project_id)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  requireFitting(pool, body)
  lifecycle.requireMutable(loadBalancer, 'Pool', pool.id)
  if (database.monitorOf(pool.id))
    throw Refusal.fault(409, 'This pool already has a health monitor')
  const record = newMonitor(context, pool, body)
  database.healthMonitors.set(record.id, record)
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_CREATE' }],
    above(context, pool),
    () => {
      record.operating_status = 'ONLINE'
    },
  )
  return oneAnswer(call, 'healthmonitor', healthMonitorShape(record), 201)
}

/** A monitor of a pool, not yet in the database. */
export function newMonitor(
  { lifecycle }: Context,
  pool: PoolRecord,
  body: Shape,
): HealthMonitorRecord {
  const isHttp = body['type'] === 'HTTP' || body['type'] === 'HTTPS'
  return {
    ...fresh(lifecycle, pool.project_id, body),
    pool_id: pool.id,
    type: body['type'] as string,
    delay: body['delay'] as number,
    timeout: body['timeout'] as number,
    max_retries: body['max_retries'] as number,
    max_retries_down: (body['max_retries_down'] ?? 3) as number,
    http_method: isHttp ? ((body['http_method'] ?? 'GET') as string) : null,
    url_path: isHttp ? ((body['url_path'] ?? '/') as string) : null,
    expected_codes: isHttp ? ((body['expected_codes'] ?? '200') as string) : null,
    http_version: (body['http_version'] ?? null) as number | null,
    domain_name: (body['domain_name'] ?? null) as string | null,
  }
}

function requireFitting(pool: PoolRecord, body: Shape): void {
  const type = String(body['type'])
  const isHttp = type === 'HTTP' || type === 'HTTPS'
  const wrong = HTTP_ONLY.find((name) => body[name] !== undefined && body[name] !== null)
  if (!isHttp && wrong) {
    throw Refusal.fault(400, `${wrong} is not a valid option for health monitors of type ${type}`)
  }
  const isDatagram = ['UDP', 'SCTP'].includes(pool.protocol)
  if (['UDP-CONNECT', 'SCTP'].includes(type) && !isDatagram) {
    throw Refusal.validation(`The ${type} type is only supported for pools of type UDP/SCTP.`)
  }
}

function update(context: Context, call: Call, record: HealthMonitorRecord): WebAnswer {
  const { lifecycle } = context
  const body = readBody(requireJson(call), 'healthmonitor', 'health_monitor_', CHANGEABLE)
  requireWriter(call, record.project_id)
  const pool = found(lifecycle.database.pools, 'Pool', record.pool_id)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Health Monitor', record.id)
  Object.assign(record, body, { updated_at: lifecycle.now() })
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_UPDATE' }],
    above(context, pool),
  )
  return oneAnswer(call, 'healthmonitor', healthMonitorShape(record))
}

function remove(context: Context, call: Call, record: HealthMonitorRecord): WebAnswer {
  const { lifecycle } = context
  const { database } = lifecycle
  requireWriter(call, record.project_id)
  const pool = found(database.pools, 'Pool', record.pool_id)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Health Monitor', record.id)
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_DELETE' }],
    above(context, pool),
    () => {
      database.healthMonitors.delete(record.id)
      for (const member of database.membersOf(pool.id)) member.operating_status = 'NO_MONITOR'
    },
  )
  return { status: 204 }
}
