import type { Episode, MonitorItem, ProbeSettings } from '../../../preload/contract/pair'
import { Lingering } from '../../base/lingering'
import type { Pairs } from '../pairs/pairs'
import type { Prober } from '../probe/prober'
import type { EpisodeLog } from './episodeLog'
import { merge } from './merge'
import { MonitorRun } from './monitorRun'

/** Lines of history that each log begins with. */
const LINES = 200
/** Milliseconds for which a monitor outlives its last follower. */
const LINGER_MS = 5000

interface Running {
  run: MonitorRun
  releasePair: () => void
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
  private readonly runs: Lingering<Running>

  constructor(
    private readonly services: MonitorServices,
    lingerMs = LINGER_MS,
  ) {
    this.runs = new Lingering((running) => this.end(running), lingerMs)
  }

  /** Everything of `Pairs.follow`, and the probe and the episodes. Who asks for the same probe shares it. Ends when the signal is aborted. */
  async *follow(
    cloud: string,
    loadBalancerId: string,
    settings: ProbeSettings | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<MonitorItem, void> {
    const { pairs } = this.services
    const { value, release } = this.runs.use(
      JSON.stringify([cloud, loadBalancerId, settings]),
      () => this.begin(cloud, loadBalancerId, settings),
    )
    // Ends both sources when the reader leaves: one of them may be waiting for what never comes.
    const reading = new AbortController()
    const stop = () => reading.abort()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    try {
      yield* merge<MonitorItem>([
        pairs.follow(cloud, loadBalancerId, LINES, reading.signal),
        value.run.follow(reading.signal),
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
    await this.runs.close()
    await this.services.episodes.settled()
  }

  private begin(
    cloud: string,
    loadBalancerId: string,
    settings: ProbeSettings | undefined,
  ): Running {
    const { pairs, prober, episodes, report } = this.services
    const { watch, release } = pairs.use(cloud, loadBalancerId)
    const keep = (episode: Episode) => {
      episodes.keep(cloud, loadBalancerId, episode).catch(report)
    }
    const run = new MonitorRun({ prober, keep }, watch, settings)
    return { run, releasePair: release }
  }

  private async end({ run, releasePair }: Running): Promise<void> {
    for (const id of run.open) this.services.episodes.leave(id)
    try {
      await run.stop()
    } catch (error) {
      this.services.report(error)
    }
    releasePair()
  }
}
