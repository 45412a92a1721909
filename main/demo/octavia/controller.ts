import { newId } from '../identity'
import type { WebAnswer, WebRequest } from '../web/httpServer'
import type { Session } from '../web/people'
import type { Networks } from '../web/networks'
import type { Lifecycle } from './lifecycle'
import { page, project, type Listing } from './list'
import type { LoadBalancerRecord } from './records'
import { Refusal } from './refusal'
import type { Shape } from './shapes'

/** One call to the API with who calls. */
export interface Call extends WebRequest {
  session: Session
  /** Path below the resource, such as `['<id>', 'stats']`. */
  rest: string[]
}

/** What all resources share. */
export interface Context {
  lifecycle: Lifecycle
  networks: Networks
}

/** Answers the calls to one resource. @throws Refusal */
export type Controller = (call: Call) => WebAnswer

export const isAdmin = ({ session }: Call): boolean => session.person.roles.includes('admin')

/** @throws Refusal 403 unless the caller may change things in the project */
export function requireWriter(call: Call, projectId: string): void {
  if (isAdmin(call)) return
  const { roles } = call.session.person
  if (projectId !== call.session.project?.id || !roles.includes('load-balancer_member')) {
    throw Refusal.forbidden()
  }
}

/** @throws Refusal 403 unless the caller may see the project */
export function requireReader(call: Call, projectId: string): void {
  if (!isAdmin(call) && projectId !== call.session.project?.id) throw Refusal.forbidden()
}

/** @throws Refusal 403 */
export function requireAdmin(call: Call): void {
  if (!isAdmin(call)) throw Refusal.forbidden()
}

/** The records a caller sees; filtering by somebody else's project is refused. */
export function visible<T extends { project_id: string }>(call: Call, records: Iterable<T>): T[] {
  if (isAdmin(call)) return [...records]
  const own = call.session.project?.id
  const asked = call.query.get('project_id')
  if (asked !== null && asked !== own) throw Refusal.forbidden()
  return [...records].filter((record) => record.project_id === own)
}

/** A page of shapes. */
export const listAnswer = (call: Call, listing: Omit<Listing, 'url'>): WebAnswer => ({
  status: 200,
  body: page({ ...listing, url: `${call.origin}${call.path}` }, call.query),
})

/** One shape under its root key, only the fields asked for. */
export function oneAnswer(call: Call, key: string, shape: Shape, status = 200): WebAnswer {
  const fields = call.query.getAll('fields')
  return { status, body: { [key]: fields.length ? project(shape, fields) : shape } }
}

/** @throws Refusal 404 */
export function found<T>(records: ReadonlyMap<string, T>, resource: string, id: string): T {
  const record = records.get(id)
  if (record === undefined) throw Refusal.notFound(resource, id)
  return record
}

/** The load balancer above a child; it is there as long as the child is. */
export const loadBalancerOf = ({ lifecycle }: Context, id: string): LoadBalancerRecord =>
  found(lifecycle.database.loadBalancers, 'Load Balancer', id)

/** What every new object starts with. */
export const fresh = (lifecycle: Lifecycle, projectId: string, body: Shape) => ({
  id: newId(),
  name: (body['name'] ?? '') as string,
  provisioning_status: 'PENDING_CREATE' as const,
  operating_status: 'OFFLINE',
  admin_state_up: (body['admin_state_up'] ?? true) as boolean,
  project_id: projectId,
  created_at: lifecycle.now(),
  updated_at: null,
  tags: (body['tags'] ?? []) as string[],
})

/** @throws Refusal 400 unless the body is JSON */
export function requireJson(call: Call): unknown {
  if (call.malformed || call.body === undefined) {
    throw Refusal.fault(400, 'Request is not in valid JSON format')
  }
  return call.body
}

/** @throws Refusal 405 */
export const methodNotAllowed = (): never => {
  throw Refusal.hook(405, 'Method Not Allowed', '')
}

/** Attributes by which every kind of object can be filtered and sorted. */
export const COMMON_ATTRIBUTES = [
  'id',
  'name',
  'project_id',
  'tenant_id',
  'provisioning_status',
  'operating_status',
  'admin_state_up',
  'created_at',
  'updated_at',
]
