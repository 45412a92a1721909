import type { Amphora } from '../../preload/contract/loadBalancer'
import type { CloudApi } from './cloudApi'
import { AMPHORAE } from './octavia/collections'
import { readList } from './octavia/reading'

/** Amphorae of a cloud, as the controller knows them. Holds no state. */
export class Amphorae {
  constructor(private readonly api: CloudApi) {}

  /**
   * The amphorae of a load balancer, or of the whole cloud; all pages. `at` is when the first page was asked for.
   * @throws AppError `octavia.forbidden` without admin rights, `answer.malformed`, and what `CloudApi` throws
   */
  async list(
    cloud: string,
    loadBalancerId: string | undefined,
    signal: AbortSignal,
  ): Promise<{ amphorae: Amphora[]; at: number }> {
    const filter = { loadbalancer_id: loadBalancerId }
    const { value, at } = await readList(this.api, cloud, AMPHORAE, filter, signal)
    return { amphorae: value, at }
  }
}
