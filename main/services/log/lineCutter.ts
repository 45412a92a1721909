/** No line of a log is longer; a source without newlines must not fill memory. */
const LONGEST_LINE = 4 * 1024 * 1024
const NEWLINE = 0x0a

/** Octets with the places of their newlines. The first line begins with the first octet, the next behind a newline. */
export interface Cut {
  octets: Buffer
  /** Index of each newline, in order. */
  newlines: readonly number[]
  /** Where in the source the first octet stands. */
  position: number
}

/** Cuts octets into whole lines and knows where each of them ends. What follows the last newline is kept for the next chunk. */
export class LineCutter {
  private rest: Buffer = Buffer.alloc(0)

  /** @param position where in its source the first octet stands */
  constructor(private position = 0) {}

  /** Octets behind the last newline. */
  get pending(): Buffer {
    return this.rest
  }

  /** The lines that are whole now. A line that came in pieces stands alone, so that the others need no copying. */
  push(chunk: Buffer): Cut[] {
    if (!this.rest.length) return this.cut(chunk)
    const end = chunk.indexOf(NEWLINE) + 1
    const first = Buffer.concat([this.rest, end > 0 ? chunk.subarray(0, end) : chunk])
    const cuts = this.cut(first)
    return end > 0 ? [...cuts, ...this.cut(chunk.subarray(end))] : cuts
  }

  private cut(octets: Buffer): Cut[] {
    const { position } = this
    const newlines: number[] = []
    let start = 0
    for (;;) {
      const newline = octets.indexOf(NEWLINE, start)
      if (newline < 0) break
      newlines.push(newline)
      start = newline + 1
    }
    this.position += start
    this.rest = octets.subarray(start)
    if (this.rest.length > LONGEST_LINE) {
      this.position += this.rest.length
      this.rest = Buffer.alloc(0)
    }
    return newlines.length ? [{ octets, newlines, position }] : []
  }
}
