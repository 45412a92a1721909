import { IGNORED } from '../../preload/contract/ignored'
import { leadsOutside, type ArchiveEntry, type Refused } from './archiveEntry'
import { Pieces } from './pieces'

const BLOCK = 512
/** No name is longer; more is no name. */
const LONGEST_NAME = 65_536
/** Entries that tell of the one behind them: of pax, and of GNU. */
const EXTENSIONS = new Set(['x', 'L', 'g', 'K'])

/** Whether octets begin with the header of a tar archive: its checksum fits. */
export const isTar = (octets: Buffer): boolean =>
  octets.length >= BLOCK && checksumOf(octets) === octalAt(octets, 148, 8)

/**
 * The files of a tar archive as they come: POSIX ustar, with the long names and sizes of pax and of GNU. What is cut or
 * damaged ends it.
 */
export async function* readTar(pieces: Pieces): AsyncGenerator<ArchiveEntry | Refused, void> {
  let told: { name?: string; size?: number } = {}
  for (;;) {
    const header = Buffer.from(await pieces.take(BLOCK))
    if (!header.length && pieces.failure === undefined) return
    if (header.length === BLOCK && header.every((octet) => octet === 0)) return
    const name = told.name ?? (header.length < BLOCK ? '' : nameAt(header))
    const size = told.size ?? sizeAt(header)
    if (!isTar(header) || !Number.isSafeInteger(size)) {
      yield { name, reason: IGNORED.damaged }
      return
    }
    const type = String.fromCharCode(header[156] ?? 0)
    const begin = pieces.position
    if (EXTENSIONS.has(type)) {
      const record = Buffer.from(await pieces.take(Math.min(size, LONGEST_NAME)))
      told = { ...told, ...extensionOf(type, record) }
    } else {
      told = {}
      const entry = entryOf(pieces, header, { name, type, size })
      if (entry) yield entry
    }
    await skip(pieces, begin + Math.ceil(size / BLOCK) * BLOCK)
  }
}

function extensionOf(type: string, record: Buffer): { name?: string; size?: number } {
  if (type === 'L') return { name: textAt(record, 0, record.length) }
  if (type !== 'x') return {}
  const text = record.toString('utf8')
  const [, name] = /(?:^|\n)\d+ path=([^\n]+)\n/.exec(text) ?? []
  const [, size] = /(?:^|\n)\d+ size=(\d{1,15})\n/.exec(text) ?? []
  return { ...(name !== undefined && { name }), ...(size !== undefined && { size: Number(size) }) }
}

function entryOf(
  pieces: Pieces,
  header: Buffer,
  { name, type, size }: { name: string; type: string; size: number },
): ArchiveEntry | Refused | undefined {
  if (type === '5') return undefined
  if (type === '1' || type === '2') return { name, reason: IGNORED.link }
  if (leadsOutside(name)) return { name, reason: IGNORED.outside }
  if (type !== '0' && type !== '\0' && type !== '7') return { name, reason: IGNORED.special }
  const modifiedAt = octalAt(header, 136, 12) * 1000
  return {
    name,
    pieces: new Pieces(exactly(pieces, pieces.position + size)),
    ...(Number.isFinite(modifiedAt) && { modifiedAt }),
  }
}

async function* exactly(pieces: Pieces, end: number): AsyncGenerator<Uint8Array, void> {
  yield* pieces.upTo(end)
  if (pieces.position < end) throw new Error(IGNORED.damaged)
}

/** Goes on to a position; what cannot be read any more shows with the next header. */
async function skip(pieces: Pieces, to: number): Promise<void> {
  const passed = pieces.upTo(to)
  try {
    while (!(await passed.next()).done);
  } catch {
    return
  }
}

function nameAt(header: Buffer): string {
  const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : ''
  const name = textAt(header, 0, 100)
  return prefix ? `${prefix}/${name}` : name
}

/** Sizes of 8 GiB and more are written in octets instead of octal digits: bigger than anything that is read. */
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
