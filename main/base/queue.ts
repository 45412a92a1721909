/**
 * Hands items from producers that cannot wait to one reader, in order.
 * Holds at most `limit` items; `push` answers false when an item had to be dropped, so that its owner can say so.
 */
export class Queue<T> {
  private items: T[] = []
  private wake = () => {}
  private failure: { error: unknown } | undefined
  private ended = false

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.items.length
  }

  push(item: T): boolean {
    if (this.ended || this.items.length >= this.limit) return false
    this.items.push(item)
    this.wake()
    return true
  }

  /** The reader gets what is queued, then its end. */
  end(): void {
    this.ended = true
    this.wake()
  }

  /** The reader gets what is queued, then the error. */
  fail(error: unknown): void {
    this.failure ??= { error }
    this.end()
  }

  /** Reads batches of everything that is queued, until the end or until the signal is aborted. */
  async *batches(signal: AbortSignal): AsyncGenerator<T[], void> {
    const stop = () => this.wake()
    signal.addEventListener('abort', stop)
    try {
      while (!signal.aborted) {
        if (this.items.length) {
          const batch = this.items
          this.items = []
          yield batch
        } else if (this.failure) {
          throw this.failure.error
        } else if (this.ended) {
          return
        } else {
          await new Promise<void>((resolve) => (this.wake = resolve))
        }
      }
    } finally {
      signal.removeEventListener('abort', stop)
      this.ended = true
    }
  }
}
