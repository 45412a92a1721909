import type { HaproxyBackend } from './amphora/haproxyBackend'
import type { Machine } from './amphora/machine'
import type { Database, LoadBalancerRecord } from './octavia/records'

/**
 * What the health manager writes down from heartbeats: the operating status of everything below a load balancer.
 * An amphora without keepalived sends none, so the other one is believed.
 */
export function reportHealth(
  database: Database,
  loadBalancer: LoadBalancerRecord,
  machines: readonly Machine[],
): void {
  const reporter = machines.find(
    ({ powered, keepalived, haproxy }) => powered && keepalived.runs && haproxy.runs,
  )
  if (!reporter) return
  const { frontends, backends } = reporter.haproxy
  const states: string[] = []
  for (const listener of database.listenersOf(loadBalancer.id)) {
    if (!frontends.some(({ id }) => id === listener.id)) continue
    listener.operating_status = 'ONLINE'
    const backend = backends.get(listener.id)
    const pool = listener.default_pool_id && database.pools.get(listener.default_pool_id)
    if (!backend || !pool) continue
    pool.operating_status = reportMembers(database, backend)
    states.push(pool.operating_status)
  }
  const worst = ['ERROR', 'DEGRADED', 'ONLINE'].find((state) => states.includes(state))
  if (worst) loadBalancer.operating_status = worst
}

/** Writes down each member's state and answers the pool's. */
function reportMembers(database: Database, { servers, pool }: HaproxyBackend): string {
  const states = servers.map(({ configuration, up }) => {
    const state = stateOf(pool.check !== undefined, configuration.enabled, up, configuration.weight)
    const member = database.members.get(configuration.id)
    if (member) member.operating_status = state
    return state
  })
  const broken = states.filter((state) => state === 'ERROR').length
  if (broken === 0) return 'ONLINE'
  return broken === states.length ? 'ERROR' : 'DEGRADED'
}

function stateOf(checked: boolean, enabled: boolean, up: boolean, weight: number): string {
  if (!checked) return 'NO_MONITOR'
  if (!enabled) return 'OFFLINE'
  if (!up) return 'ERROR'
  return weight === 0 ? 'DRAINING' : 'ONLINE'
}
