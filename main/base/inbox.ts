/** What waits for one reader that may be slow; those who extend it say what of it can be forgotten. */
export abstract class Inbox<T> {
  private awake = () => {}

  /** Everything that waits, one after the other, and what comes later; ends when the signal is aborted. */
  async *items(signal: AbortSignal): AsyncGenerator<T, void> {
    const stop = () => this.wake()
    signal.addEventListener('abort', stop)
    try {
      while (!signal.aborted) {
        const items = this.take()
        if (items.length) yield* items
        else await new Promise<void>((resolve) => (this.awake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** To be called when something has come. */
  protected wake(): void {
    this.awake()
  }

  /** What waits; nothing of it does afterwards. */
  protected abstract take(): T[]
}

/** A list in pieces of a length, the last one shorter. */
export function pieces<T>(all: readonly T[], length: number): T[][] {
  const result: T[][] = []
  for (let start = 0; start < all.length; start += length)
    result.push(all.slice(start, start + length))
  return result
}
