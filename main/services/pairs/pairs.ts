import type { PairItem } from '../../../preload/contract/pair'
import { Lingering } from '../../base/lingering'
import { PairWatch, type PairServices } from './pairWatch'

/** Milliseconds for which a watch outlives its last follower: a page that changes its view comes right back. */
const LINGER_MS = 5000

interface Used {
  watch: PairWatch
  release: () => void
}

/** The pairs that are being watched. However many follow a pair, it is watched once. */
export class Pairs {
  private readonly watches: Lingering<PairWatch>

  constructor(
    private readonly services: PairServices,
    lingerMs = LINGER_MS,
  ) {
    this.watches = new Lingering((watch) => watch.stop(), lingerMs)
  }

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
    this.watches.get(keyOf(cloud, loadBalancerId))?.refresh()
  }

  /** The watch of a pair, started if need be; it goes on until some seconds after the last `release`. */
  use(cloud: string, loadBalancerId: string): Used {
    const { watch, release } = this.useQuietly(cloud, loadBalancerId)
    const leave = watch.attend()
    return {
      watch,
      release: () => {
        leave()
        release()
      },
    }
  }

  /** As `use`, for somebody who must not make it ask the operator for host keys. */
  useQuietly(cloud: string, loadBalancerId: string): Used {
    const begin = () => new PairWatch(this.services, cloud, loadBalancerId)
    const { value, release } = this.watches.use(keyOf(cloud, loadBalancerId), begin)
    return { watch: value, release }
  }

  /** Ends every watch of a cloud, or all; returns when nothing runs any more. */
  close(cloud?: string): Promise<void> {
    return this.watches.close((watch) => cloud === undefined || watch.cloud === cloud)
  }
}

const keyOf = (cloud: string, loadBalancerId: string): string => `${cloud}\n${loadBalancerId}`
