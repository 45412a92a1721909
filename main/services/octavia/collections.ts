import type { Collection } from './reading'
import {
  AmphoraWire,
  HealthMonitorWire,
  ListenerWire,
  LoadBalancerWire,
  MemberWire,
  PoolWire,
} from './objects'

const LBAAS = '/v2.0/lbaas'

export const LOAD_BALANCERS = {
  path: `${LBAAS}/loadbalancers`,
  key: 'loadbalancers',
  one: 'loadbalancer',
  item: LoadBalancerWire,
} satisfies Collection<typeof LoadBalancerWire>

export const LISTENERS = {
  path: `${LBAAS}/listeners`,
  key: 'listeners',
  one: 'listener',
  item: ListenerWire,
} satisfies Collection<typeof ListenerWire>

export const POOLS = {
  path: `${LBAAS}/pools`,
  key: 'pools',
  one: 'pool',
  item: PoolWire,
} satisfies Collection<typeof PoolWire>

/** The members of one pool. */
export const membersOf = (poolId: string) =>
  ({
    path: `${POOLS.path}/${encodeURIComponent(poolId)}/members`,
    key: 'members',
    one: 'member',
    item: MemberWire,
  }) satisfies Collection<typeof MemberWire>

export const HEALTH_MONITORS = {
  path: `${LBAAS}/healthmonitors`,
  key: 'healthmonitors',
  one: 'healthmonitor',
  item: HealthMonitorWire,
} satisfies Collection<typeof HealthMonitorWire>

/** Only below `/octavia`, only for admins. */
export const AMPHORAE = {
  path: '/v2.0/octavia/amphorae',
  key: 'amphorae',
  one: 'amphora',
  item: AmphoraWire,
} satisfies Collection<typeof AmphoraWire>
