import { once } from 'node:events'
import { access, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createGzip, type Gzip } from 'node:zlib'
import { AppError } from '../../preload/contract/error'

/** Readable by this user only: what is kept here was inside of somebody's machines. */
const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700
const BLOCK = 512
/** Fields of a ustar header: name, and the prefix before its last slashes. */
const NAME_OCTETS = 100
const PREFIX_OCTETS = 155

/**
 * A `.tar.gz` that grows while it is open (POSIX ustar), readable by this user only. It has its name once it is whole:
 * until then it is a file beside it.
 */
export class TarGzFile {
  private last: Promise<unknown> = Promise.resolve()
  private octets = 0

  private constructor(
    private readonly draft: string,
    private readonly file: FileHandle,
    private readonly gzip: Gzip,
    private readonly written: Promise<void>,
  ) {
    // Whoever adds or finishes is told of it; nobody may be adding just then.
    written.catch(() => undefined)
  }

  /** @param path the name it will have, or one beside it. @throws AppError `store.unwritable` */
  static async create(path: string): Promise<TarGzFile> {
    const draft = `${path}.${String(process.pid)}.part`
    try {
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER })
      const file = await open(draft, 'wx', PRIVATE_FILE)
      const gzip = createGzip()
      return new TarGzFile(draft, file, gzip, copy(gzip, file))
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  /** Octets that were added, before they are packed. */
  get size(): number {
    return this.octets
  }

  /**
   * Appends a file, after what was added before.
   * @param name relative, at most 255 characters of ASCII
   * @param modifiedAt milliseconds since the epoch
   * @throws AppError `store.unwritable`
   */
  add(name: string, content: string | Buffer, modifiedAt: number): Promise<void> {
    const body = Buffer.from(content)
    const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)
    const turn = this.last.then(async () => {
      for (const chunk of [headerOf(name, body.length, modifiedAt), body, padding])
        await this.write(chunk)
      this.octets += body.length
    })
    this.last = turn.catch(() => undefined)
    return turn.catch((cause: unknown) => {
      throw unwritable(name, cause)
    })
  }

  /**
   * Ends it and gives it its name, which nothing may have yet.
   * @returns its size in octets
   * @throws AppError `store.unwritable`
   */
  async finish(path: string): Promise<number> {
    try {
      await this.last
      // Two empty blocks end an archive.
      await this.write(Buffer.alloc(2 * BLOCK))
      this.gzip.end()
      await this.written
      await this.file.sync()
      const { size } = await this.file.stat()
      await this.file.close()
      if (await exists(path)) throw new Error('A file of this name exists.')
      await rename(this.draft, path)
      return size
    } catch (cause) {
      await this.discard()
      throw unwritable(path, cause)
    }
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    this.gzip.destroy()
    await this.written.catch(() => undefined)
    await this.file.close().catch(() => undefined)
    await rm(this.draft, { force: true }).catch(() => undefined)
  }

  private async write(chunk: Buffer): Promise<void> {
    if (!chunk.length || this.gzip.write(chunk)) return
    await Promise.race([once(this.gzip, 'drain'), this.written])
  }
}

async function copy(packed: AsyncIterable<Buffer>, file: FileHandle): Promise<void> {
  for await (const chunk of packed) await file.appendFile(chunk)
}

/** The files of a folder, their size in octets and when they changed; none where the folder is not there. */
export async function listFiles(
  folder: string,
): Promise<{ name: string; size: number; at: number }[]> {
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(
    names.map(async (name) => {
      // One that has gone meanwhile is none.
      const found = await stat(join(folder, name)).catch(() => undefined)
      return found?.isFile() ? [{ name, size: found.size, at: found.mtimeMs }] : []
    }),
  )
  return files.flat()
}

/** @see POSIX.1-1988 `ustar`: fields in octal digits, the sum of all octets with spaces for its own */
function headerOf(name: string, size: number, modifiedAt: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const { prefix, rest } = splitName(name)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  header.write(rest, 0)
  header.write(`${octal(PRIVATE_FILE, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100)
  header.write(
    `${octal(size, 11)}\0${octal(Math.max(0, Math.floor(modifiedAt / 1000)), 11)}\0`,
    124,
  )
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write(prefix, 345)
  const sum = header.reduce((total, octet) => total + octet, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return header
}

function splitName(name: string): { prefix: string; rest: string } {
  if (name.length <= NAME_OCTETS) return { prefix: '', rest: name }
  const cut = name.indexOf('/', name.length - NAME_OCTETS - 1)
  if (cut < 0 || cut > PREFIX_OCTETS) throw new Error(`A name that is too long: ${name}`)
  return { prefix: name.slice(0, cut), rest: name.slice(cut + 1) }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const unwritable = (path: string, cause: unknown): AppError =>
  AppError.because('store.unwritable', cause instanceof Error ? cause.message : String(cause), {
    cause,
    values: { path },
  })
