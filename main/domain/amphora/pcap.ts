/** One frame out of a capture. */
export interface Frame {
  /** Milliseconds since the epoch with microseconds as fraction, by the clock of the capturing machine. */
  at: number
  octets: Uint8Array
}

const FILE_HEADER = 24
const FRAME_HEADER = 16
/** The most tcpdump keeps of one frame; more is no capture. */
const LONGEST_FRAME = 262_144

/**
 * Reads a capture file (libpcap's classic format, both byte orders, micro- and nanoseconds) as it comes, in pieces of any
 * size. What is no capture, or is damaged, ends it: `isBroken`.
 */
export class PcapReader {
  /** How frames are wrapped, a number of libpcap's list: 1 Ethernet, 113 and 276 Linux "cooked", 101 bare IP. */
  linkType: number | undefined
  isBroken = false
  private rest = new Uint8Array(0)
  private isLittleEndian = true
  private unitsPerMs = 1000

  /** The frames that are complete with this piece. */
  read(piece: Uint8Array): Frame[] {
    if (this.isBroken) return []
    const octets = this.rest.length ? joined(this.rest, piece) : piece
    const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
    let at = 0
    if (this.linkType === undefined) {
      if (octets.length < FILE_HEADER) return this.wait(octets, 0)
      if (!this.readHeader(view)) return this.end()
      at = FILE_HEADER
    }
    const frames: Frame[] = []
    while (octets.length - at >= FRAME_HEADER) {
      const number = (offset: number) => view.getUint32(at + offset, this.isLittleEndian)
      const length = number(8)
      if (length > LONGEST_FRAME) {
        this.end()
        return frames
      }
      const end = at + FRAME_HEADER + length
      if (octets.length < end) break
      frames.push({
        at: number(0) * 1000 + number(4) / this.unitsPerMs,
        octets: octets.slice(at + FRAME_HEADER, end),
      })
      at = end
    }
    this.wait(octets, at)
    return frames
  }

  private readHeader(view: DataView): boolean {
    const magic = view.getUint32(0, true)
    const known = MAGIC[magic]
    if (!known) return false
    this.isLittleEndian = known.isLittleEndian
    this.unitsPerMs = known.unitsPerMs
    this.linkType = view.getUint32(20, this.isLittleEndian) & 0xffff
    return true
  }

  private wait(octets: Uint8Array, from: number): Frame[] {
    this.rest = octets.slice(from)
    return []
  }

  private end(): Frame[] {
    this.isBroken = true
    this.rest = new Uint8Array(0)
    return []
  }
}

const MAGIC: Readonly<Record<number, { isLittleEndian: boolean; unitsPerMs: number }>> = {
  0xa1b2c3d4: { isLittleEndian: true, unitsPerMs: 1000 },
  0xd4c3b2a1: { isLittleEndian: false, unitsPerMs: 1000 },
  0xa1b23c4d: { isLittleEndian: true, unitsPerMs: 1_000_000 },
  0x4d3cb2a1: { isLittleEndian: false, unitsPerMs: 1_000_000 },
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
