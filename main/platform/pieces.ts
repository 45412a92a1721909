const NOTHING = Buffer.alloc(0)

/**
 * Octets that come in pieces, read once from their beginning. A piece that was given counts until the next is asked for:
 * sources use their memory again.
 */
export class Pieces {
  /** Octets that were taken so far. */
  position = 0
  /** Why no more came, where that was not their end. */
  failure: Error | undefined
  private rest: Buffer = NOTHING
  private readonly source: AsyncIterator<Uint8Array>

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]()
  }

  /** The next octets, that stay there: as many as asked for, fewer only where no more came. Never throws. */
  async peek(count: number): Promise<Buffer> {
    if (this.rest.length < count) {
      const parts = [Buffer.from(this.rest)]
      let length = this.rest.length
      while (length < count) {
        const piece = await this.pull()
        if (!piece) break
        parts.push(Buffer.from(piece))
        length += piece.length
      }
      this.rest = Buffer.concat(parts)
    }
    return this.rest.subarray(0, count)
  }

  /** Takes the next octets: as many as asked for, fewer only where no more came. Never throws. */
  async take(count: number): Promise<Buffer> {
    const taken = await this.peek(count)
    this.drop(taken.length)
    return taken
  }

  /**
   * Takes octets up to a position, as they come.
   *
   * @throws what the source threw
   */
  async *upTo(end: number): AsyncGenerator<Buffer, void> {
    while (this.position < end) {
      if (!this.rest.length) {
        const piece = await this.pull()
        if (!piece) {
          if (this.failure !== undefined) throw this.failure
          return
        }
        this.rest = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      }
      const given = this.rest.subarray(0, end - this.position)
      this.drop(given.length)
      yield given
    }
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    this.rest = NOTHING
    await this.source.return?.()
  }

  private drop(count: number): void {
    this.rest = this.rest.subarray(count)
    this.position += count
  }

  /** Undefined at the end, and for ever after. */
  private async pull(): Promise<Uint8Array | undefined> {
    if (this.failure !== undefined) return undefined
    try {
      const next = await this.source.next()
      return next.done ? undefined : next.value
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error))
      return undefined
    }
  }
}
