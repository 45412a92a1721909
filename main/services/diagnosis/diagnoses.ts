import type { Diagnosis } from '../../../preload/contract/finding'
import type { Pairs } from '../pairs/pairs'
import { DiagnosisWatch, type DiagnosisServices } from './diagnosisWatch'
import type { FindingHistory } from './findingHistory'

/** Milliseconds for which a diagnosis outlives its last follower. */
const LINGER_MS = 10_000

interface Shared {
  cloud: string
  watch: DiagnosisWatch
  users: number
  stop: AbortController
  /** Resolves when nothing of it runs any more. */
  done: Promise<void>
  ending?: ReturnType<typeof setTimeout>
}

export interface DiagnosesServices extends DiagnosisServices {
  pairs: Pairs
  history: FindingHistory
  /** Told of what is a bug of ours, or could not be written. */
  report: (error: unknown) => void
}

/** The diagnoses that are being made. However many follow one, it is made once. */
export class Diagnoses {
  private readonly shared = new Map<string, Shared>()

  constructor(private readonly services: DiagnosesServices) {}

  /** The diagnosis and each newer one; ends when the signal is aborted. */
  async *follow(
    cloud: string,
    loadBalancerId: string,
    signal: AbortSignal,
  ): AsyncGenerator<Diagnosis, void> {
    const { watch, release } = this.use(cloud, loadBalancerId)
    try {
      for await (const diagnosis of watch.diagnosis.follow(signal)) if (diagnosis) yield diagnosis
    } finally {
      release()
    }
  }

  /** Looks at everything of a load balancer anew; does nothing where nobody follows its diagnosis. */
  refresh(cloud: string, loadBalancerId: string): void {
    this.shared.get(keyOf(cloud, loadBalancerId))?.watch.refresh()
  }

  /** The diagnosis of a load balancer when everything has been looked at once. @throws the signal's reason */
  async once(cloud: string, loadBalancerId: string, signal: AbortSignal): Promise<Diagnosis> {
    const { watch, release } = this.use(cloud, loadBalancerId)
    try {
      await new Promise<void>((resolve, reject) => {
        const leave = () => reject(signal.reason as Error)
        if (signal.aborted) leave()
        signal.addEventListener('abort', leave, { once: true })
        void watch.complete().then(() => {
          signal.removeEventListener('abort', leave)
          resolve()
        })
      })
      const { value } = watch.diagnosis
      if (!value) throw new Error('A complete look has a diagnosis.')
      return value
    } finally {
      release()
    }
  }

  /** Ends what runs for a cloud, or everything; returns when nothing runs any more. */
  async close(cloud?: string): Promise<void> {
    const ending = [...this.shared].filter(([, one]) => cloud === undefined || one.cloud === cloud)
    for (const [key] of ending) this.end(key)
    await Promise.all(ending.map(([, { done }]) => done))
    await this.services.history.settled()
  }

  private use(cloud: string, loadBalancerId: string) {
    const key = keyOf(cloud, loadBalancerId)
    const shared = this.shared.get(key) ?? this.begin(cloud, loadBalancerId)
    this.shared.set(key, shared)
    shared.users += 1
    clearTimeout(shared.ending)
    const release = () => {
      shared.users -= 1
      if (shared.users === 0) shared.ending = setTimeout(() => this.end(key), LINGER_MS)
    }
    return { watch: shared.watch, release }
  }

  private begin(cloud: string, loadBalancerId: string): Shared {
    const { pairs, history, report } = this.services
    const pair = pairs.use(cloud, loadBalancerId)
    const watch = new DiagnosisWatch(this.services, pair.watch)
    const stop = new AbortController()
    const keep = async () => {
      for await (const diagnosis of watch.diagnosis.follow(stop.signal))
        if (diagnosis) await history.note(cloud, diagnosis).catch(report)
    }
    const done = Promise.all([watch.run(stop.signal).catch(report), keep()]).then(() =>
      pair.release(),
    )
    return { cloud, watch, users: 0, stop, done }
  }

  private end(key: string): void {
    const shared = this.shared.get(key)
    if (!shared) return
    clearTimeout(shared.ending)
    this.shared.delete(key)
    shared.stop.abort()
  }
}

const keyOf = (cloud: string, loadBalancerId: string): string => `${cloud}\n${loadBalancerId}`
