import type { PlannedRequest, ResourceKind } from '../../../preload/contract/job'
import type {
  HealthMonitorPlan,
  ListenerPlan,
  LoadBalancerPlan,
  MemberPlan,
  PoolPlan,
} from '../../../preload/contract/plan'
import { HEALTH_MONITORS, LISTENERS, LOAD_BALANCERS, POOLS } from '../octavia/collections'

/** First minor version with tags, with batch updates that delete nothing, and with a single call that can be trusted. */
const TAGS = 5
const ADDITIVE_ONLY = 11
/** Up to 11.0.0 (v2.26) the parts of a single call may stay PENDING_CREATE for ever. */
const SINGLE_CALL = 27

/** One part of a plan; where it stands in the plan tells it apart. */
export type PlannedStep = { kind: ResourceKind; name: string } & (
  | { kind: 'loadBalancer' }
  | { kind: 'listener' | 'pool' | 'healthMonitor'; listener: number }
  | { kind: 'member'; listener: number; member: number }
)

/** One request of a plan. */
export interface PlannedPart {
  /** Indices of the steps that the request makes. */
  steps: number[]
  /** The request, once the ids of the parts above it are known. */
  request: (ids: PartIds) => PlannedRequest
}

/** How the parts of a plan are called in requests: by id, or by placeholder in a preview. Listeners are counted from 0. */
interface PartIds {
  loadBalancer: () => string
  listener: (index: number) => string
  pool: (index: number) => string
}

/** Every part of a plan, in the order in which they are made. Parts without a name are called by what they do. */
export function plannedSteps(plan: LoadBalancerPlan): PlannedStep[] {
  return [
    { kind: 'loadBalancer', name: plan.name },
    ...plan.listeners.flatMap(({ name, protocol, port, pool }, listener): PlannedStep[] => {
      const listenerName = name || `${protocol} ${port}`
      return [
        { kind: 'listener', name: listenerName, listener },
        ...(pool ? poolSteps(pool, pool.name || listenerName, listener) : []),
      ]
    }),
  ]
}

function poolSteps(pool: PoolPlan, name: string, listener: number): PlannedStep[] {
  const { members, healthMonitor } = pool
  return [
    { kind: 'pool', name, listener },
    ...members.map((one, member): PlannedStep => {
      const place = one.address.includes(':') ? `[${one.address}]` : one.address
      return { kind: 'member', name: one.name || `${place}:${one.port}`, listener, member }
    }),
    ...(healthMonitor
      ? [
          {
            kind: 'healthMonitor' as const,
            name: healthMonitor.name || healthMonitor.type,
            listener,
          },
        ]
      : []),
  ]
}

/**
 * The requests that create a plan, in order: one for all parts where the API can be trusted with it, else part by part.
 * Attributes that hold their default are left out, because older APIs refuse those they do not know;
 * tags are left out below v2.5.
 * @param minor highest minor version of the API; 0 when it does not tell
 */
export function plannedParts(plan: LoadBalancerPlan, minor: number): PlannedPart[] {
  const steps = plannedSteps(plan)
  if (minor >= SINGLE_CALL && plan.listeners.length > 0 && poolsAreNamedApart(plan)) {
    return [{ steps: [...steps.keys()], request: () => wholeRequest(plan, minor) }]
  }
  const parts: PlannedPart[] = []
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    const together =
      step.kind === 'member' && before?.kind === 'member' && before.listener === step.listener
    if (together) parts.at(-1)?.steps.push(index)
    else parts.push({ steps: [index], request: (ids) => partRequest(plan, step, minor, ids) })
  }
  return parts
}

/** What a plan would send; `<loadBalancer>`, `<listener1>`, `<pool1>` stand for ids that only the cloud can tell. */
export function plannedRequests(plan: LoadBalancerPlan, minor: number): PlannedRequest[] {
  const ids: PartIds = {
    loadBalancer: () => '<loadBalancer>',
    listener: (index) => `<listener${index + 1}>`,
    pool: (index) => `<pool${index + 1}>`,
  }
  return plannedParts(plan, minor).map(({ request }) => request(ids))
}

/** A single call tells pools apart by their names only. */
function poolsAreNamedApart({ listeners }: LoadBalancerPlan): boolean {
  const names = listeners.flatMap(({ pool }) => (pool ? [pool.name] : []))
  return !names.includes('') && new Set(names).size === names.length
}

