import type { Amphora, LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { Amphorae } from '../amphorae'
import type { CloudApi } from '../cloudApi'
import { LOAD_BALANCERS } from '../octavia/collections'
import { readOne } from '../octavia/reading'

/** What the API tells about a pair. */
export interface PairSource {
  /** @throws AppError `octavia.notFound`, and what `CloudApi` throws */
  loadBalancer(cloud: string, id: string, signal: AbortSignal): Promise<LoadBalancer>
  /** Its amphorae, those of a failover that is under way included. @throws AppError `octavia.forbidden`, … */
  amphorae(cloud: string, loadBalancerId: string, signal: AbortSignal): Promise<Amphora[]>
}

/** A pair as the Octavia API tells it: two small requests, none of them for listeners or pools. */
export class OctaviaPairSource implements PairSource {
  constructor(
    private readonly api: CloudApi,
    private readonly lists: Pick<Amphorae, 'list'>,
  ) {}

  async loadBalancer(cloud: string, id: string, signal: AbortSignal): Promise<LoadBalancer> {
    return (await readOne(this.api, cloud, LOAD_BALANCERS, id, signal)).value
  }

  async amphorae(cloud: string, loadBalancerId: string, signal: AbortSignal): Promise<Amphora[]> {
    return (await this.lists.list(cloud, loadBalancerId, signal)).amphorae
  }
}
