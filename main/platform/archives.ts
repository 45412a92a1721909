import { gunzipSync, inflateRawSync } from 'node:zlib'

/** A file out of an archive. */
export interface ArchiveEntry {
  name: string
  octets: Buffer
  /** Milliseconds since the epoch. */
  modifiedAt?: number
}

/** An entry that is not read, and why. */
export interface Refused {
  name: string
  reason: string
}

export const isRefused = (entry: ArchiveEntry | Refused): entry is Refused => 'reason' in entry

/** How octets are packed, by how they begin; undefined for what is not packed. */
export function packingOf(octets: Buffer): 'gzip' | 'zip' | 'tar' | 'other' | undefined {
  if (octets.length > 2 && octets[0] === 0x1f && octets[1] === 0x8b) return 'gzip'
  if (octets.subarray(0, 4).equals(ZIP_ENTRY) || octets.subarray(0, 4).equals(ZIP_END)) return 'zip'
  if (octets.length >= BLOCK && checksumOf(octets) === octalAt(octets, 148, 8)) return 'tar'
  return unpackerOf(octets) === undefined ? undefined : 'other'
}

/** The command that unpacks what Node cannot. */
export const unpackerOf = (octets: Buffer): string | undefined =>
  OTHERS.find(([magic]) => octets.subarray(0, magic.length).equals(magic))?.[1]

const OTHERS: readonly (readonly [Buffer, string])[] = [
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'unzstd'],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), 'unxz'],
  [Buffer.from([0x42, 0x5a, 0x68]), 'bunzip2'],
  [Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), '7z x'],
]

/** @throws where the octets are damaged, or unpack to more than `limit` */
export const gunzip = (octets: Buffer, limit: number): Buffer =>
  gunzipSync(octets, { maxOutputLength: limit })

const BLOCK = 512
const LINK = 'a link: give the file that it leads to'
const OUTSIDE = 'its name leads out of the archive'
const DAMAGED = 'the archive is damaged here'
const TOO_BIG = 'too big when unpacked'
const leadsOutside = (name: string): boolean =>
  /^(?:[/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes('..')

/** The files of a tar archive: POSIX ustar, with the long names of pax and of GNU. What is cut ends it. */
export function* readTar(octets: Buffer): Generator<ArchiveEntry | Refused> {
  let longName: string | undefined
  for (let at = 0; at + BLOCK <= octets.length;) {
    const header = octets.subarray(at, at + BLOCK)
    if (header.every((octet) => octet === 0)) return
    const size = sizeAt(header)
    const begin = at + BLOCK
    const end = begin + size
    const plain = nameAt(header)
    if (checksumOf(header) !== octalAt(header, 148, 8) || end > octets.length) {
      yield { name: plain, reason: DAMAGED }
      return
    }
    at = begin + Math.ceil(size / BLOCK) * BLOCK
    const body = octets.subarray(begin, end)
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'x') longName = /(?:^|\n)\d+ path=([^\n]+)\n/.exec(body.toString('utf8'))?.[1]
    else if (type === 'L') longName = textAt(body, 0, body.length)
    if (type === 'x' || type === 'L' || type === 'g' || type === 'K') continue
    const name = longName ?? plain
    longName = undefined
    if (type === '5') continue
    if (type === '1' || type === '2') yield { name, reason: LINK }
    else if (leadsOutside(name)) yield { name, reason: OUTSIDE }
    else if (type === '0' || type === '\0') {
      const modifiedAt = octalAt(header, 136, 12) * 1000
      yield { name, octets: body, ...(Number.isFinite(modifiedAt) && { modifiedAt }) }
    }
  }
}

function nameAt(header: Buffer): string {
  const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : ''
  const name = textAt(header, 0, 100)
  return prefix ? `${prefix}/${name}` : name
}

/** Sizes of 8 GiB and more are written in octets instead of octal digits. */
const sizeAt = (header: Buffer): number =>
  (header[124] ?? 0) & 0x80 ? Infinity : octalAt(header, 124, 12)

function textAt(octets: Buffer, at: number, length: number): string {
  const field = octets.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? field.length : end)
}

const octalAt = (octets: Buffer, at: number, length: number): number =>
  Number.parseInt(textAt(octets, at, length).trim() || '0', 8)

/** The sum of all octets of a header, those of the checksum taken for spaces. */
function checksumOf(header: Buffer): number {
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at > 155) sum += header[at] ?? 0
  return sum
}

const ZIP_ENTRY = Buffer.from([0x50, 0x4b, 0x03, 0x04])
const ZIP_END = Buffer.from([0x50, 0x4b, 0x05, 0x06])
const ZIP_LISTED = 0x02014b50

/** The files of a zip archive, stored or deflated, by its directory. */
export function* readZip(octets: Buffer, limit: number): Generator<ArchiveEntry | Refused> {
  const end = octets.lastIndexOf(ZIP_END)
  if (end < 0 || end + 22 > octets.length) {
    yield { name: '', reason: DAMAGED }
    return
  }
  let at = octets.readUInt32LE(end + 16)
  for (let left = octets.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > octets.length || octets.readUInt32LE(at) !== ZIP_LISTED) {
      yield { name: '', reason: DAMAGED }
      return
    }
    const nameLength = octets.readUInt16LE(at + 28)
    const name = octets.toString('utf8', at + 46, at + 46 + nameLength)
    if (!name.endsWith('/')) yield zipEntry(octets, at, name, limit)
    at += 46 + nameLength + octets.readUInt16LE(at + 30) + octets.readUInt16LE(at + 32)
  }
}

function zipEntry(octets: Buffer, at: number, name: string, limit: number): ArchiveEntry | Refused {
  const isEncrypted = octets.readUInt16LE(at + 8) & 1
  const method = octets.readUInt16LE(at + 10)
  const packed = octets.readUInt32LE(at + 20)
  const size = octets.readUInt32LE(at + 24)
  const header = octets.readUInt32LE(at + 42)
  if (leadsOutside(name)) return { name, reason: OUTSIDE }
  if (isEncrypted) return { name, reason: 'encrypted: unpack it first' }
  if (size > limit) return { name, reason: TOO_BIG }
  if (header + 30 > octets.length) return { name, reason: DAMAGED }
  const begin = header + 30 + octets.readUInt16LE(header + 26) + octets.readUInt16LE(header + 28)
  const body = octets.subarray(begin, begin + packed)
  const modifiedAt = dosTime(octets.readUInt16LE(at + 12), octets.readUInt16LE(at + 14))
  if (method === 0) return { name, octets: body, modifiedAt }
  if (method !== 8) return { name, reason: 'packed in a way that this command does not know' }
  try {
    return { name, modifiedAt, octets: inflateRawSync(body, { maxOutputLength: limit }) }
  } catch {
    return { name, reason: DAMAGED }
  }
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