function partRequest(
  plan: LoadBalancerPlan,
  step: PlannedStep,
  minor: number,
  ids: PartIds,
): PlannedRequest {
  if (step.kind === 'loadBalancer') {
    return post(LOAD_BALANCERS.path, { loadbalancer: loadBalancerBody(plan, minor) })
  }
  const listener = plan.listeners[step.listener]
  if (step.kind === 'listener' && listener) {
    const body = { loadbalancer_id: ids.loadBalancer(), ...listenerBody(listener) }
    return post(LISTENERS.path, { listener: body })
  }
  const pool = listener?.pool
  if (step.kind === 'pool' && pool) {
    const body = { listener_id: ids.listener(step.listener), ...poolBody(pool) }
    return post(POOLS.path, { pool: body })
  }
  if (step.kind === 'member' && pool) {
    const path = `${POOLS.path}/${ids.pool(step.listener)}/members`
    return {
      method: 'PUT',
      // Without it, members that somebody else has added meanwhile would be deleted.
      path: minor >= ADDITIVE_ONLY ? `${path}?additive_only=true` : path,
      body: { members: pool.members.map(memberBody) },
    }
  }
  if (step.kind === 'healthMonitor' && pool?.healthMonitor) {
    const body = { pool_id: ids.pool(step.listener), ...healthMonitorBody(pool.healthMonitor) }
    return post(HEALTH_MONITORS.path, { healthmonitor: body })
  }
  throw new Error(`The plan has no part for its step ${step.kind} '${step.name}'.`)
}

const wholeRequest = (plan: LoadBalancerPlan, minor: number): PlannedRequest =>
  post(LOAD_BALANCERS.path, {
    loadbalancer: {
      ...loadBalancerBody(plan, minor),
      listeners: plan.listeners.map((listener) => ({
        ...listenerBody(listener),
        ...(listener.pool && { default_pool: wholePoolBody(listener.pool) }),
      })),
    },
  })

const wholePoolBody = (pool: PoolPlan) => ({
  ...poolBody(pool),
  ...(pool.members.length > 0 && { members: pool.members.map(memberBody) }),
  ...(pool.healthMonitor && { healthmonitor: healthMonitorBody(pool.healthMonitor) }),
})

const post = (path: string, body: unknown): PlannedRequest => ({ method: 'POST', path, body })

const named = (name: string) => (name ? { name } : {})

const loadBalancerBody = (plan: LoadBalancerPlan, minor: number) => ({
  ...named(plan.name),
  ...(plan.description && { description: plan.description }),
  vip_subnet_id: plan.vipSubnetId,
  ...(plan.vipNetworkId && { vip_network_id: plan.vipNetworkId }),
  ...(plan.vipAddress && { vip_address: plan.vipAddress }),
  ...(minor >= TAGS && plan.tags.length > 0 && { tags: plan.tags }),
})

const listenerBody = ({ name, protocol, port, connectionLimit, allowedCidrs }: ListenerPlan) => ({
  ...named(name),
  protocol,
  protocol_port: port,
  ...(connectionLimit !== -1 && { connection_limit: connectionLimit }),
  ...(allowedCidrs.length > 0 && { allowed_cidrs: allowedCidrs }),
})

const poolBody = ({ name, protocol, algorithm, sessionPersistence }: PoolPlan) => ({
  ...named(name),
  protocol,
  lb_algorithm: algorithm,
  ...(sessionPersistence && {
    session_persistence: {
      type: sessionPersistence.type,
      ...(sessionPersistence.type === 'APP_COOKIE' && {
        cookie_name: sessionPersistence.cookieName,
      }),
    },
  }),
})

const memberBody = ({ name, address, port, weight, subnetId, backup }: MemberPlan) => ({
  ...named(name),
  address,
  protocol_port: port,
  weight,
  ...(subnetId && { subnet_id: subnetId }),
  ...(backup && { backup }),
})

const healthMonitorBody = (monitor: HealthMonitorPlan) => ({
  ...named(monitor.name),
  type: monitor.type,
  delay: monitor.delay,
  timeout: monitor.timeout,
  max_retries: monitor.maxRetries,
  max_retries_down: monitor.maxRetriesDown,
  ...((monitor.type === 'HTTP' || monitor.type === 'HTTPS') && {
    http_method: monitor.httpMethod,
    url_path: monitor.urlPath,
    expected_codes: monitor.expectedCodes,
  }),
})
