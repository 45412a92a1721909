import { AppError } from '../../../preload/contract/error'

/** Work that several ask for at once is done once for all of them; it ends early only when the last of them leaves. */
export class SharedCall<T> {
  private running: { result: Promise<T>; waiting: number; abort: AbortController } | undefined

  constructor(private readonly work: (signal: AbortSignal) => Promise<T>) {}

  /** @throws what the work throws, and AppError `cancelled` when the signal is aborted */
  async join(signal: AbortSignal): Promise<T> {
    const run = (this.running ??= this.start())
    run.waiting += 1
    let leave = () => {}
    try {
      return await Promise.race([
        run.result,
        new Promise<never>((_, reject) => {
          leave = () => reject(new AppError('cancelled', 'Cancelled.'))
          if (signal.aborted) leave()
          else signal.addEventListener('abort', leave)
        }),
      ])
    } finally {
      signal.removeEventListener('abort', leave)
      run.waiting -= 1
      if (run.waiting === 0) run.abort.abort()
    }
  }

  private start() {
    const abort = new AbortController()
    const result = this.work(abort.signal).finally(() => {
      if (this.running === run) this.running = undefined
    })
    // Whoever left no longer hears how it ended.
    result.catch(() => undefined)
    const run = { result, waiting: 0, abort }
    abort.signal.addEventListener('abort', () => {
      if (this.running === run) this.running = undefined
    })
    return run
  }
}
