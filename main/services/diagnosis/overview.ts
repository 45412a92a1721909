import type { Output } from '../../../preload/contract/channel'
import type { Contract } from '../../../preload/contract'
import { delay } from '../../base/delay'
import { Queue } from '../../base/queue'
import type { LoadBalancers } from '../loadBalancers'
import type { Diagnoses } from './diagnoses'

type Item = Output<Contract['overview.follow']>

/** Load balancers looked at at the same time: two SSH connections each. */
const AT_ONCE = 3
/** Milliseconds between the end of a round and the next. */
const AGAIN_MS = 120_000
/** What waits for a reader; more load balancers than this would be told late, not lost. */
const MOST_ITEMS = 100_000

/** The diagnoses of a whole cloud, round after round, with a bounded number of connections. */
export class Overview {
  constructor(
    private readonly loadBalancers: Pick<LoadBalancers, 'list'>,
    private readonly diagnoses: Pick<Diagnoses, 'once'>,
  ) {}

  /** Ends when the signal is aborted. @throws AppError when the list cannot be read */
  async *follow(cloud: string, signal: AbortSignal): AsyncGenerator<Item, void> {
    const items = new Queue<Item>(MOST_ITEMS)
    const leave = new AbortController()
    const stop = () => leave.abort()
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const work = this.rounds(cloud, items, leave.signal).catch((error: unknown) =>
      items.fail(error),
    )
    try {
      for await (const batch of items.batches(leave.signal)) yield* batch
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
      await work
    }
  }

  private async rounds(cloud: string, items: Queue<Item>, signal: AbortSignal): Promise<void> {
    let seen = new Set<string>()
    while (!signal.aborted) {
      const { loadBalancers } = await this.loadBalancers.list(cloud, signal)
      const ids = loadBalancers.map(({ id }) => id)
      for (const id of seen)
        if (!ids.includes(id)) items.push({ kind: 'removed', loadBalancerId: id })
      seen = new Set(ids)
      await this.round(cloud, ids, items, signal)
      await delay(AGAIN_MS, signal)
    }
  }

  private async round(
    cloud: string,
    ids: readonly string[],
    items: Queue<Item>,
    signal: AbortSignal,
  ): Promise<void> {
    const total = ids.length
    let done = 0
    const progress = () =>
      items.push({ kind: 'progress', done, total, at: Date.now(), atOnce: AT_ONCE })
    progress()
    const queue = ids.values()
    const worker = async () => {
      for (const id of queue) {
        const diagnosis = await this.diagnoses.once(cloud, id, signal)
        items.push({ kind: 'diagnosis', diagnosis })
        done += 1
        progress()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }
}
