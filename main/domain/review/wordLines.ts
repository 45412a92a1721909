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

/** Octets of a 32-bit word that are a newline count one each, in their own place. */
const NEWLINES = 0x0a0a0a0a
const LOW_BITS = 0x7f7f7f7f
/** Each of the four places counts to 255. */
const FULL = 255

/** Four octets at a time: each that is zero once the newlines are taken off sets the uppermost bit of its place. */
function newlinesIn(octets: Buffer, from: number, to: number): number {
  const aligned = from + (-(octets.byteOffset + from) & 3)
  if (to - aligned < 4) return newlinesOneByOne(octets, from, to)
  const length = (to - aligned) >> 2
  let count = newlinesOneByOne(octets, from, aligned)
  const words = new Int32Array(octets.buffer, octets.byteOffset + aligned, length)
  for (let at = 0; at < length;) {
    const end = Math.min(length, at + FULL)
    let places = 0
    for (; at < end; at += 1) {
      const rest = (words[at] ?? 0) ^ NEWLINES
      places += ~(((rest & LOW_BITS) + LOW_BITS) | rest | LOW_BITS) >>> 7
    }
    count += (places & 255) + ((places >>> 8) & 255) + ((places >>> 16) & 255) + (places >>> 24)
  }
  return count + newlinesOneByOne(octets, aligned + 4 * length, to)
}

function newlinesOneByOne(octets: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 1) if (octets[at] === NEWLINE) count += 1
  return count
}
