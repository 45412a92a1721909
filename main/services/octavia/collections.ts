import type {
  Amphora,
  HealthMonitor,
  Listener,
  LoadBalancer,
  Member,
  Pool,
} from '../../../preload/contract/loadBalancer'
import type { Collection } from './reading'
import { amphoraOf, healthMonitorOf, listenerOf, loadBalancerOf, memberOf, poolOf } from './objects'

const LBAAS = '/v2.0/lbaas'

export const LOAD_BALANCERS = {
  path: `${LBAAS}/loadbalancers`,
  key: 'loadbalancers',
  one: 'loadbalancer',
  item: loadBalancerOf,
} satisfies Collection<LoadBalancer>

export const LISTENERS = {
  path: `${LBAAS}/listeners`,
  key: 'listeners',
  one: 'listener',
  item: listenerOf,
} satisfies Collection<Listener>

export const POOLS = {
  path: `${LBAAS}/pools`,
  key: 'pools',
  one: 'pool',
  item: poolOf,
} satisfies Collection<Pool>

/** The members of one pool. */
export const membersOf = (poolId: string) =>
  ({
    path: `${POOLS.path}/${encodeURIComponent(poolId)}/members`,
    key: 'members',
    one: 'member',
    item: memberOf,
  }) satisfies Collection<Member>

export const HEALTH_MONITORS = {
  path: `${LBAAS}/healthmonitors`,
  key: 'healthmonitors',
  one: 'healthmonitor',
  item: healthMonitorOf,
} satisfies Collection<HealthMonitor>

/** Only below `/octavia`, only for admins. */
export const AMPHORAE = {
  path: '/v2.0/octavia/amphorae',
  key: 'amphorae',
  one: 'amphora',
  item: amphoraOf,
} satisfies Collection<Amphora>
