/** What time it is in the demo cloud, and everything in it that waits. */
export class Clock {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>()
  private readonly origin = Date.now() - performance.now()
  private closed = false

  /**
   * @param speed divides the time the control plane takes; VRRP and health checks keep their own pace
   * @param source milliseconds since the epoch, fractions for microseconds
   */
  constructor(
    readonly speed: number,
    private readonly source?: () => number,
  ) {}

  /** Milliseconds since the epoch; fractions hold the microseconds. */
  now(): number {
    return this.source?.() ?? this.origin + performance.now()
  }

  /** Runs the work later. The answer cancels it. */
  after(milliseconds: number, work: () => void): () => void {
    if (this.closed) return () => undefined
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      work()
    }, milliseconds)
    this.timers.add(timer)
    return () => {
      clearTimeout(timer)
      this.timers.delete(timer)
    }
  }

  /** As `after`, in the time of the control plane. */
  later(milliseconds: number, work: () => void): () => void {
    return this.after(milliseconds / this.speed, work)
  }

  /** Runs the work again and again. The answer ends it. */
  every(milliseconds: number, work: () => void): () => void {
    let cancel: () => void = () => undefined
    const again = () => {
      cancel = this.after(milliseconds, () => {
        again()
        work()
      })
    }
    again()
    return () => cancel()
  }

  /** Nothing that waits happens any more. */
  close(): void {
    this.closed = true
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }
}
