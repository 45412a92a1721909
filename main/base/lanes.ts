/** Lets a bounded number of tasks run at a time; the others wait for their turn, in order. */
export class Lanes {
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(private readonly limit: number) {}

  /** Runs the task when there is room. Its result, or its error. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.running += 1
    try {
      return await task()
    } finally {
      const next = this.waiting.shift()
      // The room goes from hand to hand, so that nobody slips in between.
      if (next) next()
      else this.running -= 1
    }
  }
}
