import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { IGNORED } from '../../preload/contract/ignored'
import { isRefused, type ArchiveEntry, type Refused } from './archiveEntry'
import { packingOf, PACKING_HEAD } from './packing'
import { Pieces } from './pieces'
import { readPieces } from './readPieces'
import { readTar } from './tar'
import { readZip } from './zip'

/** A file as it was opened: unpacked, out of a folder or an archive. A big one comes in pieces. */
export type OpenedFile = { path: string; modifiedAt?: number } & (
  | { octets: Uint8Array }
  /**
   * Read once, before the next file is asked for; a piece counts until the next is asked for.
   *
   * @throws why it cannot be read any further, in English
   */
  | { pieces: AsyncIterable<Uint8Array> }
)

/** A file that was not read, or not to its end, and why, in English. */
export interface Unopened {
  file: string
  reason: string
}

/** What may be opened at most: evidence comes from machines that are ill, and an archive may unpack to anything. */
export interface OpenLimits {
  /** Octets of one file, unpacked, or of all that an archive unpacks to. */
  file: number
  /** Octets that are read and unpacked in all. */
  total: number
  /** Octets of a zip archive, which is read whole. */
  zip: number
  /** Files, and entries of archives. */
  count: number
  /** Folders in folders. */
  depth: number
  /** Octets above which a file comes in pieces. */
  small: number
}

const LIMITS: OpenLimits = {
  ...{ file: 8 * 2 ** 30, total: 32 * 2 ** 30, zip: 256 * 2 ** 20 },
  ...{ count: 10_000, depth: 12, small: 4 * 2 ** 20 },
}
/** Archives in archives. */
const NESTED = 4

/**
 * Opens folders, files and archives one file at a time, so that no more than one is in memory, and of a big one a part.
 * Packing is told by content. Links are followed where they stay within what was given.
 *
 * @throws what `node:fs` throws where a given path itself cannot be read
 */
export async function* openEvidence(
  paths: readonly string[],
  limits: Partial<OpenLimits> = {},
): AsyncGenerator<OpenedFile | Unopened, void> {
  const opening = new Opening({ ...LIMITS, ...limits })
  const roots = paths.map((path) => [path, realpathSync(path)] as const)
  for (const [path, root] of roots) {
    const plain = path.length > 1 ? path.replace(/[/\\]+$/, '') : path
    try {
      yield* opening.path(plain, root, root, 0)
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error
      yield { file: error.file, reason: IGNORED.tooMuch }
      return
    }
  }
}

/** The limits of all evidence are reached. */
class TooMuch extends Error {
  constructor(readonly file: string) {
    super(IGNORED.tooMuch)
  }
}

type Opened = AsyncGenerator<OpenedFile | Unopened, void>

class Opening {
  private count = 0
  private total = 0
  private readonly seen = new Set<string>()

  constructor(private readonly limits: OpenLimits) {}

  async *path(path: string, real: string, root: string, depth: number): Opened {
    if (this.seen.has(real)) return
    this.seen.add(real)
    const stat = statSync(real)
    if (stat.isDirectory()) yield* this.folder(path, real, root, depth)
    else if (!stat.isFile()) yield { file: path, reason: IGNORED.special }
    else if (stat.size > this.limits.file) yield { file: path, reason: IGNORED.tooBig }
    else {
      const pieces = new Pieces(this.metered(readPieces(real)))
      yield* this.content({ name: path, pieces, modifiedAt: stat.mtimeMs }, 0)
    }
  }

  private async *folder(path: string, real: string, root: string, depth: number): Opened {
    if (depth > this.limits.depth) {
      yield { file: path, reason: IGNORED.tooDeep }
      return
    }
    for (const name of readdirSync(real).sort()) {
      const inner = join(path, name)
      try {
        const target = realpathSync(join(real, name))
        const isInside = target === root || target.startsWith(root + sep)
        if (isInside) yield* this.path(inner, target, root, depth + 1)
        else yield { file: inner, reason: IGNORED.linkOutside }
      } catch (error) {
        if (error instanceof TooMuch) throw error
        yield { file: inner, reason: messageOf(error) }
      }
    }
  }

  /** A file, or what is packed in it. */
  private async *content(entry: ArchiveEntry, nested: number): Opened {
    const { name, pieces } = entry
    this.count += 1
    if (this.count > this.limits.count) throw new TooMuch(name)
    try {
      const packing = packingOf(await pieces.peek(PACKING_HEAD))
      if (packing && nested > NESTED) yield { file: name, reason: IGNORED.packedTooOften }
      else if (packing?.kind === 'other')
        yield { file: name, reason: `unpack it first: ${packing.command}` }
      else if (packing?.kind === 'file') {
        const inner = new Pieces(this.metered(packing.unpack(pieces)))
        yield* this.content({ ...entry, pieces: inner }, nested + 1)
      } else if (packing?.kind === 'tar') yield* this.entries(name, readTar(pieces), nested)
      else if (packing?.kind === 'zip') yield* this.zip(name, pieces, nested)
      else yield* this.file(entry)
    } finally {
      await pieces.close()
    }
  }

  private async *zip(name: string, pieces: Pieces, nested: number): Opened {
    const octets = await pieces.peek(this.limits.zip + 1)
    if (octets.length > this.limits.zip) yield { file: name, reason: IGNORED.tooBig }
    else yield* this.entries(name, this.meteredEntries(readZip(octets)), nested)
  }

  private *meteredEntries(entries: Iterable<ArchiveEntry | Refused>) {
    for (const entry of entries)
      yield isRefused(entry)
        ? entry
        : { ...entry, pieces: new Pieces(this.metered(entry.pieces.upTo(Infinity))) }
  }

  private async *entries(
    archive: string,
    entries: AsyncIterable<ArchiveEntry | Refused> | Iterable<ArchiveEntry | Refused>,
    nested: number,
  ): Opened {
    for await (const entry of entries) {
      const name = `${archive}/${entry.name.replace(/^(?:\.\/)+/, '')}`
      if (!isRefused(entry)) yield* this.content({ ...entry, name }, nested + 1)
      else {
        this.count += 1
        if (this.count > this.limits.count) throw new TooMuch(name)
        yield { file: name, reason: entry.reason }
      }
    }
  }

  private async *file({ name: path, pieces, modifiedAt }: ArchiveEntry): Opened {
    const dated = modifiedAt === undefined ? {} : { modifiedAt }
    const octets = await pieces.peek(this.limits.small + 1)
    if (octets.length > this.limits.small) {
      yield { path, pieces: pieces.upTo(Infinity), ...dated }
      return
    }
    const { failure } = pieces
    if (failure instanceof TooMuch) throw new TooMuch(path)
    if (octets.length || failure === undefined) yield { path, octets, ...dated }
    if (failure !== undefined) yield { file: path, reason: messageOf(failure) }
  }

  private async *metered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    let octets = 0
    for await (const piece of pieces) {
      octets += piece.length
      this.total += piece.length
      if (this.total > this.limits.total) throw new TooMuch('')
      if (octets > this.limits.file) throw new Error(IGNORED.tooBig)
      yield piece
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
