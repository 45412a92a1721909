import { LoadBalancerPlan } from '../../../preload/contract/plan'
import type { ListenerDraft, MonitorDraft, PlanDraft, PoolDraft } from './planDraft'

/** The steps of the wizard, in order. */
export const STEPS = [
  'loadBalancer',
  'listeners',
  'pools',
  'monitors',
  'members',
  'review',
] as const
export type Step = (typeof STEPS)[number]

/** One rule that does not hold. `path` is the place in the plan, `rule` a key under `plan.rule`. */
export interface Breach {
  path: string
  rule: string
  step: Step
  /** The field has content, so that it is wrong rather than not yet filled in. */
  filled: boolean
}

const RULES: ReadonlySet<string> = new Set([
  'nameMissing',
  'nameTooLong',
  'address',
  'port',
  'weight',
  'seconds',
  'retries',
  'urlPath',
  'expectedCodes',
  'timeoutNotBelowDelay',
  'cookieName',
  'memberTwice',
  'connectionLimit',
  'cidr',
  'poolProtocol',
  'vipSubnet',
  'listenerTwice',
])

/** Checks a draft against the contract's rules: the plan when all hold, and else what does not. */
export function planOf(
  draft: PlanDraft,
  vipNetworkId: string | undefined,
): { plan: LoadBalancerPlan | undefined; breaches: readonly Breach[] } {
  const candidate = {
    name: draft.name,
    description: draft.description.trim(),
    vipSubnetId: draft.vipSubnetId.trim(),
    ...(vipNetworkId && { vipNetworkId }),
    ...(draft.vipAddress.trim() && { vipAddress: draft.vipAddress.trim() }),
    tags: words(draft.tags, /,/),
    listeners: draft.listeners.map(listenerOf),
  }
  const result = LoadBalancerPlan.safeParse(candidate)
  const breaches = (result.error?.issues ?? []).map(({ path, message }) => {
    const names = path.map(String)
    return {
      path: names.join('.'),
      rule: RULES.has(message) ? message : 'invalid',
      step: stepOf(names),
      filled: isFilled(path.reduce<unknown>((value, name) => at(value, name), candidate)),
    }
  })
  return { plan: result.data, breaches }
}

function listenerOf(listener: ListenerDraft) {
  return {
    name: listener.name,
    protocol: listener.protocol,
    port: listener.port,
    connectionLimit: listener.connectionLimit ?? -1,
    allowedCidrs: words(listener.allowedCidrs, /[\s,]+/),
    ...(listener.hasPool && { pool: poolOf(listener.pool) }),
  }
}

function poolOf(pool: PoolDraft) {
  return {
    name: pool.name,
    protocol: pool.protocol,
    algorithm: pool.algorithm,
    ...(pool.persistence !== 'none' && {
      sessionPersistence: {
        type: pool.persistence,
        ...(pool.persistence === 'APP_COOKIE' && { cookieName: pool.cookieName.trim() }),
      },
    }),
    members: pool.members.map(({ name, address, port, weight, subnetId, backup }) => ({
      name,
      address: address.trim(),
      port,
      weight,
      backup,
      ...(subnetId && { subnetId }),
    })),
    ...(pool.monitored && { healthMonitor: monitorOf(pool.monitor) }),
  }
}

/** Fields that a type does not have cannot be seen, so they must not be able to break a rule. */
function monitorOf(monitor: MonitorDraft) {
  const http = asksHttp(monitor.type)
  return {
    name: '',
    ...monitor,
    urlPath: http ? monitor.urlPath.trim() : '/',
    expectedCodes: http ? monitor.expectedCodes.trim() : '200',
  }
}

/** Whether a monitor of this type sends an HTTP request, and so has a method, a path and codes. */
export const asksHttp = (type: MonitorDraft['type']): boolean => type === 'HTTP' || type === 'HTTPS'

/** How long a load balancer waits for a connection to a member where nothing else is set, in seconds. */
const CONNECT_SECONDS = 5

/**
 * For how many seconds at the longest a member that stops answering is still sent to. haproxy begins a check `delay`
 * after the one before has ended, and one whose connection is not accepted ends with the time to connect, whatever
 * its own timeout. Undefined until all that it depends on is filled in.
 */
export function detectionSeconds({
  delay,
  timeout,
  maxRetriesDown,
}: Pick<MonitorDraft, 'delay' | 'timeout' | 'maxRetriesDown'>): number | undefined {
  if (!delay || !timeout || !maxRetriesDown) return undefined
  return maxRetriesDown * (delay + Math.max(timeout, Math.min(delay, CONNECT_SECONDS)))
}

/** How many objects a plan makes in the cloud. */
export const partCount = ({ listeners }: LoadBalancerPlan): number =>
  listeners
    .flatMap(({ pool }) => (pool ? [2 + pool.members.length + (pool.healthMonitor ? 1 : 0)] : [1]))
    .reduce((sum, parts) => sum + parts, 1)

function stepOf(path: readonly string[]): Step {
  if (path[0] !== 'listeners') return 'loadBalancer'
  if (path[2] !== 'pool') return 'listeners'
  if (path[3] === 'members') return 'members'
  return path[3] === 'healthMonitor' ? 'monitors' : 'pools'
}

const words = (text: string, separator: RegExp): string[] =>
  text
    .split(separator)
    .map((word) => word.trim())
    .filter(Boolean)

const at = (value: unknown, name: PropertyKey): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[name]
    : undefined

const isFilled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== ''
