import { IGNORED } from '../../preload/contract/ignored'
import { Readable } from 'node:stream'
import { leadsOutside, type ArchiveEntry, type Refused } from './archiveEntry'
import { Pieces } from './pieces'
import { inflate } from './unpackers'

const ENTRY = Buffer.from([0x50, 0x4b, 0x03, 0x04])
const END = Buffer.from([0x50, 0x4b, 0x05, 0x06])
const LISTED = 0x02014b50

/** Whether octets begin as a zip archive does, be it an empty one. */
export const isZip = (octets: Buffer): boolean =>
  [ENTRY, END].some((magic) => octets.subarray(0, magic.length).equals(magic))

/** The files of a zip archive, stored or deflated, by its directory, which is at its end: the whole archive is needed. */
export function* readZip(octets: Buffer): Generator<ArchiveEntry | Refused, void> {
  const end = octets.lastIndexOf(END)
  if (end < 0 || end + 22 > octets.length) {
    yield { name: '', reason: IGNORED.damaged }
    return
  }
  let at = octets.readUInt32LE(end + 16)
  for (let left = octets.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > octets.length || octets.readUInt32LE(at) !== LISTED) {
      yield { name: '', reason: IGNORED.damaged }
      return
    }
    const nameLength = octets.readUInt16LE(at + 28)
    const name = octets.toString('utf8', at + 46, at + 46 + nameLength)
    if (!name.endsWith('/')) yield entryOf(octets, at, name)
    at += 46 + nameLength + octets.readUInt16LE(at + 30) + octets.readUInt16LE(at + 32)
  }
}

function entryOf(octets: Buffer, at: number, name: string): ArchiveEntry | Refused {
  const isEncrypted = octets.readUInt16LE(at + 8) & 1
  const method = octets.readUInt16LE(at + 10)
  const packed = octets.readUInt32LE(at + 20)
  const header = octets.readUInt32LE(at + 42)
  // Of Unix: the upper half are the modes of the file.
  const isLink = ((octets.readUInt32LE(at + 38) >>> 16) & 0o170000) === 0o120000
  if (isLink) return { name, reason: IGNORED.link }
  if (leadsOutside(name)) return { name, reason: IGNORED.outside }
  if (isEncrypted) return { name, reason: IGNORED.encrypted }
  if (method !== 0 && method !== 8) return { name, reason: IGNORED.strange }
  if (header + 30 > octets.length) return { name, reason: IGNORED.damaged }
  const begin = header + 30 + octets.readUInt16LE(header + 26) + octets.readUInt16LE(header + 28)
  const body = bodyOf(octets, begin, begin + packed)
  const pieces = new Pieces(method === 8 ? inflate(body) : body)
  const modifiedAt = dosTime(octets.readUInt16LE(at + 12), octets.readUInt16LE(at + 14))
  return { name, pieces, modifiedAt }
}

/** Octets of the archive as pieces of a size that unpacks to little at a time. */
async function* bodyOf(
  octets: Buffer,
  begin: number,
  end: number,
): AsyncGenerator<Uint8Array, void> {
  const source = new Pieces(Readable.from([octets.subarray(begin, end)]))
  yield* source.upTo(end - begin)
  if (source.position < end - begin) throw new Error(IGNORED.damaged)
}

/** Two seconds exact, in local time, of which zone is not told: taken for UTC. */
const dosTime = (time: number, date: number): number =>
  Date.UTC(
    1980 + (date >> 9),
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  )
