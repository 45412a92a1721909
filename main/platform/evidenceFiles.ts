import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import {
  gunzip,
  isRefused,
  packingOf,
  readTar,
  readZip,
  unpackerOf,
  type ArchiveEntry,
  type Refused,
} from './archives'

/** A file as it was opened: unpacked, out of a folder or an archive. */
export interface OpenedFile {
  path: string
  octets: Uint8Array
  modifiedAt?: number
}

/** A file that was not read, and why, in English. */
export interface Unopened {
  file: string
  reason: string
}

/** What may be opened at most: evidence comes from machines that are ill, and an archive may unpack to anything. */
export interface OpenLimits {
  /** Octets of one file, unpacked. */
  file: number
  /** Octets of all. */
  total: number
  count: number
  /** Folders in folders, and archives in archives. */
  depth: number
}

const LIMITS: OpenLimits = { file: 256 * 2 ** 20, total: 2 ** 31, count: 10_000, depth: 12 }
/** Archives in archives. */
const NESTED = 3

/**
 * Opens folders, files and archives one file at a time, so that no more than one is in memory. Packing is told by content.
 * Links are followed where they stay within what was given.
 *
 * @throws what `node:fs` throws where a given path itself cannot be read
 */
export function* openEvidence(
  paths: readonly string[],
  limits: Partial<OpenLimits> = {},
): Generator<OpenedFile | Unopened> {
  const opening = new Opening({ ...LIMITS, ...limits })
  for (const path of paths) {
    const root = realpathSync(path)
    yield* opening.path(path.length > 1 ? path.replace(/[/\\]+$/, '') : path, root, root, 0)
  }
}

class Opening {
  private count = 0
  private total = 0
  private readonly seen = new Set<string>()

  constructor(private readonly limits: OpenLimits) {}

  *path(path: string, real: string, root: string, depth: number): Generator<Opened> {
    if (this.seen.has(real)) return
    this.seen.add(real)
    const stat = statSync(real)
    if (stat.isDirectory()) yield* this.folder(path, real, root, depth)
    else if (!stat.isFile()) yield { file: path, reason: 'no regular file' }
    else if (stat.size > this.limits.file) yield { file: path, reason: TOO_BIG }
    else yield* this.octets({ name: path, octets: readFileSync(real), modifiedAt: stat.mtimeMs }, 0)
  }

  private *folder(path: string, real: string, root: string, depth: number): Generator<Opened> {
    if (depth > this.limits.depth) {
      yield { file: path, reason: 'too many folders in each other' }
      return
    }
    for (const name of readdirSync(real).sort()) {
      const inner = join(path, name)
      try {
        const target = realpathSync(join(real, name))
        const isInside = target === root || target.startsWith(root + sep)
        if (isInside) yield* this.path(inner, target, root, depth + 1)
        else yield { file: inner, reason: 'a link that leads outside of what was given' }
      } catch (error) {
        yield { file: inner, reason: messageOf(error) }
      }
    }
  }

  /** A file, or what is packed in it. */
  private *octets({ name, octets, modifiedAt }: ArchiveEntry, nested: number): Generator<Opened> {
    const packing = nested <= NESTED ? packingOf(octets) : undefined
    switch (packing) {
      case 'gzip':
        try {
          const unpacked = gunzip(octets, this.limits.file)
          yield* this.octets({ name, octets: unpacked, ...dated(modifiedAt) }, nested + 1)
        } catch (error) {
          yield { file: name, reason: `gzip: ${messageOf(error)}` }
        }
        return
      case 'tar':
        yield* this.entries(name, readTar(octets), nested)
        return
      case 'zip':
        yield* this.entries(name, readZip(octets, this.limits.file), nested)
        return
      case 'other':
        yield { file: name, reason: `unpack it first: ${unpackerOf(octets) ?? ''}` }
        return
      case undefined:
        yield this.counted({ path: name, octets, ...dated(modifiedAt) })
    }
  }

  private *entries(
    archive: string,
    entries: Iterable<ArchiveEntry | Refused>,
    nested: number,
  ): Generator<Opened> {
    for (const entry of entries) {
      const name = `${archive}/${entry.name.replace(/^(?:\.\/)+/, '')}`
      if (isRefused(entry)) yield { file: name, reason: entry.reason }
      else yield* this.octets({ ...entry, name }, nested + 1)
    }
  }

  private counted(file: OpenedFile): Opened {
    this.count += 1
    this.total += file.octets.length
    const isOver = this.count > this.limits.count || this.total > this.limits.total
    return isOver ? { file: file.path, reason: 'too much evidence at once: give less' } : file
  }
}

type Opened = OpenedFile | Unopened

const TOO_BIG = 'too big: cut it first'
const dated = (modifiedAt: number | undefined) => (modifiedAt === undefined ? {} : { modifiedAt })
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
