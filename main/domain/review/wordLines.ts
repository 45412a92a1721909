const NEWLINE = 10

/**
 * Finds the lines of a text that have one of some words in them, in octets: of a log that is mostly about something else
 * nothing is decoded but what was found. Lines are counted from 1.
 */
export class WordLines {
  private readonly words: readonly Buffer[]
  /** Number of the line that `rest` begins. */
  private line = 1
  /** The beginning of a line whose end has not come. */
  private rest = Buffer.alloc(0)

  /**
   * @param longest so many octets of a line are looked at
   * @param onLine gets each line that was found, without its newline, to be read at once
   */
  constructor(
    words: readonly string[],
    private readonly longest: number,
    private readonly onLine: (octets: Buffer, line: number) => void,
  ) {
    this.words = words.map((word) => Buffer.from(word))
  }

  /** Takes the next octets. */
  push(piece: Uint8Array): void {
    const octets = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const first = octets.indexOf(NEWLINE)
    this.keep(octets.subarray(0, first < 0 ? octets.length : first))
    if (first < 0) return
    this.end()
    const from = first + 1
    const last = octets.lastIndexOf(NEWLINE) + 1
    this.search(octets.subarray(from, last))
    this.rest = Buffer.alloc(0)
    this.keep(octets.subarray(last))
  }

  /** Ends the line that has begun. */
  end(): void {
    const { rest } = this
    if (this.words.some((word) => rest.includes(word))) this.onLine(rest, this.line)
    this.line += 1
  }

  private keep(octets: Buffer): void {
    const room = this.longest - this.rest.length
    if (room > 0 && octets.length) this.rest = Buffer.concat([this.rest, octets.subarray(0, room)])
  }

  /** Whole lines. */
  private search(octets: Buffer): void {
    const next = this.words.map((word) => octets.indexOf(word))
    let counted = 0
    for (;;) {
      const at = next.reduce((least, each) => (each >= 0 && each < least ? each : least), Infinity)
      if (at === Infinity) break
      const begin = octets.lastIndexOf(NEWLINE, at) + 1
      const end = octets.indexOf(NEWLINE, at)
      this.line += newlinesIn(octets, counted, begin)
      this.onLine(octets.subarray(begin, Math.min(end, begin + this.longest)), this.line)
      this.line += 1
      counted = end + 1
      for (const [index, word] of this.words.entries()) {
        const known = next[index] ?? -1
        if (known >= 0 && known <= end) next[index] = octets.indexOf(word, end)
      }
    }
    this.line += newlinesIn(octets, counted, octets.length)
  }
}

function newlinesIn(octets: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 1) if (octets[at] === NEWLINE) count += 1
  return count
}
