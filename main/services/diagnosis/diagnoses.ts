import type { Diagnosis } from '../../../preload/contract/finding'
import { either } from '../../base/either'
import { Lingering } from '../../base/lingering'
import { unlessAborted } from '../../base/unlessAborted'
import type { Pairs } from '../pairs/pairs'
import type { PairWatch } from '../pairs/pairWatch'
import { DiagnosisWatch, type DiagnosisServices } from './diagnosisWatch'
import type { FindingHistory } from './findingHistory'

/** Milliseconds for which a diagnosis outlives its last follower. */
const LINGER_MS = 10_000

interface Running {
  cloud: string
  watch: DiagnosisWatch
  pair: PairWatch
  stop: AbortController
  /** Resolves when nothing of it runs any more. */
  done: Promise<void>
}

export interface DiagnosesServices extends DiagnosisServices {
  pairs: Pairs
  history: FindingHistory
  /** Told of what is a bug of ours, or could not be written. */
  report: (error: unknown) => void
}

/** The diagnoses that are being made. However many follow one, it is made once. */
export class Diagnoses {
  private readonly running: Lingering<Running>

  constructor(
    private readonly services: DiagnosesServices,
    lingerMs = LINGER_MS,
  ) {
    this.running = new Lingering(({ stop, done }) => {
      stop.abort()
      return done
    }, lingerMs)
  }

  /** The diagnosis and each newer one; ends when the signal is aborted, or the cloud is closed. */
  async *follow(
    cloud: string,
    loadBalancerId: string,
    signal: AbortSignal,
  ): AsyncGenerator<Diagnosis, void> {
    const { value, release } = this.use(cloud, loadBalancerId)
    const leave = value.pair.attend()
    const ended = either(signal, value.stop.signal)
    try {
      for await (const diagnosis of value.watch.diagnosis.follow(ended.signal))
        if (diagnosis) yield diagnosis
    } finally {
      ended.letGo()
      leave()
      release()
    }
  }

  /** Looks at everything of a load balancer anew; does nothing where nobody follows its diagnosis. */
  refresh(cloud: string, loadBalancerId: string): void {
    this.running.get(keyOf(cloud, loadBalancerId))?.watch.refresh()
  }

  /**
   * The diagnosis of a load balancer when everything has been looked at once, without asking the operator for host keys.
   * @throws the signal's reason; an AbortError when the cloud is closed
   */
  async once(cloud: string, loadBalancerId: string, signal: AbortSignal): Promise<Diagnosis> {
    const { value, release } = this.use(cloud, loadBalancerId)
    const ended = either(signal, value.stop.signal)
    try {
      await unlessAborted(value.watch.complete(), ended.signal)
      const { value: diagnosis } = value.watch.diagnosis
      if (!diagnosis) throw new Error('A complete look has a diagnosis.')
      return diagnosis
    } finally {
      ended.letGo()
      release()
    }
  }

  /** Ends what runs for a cloud, or everything; returns when nothing runs any more. */
  async close(cloud?: string): Promise<void> {
    await this.running.close((one) => cloud === undefined || one.cloud === cloud)
    await this.services.history.settled()
  }

  private use(cloud: string, loadBalancerId: string) {
    return this.running.use(keyOf(cloud, loadBalancerId), () => this.begin(cloud, loadBalancerId))
  }

  private begin(cloud: string, loadBalancerId: string): Running {
    const { pairs, history, report } = this.services
    const pair = pairs.useQuietly(cloud, loadBalancerId)
    const watch = new DiagnosisWatch(this.services, pair.watch)
    const stop = new AbortController()
    const keep = async () => {
      for await (const diagnosis of watch.diagnosis.follow(stop.signal))
        if (diagnosis) await history.note(cloud, diagnosis).catch(report)
    }
    // Whatever ends the watch, those who wait for it are told.
    const run = watch
      .run(stop.signal)
      .catch(report)
      .finally(() => stop.abort())
    const done = Promise.all([run, keep()]).then(() => pair.release())
    return { cloud, watch, pair: pair.watch, stop, done }
  }
}

const keyOf = (cloud: string, loadBalancerId: string): string => `${cloud}\n${loadBalancerId}`
