import { isShape, readObject, textOf } from './attributes'
import type { Context } from './controller'
import { LISTENER_GRAPH, newListener } from './listeners'
import { MONITOR_GRAPH, newMonitor } from './healthMonitors'
import { MEMBER_GRAPH, newMember } from './members'
import { POOL_GRAPH, newPool } from './pools'
import type { ListenerRecord, LoadBalancerRecord, PoolRecord } from './records'
import { healthMonitorShape, listenerShape, memberShape, poolShape, type Shape } from './shapes'

/**
 * Adds what a single-call create brings along. As in Octavia 11.0.0 without jobboard, the children stay
 * PENDING_CREATE for ever: only the load balancer itself becomes ACTIVE.
 * @returns the nested `listeners` and `pools` of the answer
 */
export function addGraph(context: Context, record: LoadBalancerRecord, body: Shape): Shape {
  const { database } = context.lifecycle
  const addPool = (given: Shape): [PoolRecord, Shape] => {
    const taken = readObject(
      given,
      'load_balancer.loadbalancer.pools',
      'load_balancer',
      POOL_GRAPH,
      body,
    )
    const pool = newPool(context, record, taken)
    database.pools.set(pool.id, pool)
    const monitor = given['healthmonitor']
    const nested: Shape = {}
    if (isShape(monitor)) {
      const checked = readObject(
        monitor,
        'load_balancer.loadbalancer.pools.healthmonitor',
        'load_balancer',
        MONITOR_GRAPH,
        body,
      )
      const made = newMonitor(context, pool, checked)
      database.healthMonitors.set(made.id, made)
      nested['healthmonitor'] = healthMonitorShape(made)
    }
    nested['members'] = shapes(given['members']).map((each) => {
      const checked = readObject(
        each,
        'load_balancer.loadbalancer.pools.members',
        'load_balancer',
        MEMBER_GRAPH,
        body,
      )
      const made = newMember(context, pool, checked)
      database.members.set(made.id, made)
      return memberShape(made)
    })
    return [pool, { ...poolShape(database, pool), ...nested }]
  }
  const named = new Map<string, PoolRecord>()
  const pools = shapes(body['pools']).map((given) => {
    const [pool, shape] = addPool(given)
    named.set(pool.name, pool)
    return shape
  })
  const listeners = shapes(body['listeners']).map((given) => {
    const taken = readObject(
      given,
      'load_balancer.loadbalancer.listeners',
      'load_balancer',
      LISTENER_GRAPH,
      body,
    )
    const listener: ListenerRecord = newListener(context, record, taken)
    database.listeners.set(listener.id, listener)
    const inline = given['default_pool']
    if (!isShape(inline)) return { ...listenerShape(listener), default_pool: null }
    const known = named.get(textOf(inline['name']))
    const [pool, shape] = known ? [known, poolShape(database, known)] : addPool(inline)
    listener.default_pool_id = pool.id
    return { ...listenerShape(listener), default_pool: shape }
  })
  return { listeners, pools }
}

const shapes = (value: unknown): Shape[] => (Array.isArray(value) ? value.filter(isShape) : [])
