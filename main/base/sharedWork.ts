/**
 * A piece of work that several callers wait for together. It starts with the first of them,
 * and is aborted when the last of them has gone before it is done.
 */
export class SharedWork<T> {
  /** Resolves when the work has ended, either way. */
  readonly done: Promise<void>
  private readonly abort = new AbortController()
  private readonly result: Promise<T>
  private waiting = 0
  private settled = false

  constructor(start: (signal: AbortSignal) => Promise<T>) {
    this.result = start(this.abort.signal)
    const settle = () => {
      this.settled = true
    }
    this.done = this.result.then(settle, settle)
  }

  /** Nobody waits for it any more, and nobody can. */
  get abandoned(): boolean {
    return this.abort.signal.aborted
  }

  /** Aborts it, whoever still waits. */
  stop(): void {
    this.abort.abort()
  }

  /** The result. Rejects with the signal's reason when this caller leaves before. */
  join(signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error)
        return
      }
      this.waiting += 1
      const leave = () => {
        signal.removeEventListener('abort', left)
        this.waiting -= 1
        if (this.waiting === 0 && !this.settled) this.abort.abort()
      }
      const left = () => {
        leave()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', left, { once: true })
      this.result.then(
        (value) => {
          if (!signal.aborted) leave()
          resolve(value)
        },
        (error: unknown) => {
          if (!signal.aborted) leave()
          reject(error instanceof Error ? error : new Error(String(error)))
        },
      )
    })
  }
}
