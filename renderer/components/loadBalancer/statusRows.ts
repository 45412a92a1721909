import type { ResourceKind } from '../../../preload/contract/job'
import type { LoadBalancerDetail } from '../../../preload/contract/loadBalancer'

/** One line of the status tree. `depth` 0 is the load balancer. */
export interface StatusRow {
  key: string
  depth: number
  kind: ResourceKind
  name: string
  id: string
  /** Protocol, port, address: what the part does, in machine words. */
  detail: string
  provisioningStatus: string
  operatingStatus: string
  adminStateUp: boolean
  updatedAt: number | undefined
}

type Part = Pick<
  StatusRow,
  'id' | 'name' | 'provisioningStatus' | 'operatingStatus' | 'adminStateUp'
> & { updatedAt?: number | undefined }

/** Every part with its statuses, as a tree written from top to bottom; a shared pool appears below each listener. */
export function statusRows({ loadBalancer, listeners, pools }: LoadBalancerDetail): StatusRow[] {
  const row = (
    above: string,
    depth: number,
    kind: ResourceKind,
    part: Part,
    detail: string,
  ): StatusRow => ({
    key: `${above}/${part.id}`,
    depth,
    kind,
    name: part.name,
    id: part.id,
    detail,
    provisioningStatus: part.provisioningStatus,
    operatingStatus: part.operatingStatus,
    adminStateUp: part.adminStateUp,
    updatedAt: part.updatedAt,
  })
  const ofPool = (above: string, depth: number, pool: (typeof pools)[number]): StatusRow[] => [
    row(above, depth, 'pool', pool, `${pool.protocol} ${pool.algorithm}`),
    ...(pool.healthMonitor
      ? [
          row(
            `${above}/${pool.id}`,
            depth + 1,
            'healthMonitor',
            pool.healthMonitor,
            pool.healthMonitor.type,
          ),
        ]
      : []),
    ...pool.members.map((member) =>
      row(`${above}/${pool.id}`, depth + 1, 'member', member, `${member.address}:${member.port}`),
    ),
  ]
  const used = new Set(listeners.map((listener) => listener.defaultPoolId))
  return [
    row('', 0, 'loadBalancer', loadBalancer, loadBalancer.vipAddress),
    ...listeners.flatMap((listener) => [
      row('', 1, 'listener', listener, `${listener.protocol} ${listener.port}`),
      ...pools
        .filter((pool) => pool.id === listener.defaultPoolId)
        .flatMap((pool) => ofPool(listener.id, 2, pool)),
    ]),
    ...pools.filter((pool) => !used.has(pool.id)).flatMap((pool) => ofPool('', 1, pool)),
  ]
}
