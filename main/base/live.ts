/**
 * A value that changes, and everybody who follows it.
 * A follower gets the present value at once and then the newest one after each change; values that
 * a slow follower missed in between are skipped, so following costs no memory.
 */
export class Live<T> {
  private readonly wakers = new Set<() => void>()
  private version = 0

  constructor(private current: T) {}

  get value(): T {
    return this.current
  }

  set(value: T): void {
    this.current = value
    this.version += 1
    for (const wake of this.wakers) wake()
  }

  /** Ends when the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<T, void> {
    let seen = -1
    let wake = () => {}
    const listener = () => wake()
    this.wakers.add(listener)
    signal.addEventListener('abort', listener)
    try {
      while (!signal.aborted) {
        if (seen === this.version) {
          await new Promise<void>((resolve) => (wake = resolve))
          continue
        }
        seen = this.version
        yield this.current
      }
    } finally {
      this.wakers.delete(listener)
      signal.removeEventListener('abort', listener)
    }
  }
}
