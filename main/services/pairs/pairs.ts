import type { PairItem } from '../../../preload/contract/pair'
import { PairWatch, type PairServices } from './pairWatch'

/** Milliseconds for which a watch outlives its last follower: a page that changes its view comes right back. */
const LINGER_MS = 5000

interface Shared {
  watch: PairWatch
  users: number
  ending?: ReturnType<typeof setTimeout>
}

/** The pairs that are being watched. However many follow a pair, it is watched once. */
export class Pairs {
  private readonly shared = new Map<string, Shared>()
  private readonly stopping = new Set<Promise<void>>()

  constructor(
    private readonly services: PairServices,
    private readonly lingerMs = LINGER_MS,
  ) {}

  /**
   * The pair at once and after each change, the last `lines` of each log and each new one, events.
   * Ends when the signal is aborted; what fails is told inside the pair.
   */
  async *follow(
    cloud: string,
    loadBalancerId: string,
    lines: number,
    signal: AbortSignal,
  ): AsyncGenerator<PairItem, void> {
    const { watch, release } = this.use(cloud, loadBalancerId)
    try {
      yield* watch.follow(lines, signal)
    } finally {
      release()
    }
  }

  /** Asks everything about a pair anew; does nothing for a pair that nobody follows. */
  refresh(cloud: string, loadBalancerId: string): void {
    this.shared.get(keyOf(cloud, loadBalancerId))?.watch.refresh()
  }

  /** The watch of a pair, started if need be; it goes on until some seconds after the last `release`. */
  use(cloud: string, loadBalancerId: string): { watch: PairWatch; release: () => void } {
    const key = keyOf(cloud, loadBalancerId)
    const shared = this.shared.get(key) ?? {
      watch: new PairWatch(this.services, cloud, loadBalancerId),
      users: 0,
    }
    this.shared.set(key, shared)
    shared.users += 1
    clearTimeout(shared.ending)
    let used = true
    const release = () => {
      if (!used) return
      used = false
      shared.users -= 1
      if (shared.users === 0) shared.ending = setTimeout(() => this.end(key), this.lingerMs)
    }
    return { watch: shared.watch, release }
  }

  /** Ends every watch of a cloud, or all; returns when nothing runs any more. */
  async close(cloud?: string): Promise<void> {
    for (const [key, { watch, ending }] of this.shared) {
      if (cloud !== undefined && watch.cloud !== cloud) continue
      clearTimeout(ending)
      this.end(key)
    }
    await Promise.all(this.stopping)
  }

  private end(key: string): void {
    const shared = this.shared.get(key)
    if (!shared) return
    this.shared.delete(key)
    const stopping = shared.watch.stop()
    this.stopping.add(stopping)
    void stopping.finally(() => this.stopping.delete(stopping))
  }
}

const keyOf = (cloud: string, loadBalancerId: string): string => `${cloud}\n${loadBalancerId}`
