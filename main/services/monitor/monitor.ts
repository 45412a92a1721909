import type { Episode, MonitorItem, ProbeSettings } from '../../../preload/contract/pair'
import type { Pairs } from '../pairs/pairs'
import type { Prober } from '../probe/prober'
import type { EpisodeLog } from './episodeLog'
import { merge } from './merge'
import { MonitorRun } from './monitorRun'

/** Lines of history that each log begins with. */
const LINES = 200
/** Milliseconds for which a monitor outlives its last follower. */
const LINGER_MS = 5000

interface Shared {
  run: MonitorRun
  releasePair: () => void
  followers: number
  ending?: ReturnType<typeof setTimeout>
}

export interface MonitorServices {
  pairs: Pairs
  prober: Prober
  episodes: EpisodeLog
  /** Told of episodes that could not be written. */
  report: (error: unknown) => void
}

/** Monitors of pairs: state, events, a probe of the VIP, and the episodes reduced from all of them. */
export class Monitor {
  private readonly shared = new Map<string, Shared>()
  private readonly stopping = new Set<Promise<void>>()

  constructor(
    private readonly services: MonitorServices,
    private readonly lingerMs = LINGER_MS,
  ) {}

  /** Everything of `Pairs.follow`, and the probe and the episodes. Who asks for the same probe shares it. Ends when the signal is aborted. */
  async *follow(
    cloud: string,
    loadBalancerId: string,
    settings: ProbeSettings | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<MonitorItem, void> {
    const { pairs } = this.services
    const { run, release } = this.use(cloud, loadBalancerId, settings)
    // Ends both sources when the reader leaves: one of them may be waiting for what never comes.
    const reading = new AbortController()
    const stop = () => reading.abort()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    try {
      yield* merge<MonitorItem>([
        pairs.follow(cloud, loadBalancerId, LINES, reading.signal),
        run.follow(reading.signal),
      ])
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
      release()
    }
  }

  /** Episodes on record, newest first. @throws AppError `store.unreadable` */
  recorded(cloud: string, loadBalancerId: string): Promise<Episode[]> {
    return this.services.episodes.read(cloud, loadBalancerId)
  }

  /** Ends every monitor; returns when nothing runs any more and all episodes are on the disk. */
  async close(): Promise<void> {
    for (const [key, { ending }] of this.shared) {
      clearTimeout(ending)
      this.end(key)
    }
    await Promise.all(this.stopping)
    await this.services.episodes.settled()
  }

  private use(cloud: string, loadBalancerId: string, settings: ProbeSettings | undefined) {
    const key = JSON.stringify([cloud, loadBalancerId, settings])
    const shared = this.shared.get(key) ?? this.begin(cloud, loadBalancerId, settings)
    this.shared.set(key, shared)
    shared.followers += 1
    clearTimeout(shared.ending)
    const release = () => {
      shared.followers -= 1
      if (shared.followers === 0) shared.ending = setTimeout(() => this.end(key), this.lingerMs)
    }
    return { run: shared.run, release }
  }

  private begin(
    cloud: string,
    loadBalancerId: string,
    settings: ProbeSettings | undefined,
  ): Shared {
    const { pairs, prober, episodes, report } = this.services
    const { watch, release } = pairs.use(cloud, loadBalancerId)
    const keep = (episode: Episode) => {
      episodes.keep(cloud, loadBalancerId, episode).catch(report)
    }
    const run = new MonitorRun({ prober, keep }, watch, settings)
    return { run, releasePair: release, followers: 0 }
  }

  private end(key: string): void {
    const shared = this.shared.get(key)
    if (!shared) return
    this.shared.delete(key)
    for (const id of shared.run.open) this.services.episodes.leave(id)
    const stopping = shared.run.stop().finally(() => shared.releasePair())
    this.stopping.add(stopping)
    void stopping.finally(() => this.stopping.delete(stopping))
  }
}
