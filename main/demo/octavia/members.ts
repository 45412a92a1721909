import type { WebAnswer } from '../web/httpServer'
import {
  address,
  anything,
  flag,
  integer,
  isShape,
  readBody,
  readObject,
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
  type Call,
  type Context,
  type Controller,
} from './controller'
import type { Child } from './lifecycle'
import type { MemberRecord, PoolRecord, ProvisioningStatus } from './records'
import { Refusal } from './refusal'
import { memberShape, type Shape } from './shapes'

const CHANGEABLE = {
  name: text(),
  admin_state_up: flag,
  weight: integer(0, 256),
  backup: flag,
  monitor_address: address(),
  monitor_port: integer(1, 65535),
  tags,
}

/** What a member inside a single-call create or a batch may have. */
export const MEMBER_GRAPH = {
  address: address(true),
  protocol_port: integer(1, 65535, true),
  ...CHANGEABLE,
  subnet_id: uuid(),
  project_id: text(36),
  tenant_id: text(36),
}

/** /lbaas/pools/{id}/members */
export const members =
  (context: Context): Controller =>
  (call) => {
    const { database } = context.lifecycle
    const [poolId = '', , id] = call.rest
    const pool = database.pools.get(poolId)
    if (!pool) throw Refusal.hook(404, 'Bad Request', `Pool ${poolId} not found.`)
    requireReader(call, pool.project_id)
    if (id === undefined) {
      switch (call.method) {
        case 'GET':
          return listAnswer(call, {
            plural: 'members',
            items: database.membersOf(poolId).map(memberShape),
            attributes: [
              ...COMMON_ATTRIBUTES,
              'address',
              'protocol_port',
              'weight',
              'backup',
              'subnet_id',
              'monitor_address',
              'monitor_port',
            ],
          })
        case 'POST':
          return create(context, call, pool)
        case 'PUT':
          return replaceAll(context, call, pool)
        default:
          return methodNotAllowed()
      }
    }
    const record = found(database.members, 'Member', id)
    switch (call.method) {
      case 'GET':
        return oneAnswer(call, 'member', memberShape(record))
      case 'PUT':
        return update(context, call, pool, record)
      case 'DELETE':
        return remove(context, call, pool, record)
      default:
        return methodNotAllowed()
    }
  }

/** The objects that a member's write locks. */
const above = ({ lifecycle }: Context, pool: PoolRecord): Child[] => [
  pool,
  ...lifecycle.database.listenersOfPool(pool.id),
]

function create(context: Context, call: Call, pool: PoolRecord): WebAnswer {
  const { lifecycle } = context
  const body = readBody(requireJson(call), 'member', 'member_', MEMBER_GRAPH)
  requireWriter(call, pool.project_id)
  requirePlace(context, body)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  const isTaken = lifecycle.database
    .membersOf(pool.id)
    .some((other) => place(other) === place(body))
  if (isTaken) {
    throw Refusal.fault(
      409,
      `Another member on this pool is already using ip ${String(body['address'])} on protocol_port ${String(body['protocol_port'])}`,
    )
  }
  lifecycle.requireMutable(loadBalancer, 'Pool', pool.id)
  const record = newMember(context, pool, body)
  lifecycle.database.members.set(record.id, record)
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_CREATE' }],
    above(context, pool),
  )
  return oneAnswer(call, 'member', memberShape(record), 201)
}

/** A member of a pool, not yet in the database. */
export const newMember = ({ lifecycle }: Context, pool: PoolRecord, body: Shape): MemberRecord => ({
  ...fresh(lifecycle, pool.project_id, body),
  operating_status: lifecycle.database.monitorOf(pool.id) ? 'OFFLINE' : 'NO_MONITOR',
  pool_id: pool.id,
  address: body['address'] as string,
  protocol_port: body['protocol_port'] as number,
  weight: (body['weight'] ?? 1) as number,
  backup: (body['backup'] ?? false) as boolean,
  subnet_id: (body['subnet_id'] ?? null) as string | null,
  monitor_address: (body['monitor_address'] ?? null) as string | null,
  monitor_port: (body['monitor_port'] ?? null) as number | null,
})

const place = (member: Shape | MemberRecord): string =>
  `${String(member['address'])} ${String(member['protocol_port'])}`

function requirePlace({ networks }: Context, body: Shape): void {
  if (body['address'] === '169.254.169.254') {
    throw Refusal.fault(400, '169.254.169.254 is not a valid option for member address')
  }
  const subnetId = body['subnet_id']
  if (subnetId && !networks.subnets.some(({ id }) => id === subnetId)) {
    throw Refusal.fault(400, `Subnet ${textOf(subnetId)} not found.`)
  }
}

/** The batch: members of the list are added or changed, others go unless `additive_only`. */
function replaceAll(context: Context, call: Call, pool: PoolRecord): WebAnswer {
  const { lifecycle } = context
  const { database } = lifecycle
  const request = requireJson(call)
  const batch = readBody({ root: request }, 'root', 'members_', {
    members: { ...anything, required: true },
  })
  const given = (Array.isArray(batch['members']) ? batch['members'] : []).filter(isShape)
  const taken = given.map((each) =>
    readObject(each, 'members_.members', 'members_', MEMBER_GRAPH, request),
  )
  requireWriter(call, pool.project_id)
  for (const body of taken) requirePlace(context, body)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Pool', pool.id)

  const present = database.membersOf(pool.id)
  const changes: { child: MemberRecord; status: ProvisioningStatus }[] = taken.map((body) => {
    const known = present.find((member) => place(member) === place(body))
    if (!known) {
      const child = newMember(context, pool, body)
      database.members.set(child.id, child)
      return { child, status: 'PENDING_CREATE' }
    }
    Object.assign(known, { weight: 1, ...body })
    return { child: known, status: 'PENDING_UPDATE' }
  })
  const isAdditive = /^(true|1|yes)$/i.test(call.query.get('additive_only') ?? '')
  const leaving = isAdditive
    ? []
    : present.filter((member) => !changes.some(({ child }) => child === member))
  lifecycle.change(
    loadBalancer,
    [...changes, ...leaving.map((child) => ({ child, status: 'PENDING_DELETE' as const }))],
    above(context, pool),
    () => {
      for (const member of leaving) database.members.delete(member.id)
    },
  )
  return { status: 202 }
}

function update(context: Context, call: Call, pool: PoolRecord, record: MemberRecord): WebAnswer {
  const { lifecycle } = context
  const body = readBody(requireJson(call), 'member', 'member_', CHANGEABLE)
  requireWriter(call, pool.project_id)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Member', record.id)
  Object.assign(record, body, { updated_at: lifecycle.now() })
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_UPDATE' }],
    above(context, pool),
  )
  return oneAnswer(call, 'member', memberShape(record))
}

function remove(context: Context, call: Call, pool: PoolRecord, record: MemberRecord): WebAnswer {
  const { lifecycle } = context
  requireWriter(call, pool.project_id)
  const loadBalancer = loadBalancerOf(context, pool.loadbalancer_id)
  lifecycle.requireMutable(loadBalancer, 'Member', record.id)
  lifecycle.change(
    loadBalancer,
    [{ child: record, status: 'PENDING_DELETE' }],
    above(context, pool),
    () => lifecycle.database.members.delete(record.id),
  )
  return { status: 204 }
}
