import { AppError } from '../../preload/contract/error'
import type {
  HealthMonitor,
  LoadBalancer,
  LoadBalancerDetail,
  Member,
  Pool,
} from '../../preload/contract/loadBalancer'
import type { CloudApi } from './cloudApi'
import { HEALTH_MONITORS, LISTENERS, LOAD_BALANCERS, membersOf, POOLS } from './octavia/collections'
import { readList, readOne, type Reading } from './octavia/reading'

/** Pools read at the same time: enough to hide the round trips, few enough for a busy API. */
const POOLS_AT_ONCE = 6

/** Load balancers of a cloud, as the Octavia API tells them. Holds no state. */
export class LoadBalancers {
  constructor(private readonly api: CloudApi) {}

  /**
   * Every load balancer the credentials see, oldest first; all pages. `at` is when the first page was asked for.
   * @throws AppError `answer.malformed`, and what `CloudApi` throws
   */
  async list(
    cloud: string,
    signal: AbortSignal,
  ): Promise<{ loadBalancers: LoadBalancer[]; at: number }> {
    const { value, at } = await readList(this.api, cloud, LOAD_BALANCERS, {}, signal)
    return { loadBalancers: value, at }
  }

  /**
   * One load balancer with listeners, pools, members and monitors.
   * Parts that are deleted while it is read are left out.
   * @throws AppError `octavia.notFound`, `answer.malformed`, and what `CloudApi` throws
   */
  async read(cloud: string, id: string, signal: AbortSignal): Promise<LoadBalancerDetail> {
    const filter = { loadbalancer_id: id }
    const [loadBalancer, listeners, pools] = await Promise.all([
      readOne(this.api, cloud, LOAD_BALANCERS, id, signal),
      readList(this.api, cloud, LISTENERS, filter, signal),
      readList(this.api, cloud, POOLS, filter, signal),
    ])
    const parts = await inParallel(pools.value, POOLS_AT_ONCE, (pool) =>
      this.partsOf(cloud, pool, signal),
    )
    const readings: Reading<unknown>[] = [loadBalancer, listeners, pools]
    for (const part of parts) if (part) readings.push(...part.readings)
    return {
      loadBalancer: loadBalancer.value,
      listeners: listeners.value,
      pools: parts.flatMap((part) => (part ? [part.pool] : [])),
      at: Math.min(...readings.map(({ at }) => at)),
      requestIds: readings.flatMap(({ requestIds }) => requestIds),
    }
  }

  private async partsOf(cloud: string, pool: Pool, signal: AbortSignal) {
    const [members, healthMonitor] = await Promise.all([
      existing<Member[]>(readList(this.api, cloud, membersOf(pool.id), {}, signal)),
      pool.healthMonitorId === undefined
        ? undefined
        : existing<HealthMonitor>(
            readOne(this.api, cloud, HEALTH_MONITORS, pool.healthMonitorId, signal),
          ),
    ])
    if (!members) return undefined
    return {
      pool: { ...pool, members: members.value, healthMonitor: healthMonitor?.value },
      readings: healthMonitor ? [members, healthMonitor] : [members],
    }
  }
}

/** What was read, or nothing when it is no longer there. */
async function existing<T>(reading: Promise<Reading<T>>): Promise<Reading<T> | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof AppError && error.reason === 'octavia.notFound') return undefined
    throw error
  }
}

/** Does `work` on every item, on at most `limit` at a time; results keep the order of the items. */
async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results
}
