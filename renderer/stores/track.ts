/** A value that changes at instants, such as the state of one amphora: a step function with a bounded past. */
export class Track<T> {
  /** Beginnings, ascending; `values[i]` holds from `starts[i]` until the next beginning. */
  private readonly starts: number[] = []
  private readonly values: T[] = []

  /** `limit`: how many steps are kept; the oldest are forgotten. */
  constructor(
    private readonly same: (a: T, b: T) => boolean = Object.is,
    private readonly limit = 5_000,
  ) {}

  get last(): T | undefined {
    return this.values.at(-1)
  }

  get lastStart(): number | undefined {
    return this.starts.at(-1)
  }

  /** The value holds from `at` on, until the next step that is known. Steps may be told late and out of order. */
  set(at: number, value: T): void {
    const index = this.indexAt(at)
    const before = this.values[index]
    if (before !== undefined && this.same(before, value)) return
    if (index >= 0 && this.starts[index] === at) this.values[index] = value
    else {
      this.starts.splice(index + 1, 0, at)
      this.values.splice(index + 1, 0, value)
    }
    this.mergeFrom(index)
    if (this.starts.length > this.limit) {
      this.starts.splice(0, this.starts.length - this.limit)
      this.values.splice(0, this.values.length - this.limit)
    }
  }

  /** The value at an instant; undefined before the first step. */
  at(instant: number): T | undefined {
    return this.values[this.indexAt(instant)]
  }

  /** Calls `visit` for every step that overlaps the interval, clipped to it. */
  read(from: number, to: number, visit: (from: number, to: number, value: T) => void): void {
    for (let i = Math.max(0, this.indexAt(from)); i < this.starts.length; i += 1) {
      const start = this.starts[i] ?? to
      if (start >= to) return
      const end = Math.min(to, this.starts[i + 1] ?? to)
      const value = this.values[i]
      if (value !== undefined && end > from) visit(Math.max(from, start), end, value)
    }
  }

  /** Joins neighbours that became equal around a new step. */
  private mergeFrom(index: number): void {
    for (let i = Math.min(this.values.length - 1, index + 2); i > Math.max(0, index); i -= 1) {
      const value = this.values[i]
      const before = this.values[i - 1]
      if (value === undefined || before === undefined || !this.same(value, before)) continue
      this.starts.splice(i, 1)
      this.values.splice(i, 1)
    }
  }

  /** Index of the step that holds at an instant; -1 before the first. */
  private indexAt(instant: number): number {
    let low = 0
    let high = this.starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.starts[middle] ?? Infinity) <= instant) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
