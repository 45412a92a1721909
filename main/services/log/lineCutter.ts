/** No line of a log is longer; a source without newlines must not fill memory. */
const LONGEST_LINE = 4 * 1024 * 1024
const NEWLINE = 0x0a

/** Cuts octets into whole lines and knows where each of them ends. What follows the last newline is kept for the next chunk. */
export class LineCutter {
  private rest: Buffer = Buffer.alloc(0)

  /** @param position where in its source the first octet stands */
  constructor(private position = 0) {}

  /** Octets behind the last newline. */
  get pending(): Buffer {
    return this.rest
  }

  /** The lines that are whole now, without their newline; `end` is the position behind it. */
  push(chunk: Buffer): { octets: Buffer; end: number }[] {
    const octets = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk
    const lines: { octets: Buffer; end: number }[] = []
    let start = 0
    for (;;) {
      const newline = octets.indexOf(NEWLINE, start)
      if (newline < 0) break
      lines.push({ octets: octets.subarray(start, newline), end: this.position + newline + 1 })
      start = newline + 1
    }
    this.position += start
    this.rest = octets.subarray(start)
    if (this.rest.length > LONGEST_LINE) {
      this.position += this.rest.length
      this.rest = Buffer.alloc(0)
    }
    return lines
  }
}
