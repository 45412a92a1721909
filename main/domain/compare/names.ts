import type { LoadBalancerDetail } from '../../../preload/contract/loadBalancer'

/** The names of a load balancer's parts by their ids, those that have one. */
export function namesOf({
  loadBalancer,
  listeners,
  pools,
}: LoadBalancerDetail): Map<string, string> {
  const parts = [
    loadBalancer,
    ...listeners,
    ...pools.flatMap((pool) => [
      pool,
      ...pool.members,
      ...(pool.healthMonitor ? [pool.healthMonitor] : []),
    ]),
  ]
  return new Map(parts.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])))
}
