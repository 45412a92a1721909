import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../preload/contract/error'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/** A file that was taken over: where it lies, and how it is called. */
export interface UploadedFile {
  path: string
  /** What the operator knows it by; never a path of this machine. */
  shown: string
}

/** What may be taken over at most. */
export interface UploadLimits {
  octets: number
  files: number
}

interface Growing extends UploadedFile {
  size: number
}

/**
 * Files that a page hands over piece by piece, in a folder that only this user can read. They are numbered: what they are
 * called never becomes a path.
 */
export class UploadFolder {
  private readonly files = new Map<string, Growing>()
  private total = 0
  private last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly folder: string,
    private readonly limits: UploadLimits,
  ) {}

  /** Creates one in a folder. @throws AppError `store.unwritable` */
  static async create(parent: string, limits: UploadLimits): Promise<UploadFolder> {
    try {
      await mkdir(parent, { recursive: true, mode: PRIVATE_FOLDER })
      return new UploadFolder(await mkdtemp(join(parent, `${String(process.pid)}-`)), limits)
    } catch (cause) {
      throw unwritable(parent, cause)
    }
  }

  /** Removes what consoles have left behind that run no more. */
  static async sweep(parent: string): Promise<void> {
    const names = await readdir(parent).catch(() => [])
    const left = names.filter((name) => !isRunning(Number.parseInt(name, 10)))
    await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })))
  }

  /**
   * Appends a piece to the file of a name, which begins with the first one.
   * @throws AppError `review.uploadLimit`, `store.unwritable`; `invalidInput` for a piece that does not follow the last
   */
  append(shown: string, offset: number, piece: Uint8Array, modifiedAt?: number): Promise<void> {
    const turn = this.last.then(() => this.write(shown, offset, piece, modifiedAt))
    this.last = turn.catch(() => undefined)
    return turn
  }

  /** Every file, in the order in which they began, when all that was handed over is written. */
  async content(): Promise<UploadedFile[]> {
    await this.last
    return Array.from(this.files.values(), ({ path, shown }) => ({ path, shown }))
  }

  /** Removes everything. */
  async remove(): Promise<void> {
    await this.last
    await rm(this.folder, { recursive: true, force: true })
  }

  private async write(
    shown: string,
    offset: number,
    piece: Uint8Array,
    modifiedAt: number | undefined,
  ): Promise<void> {
    const isNew = !this.files.has(shown)
    const { octets, files } = this.limits
    if (this.total + piece.length > octets || (isNew && this.files.size >= files)) {
      const limit = `${String(Math.round(octets / 2 ** 30))} GiB, ${String(files)} files`
      throw AppError.because('review.uploadLimit', shown, { values: { limit } })
    }
    try {
      const file = this.files.get(shown) ?? this.begin(shown)
      if (offset !== file.size)
        throw new AppError('invalidInput', `A piece at ${String(file.size)} was expected.`)
      const handle = await open(file.path, 'a', PRIVATE_FILE)
      try {
        await handle.writeFile(piece)
        if (modifiedAt !== undefined) await handle.utimes(modifiedAt / 1000, modifiedAt / 1000)
      } finally {
        await handle.close()
      }
      file.size += piece.length
      this.total += piece.length
    } catch (cause) {
      throw cause instanceof AppError ? cause : unwritable(this.folder, cause)
    }
  }

  private begin(shown: string): Growing {
    const file = { path: join(this.folder, String(this.files.size + 1)), shown, size: 0 }
    this.files.set(shown, file)
    return file
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // Of another user, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const unwritable = (path: string, cause: unknown): AppError =>
  AppError.because('store.unwritable', cause instanceof Error ? cause.message : String(cause), {
    cause,
    values: { path },
  })
