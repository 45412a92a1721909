import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../preload/contract/error'

/** Readable by this user only. */
const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/** A file that did not exist before and grows while it is open; readable by this user only. */
export class NewFile {
  private last: Promise<unknown> = Promise.resolve()

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Creates it, and the folder it is in. @throws AppError `store.unwritable`; also when it exists */
  static async create(path: string): Promise<NewFile> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER })
      return new NewFile(path, await open(path, 'wx', PRIVATE_FILE))
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  /** Appends text, after what was appended before. @throws AppError `store.unwritable` */
  append(text: string): Promise<void> {
    const turn = this.last.then(() => this.file.appendFile(text))
    this.last = turn.catch(() => undefined)
    return turn.catch((cause: unknown) => {
      throw unwritable(this.path, cause)
    })
  }

  /** Waits until everything is on the disk, and closes it. @throws AppError `store.unwritable` */
  async close(): Promise<void> {
    await this.last
    try {
      await this.file.sync()
    } catch (cause) {
      throw unwritable(this.path, cause)
    } finally {
      await this.file.close()
    }
  }
}

const unwritable = (path: string, cause: unknown): AppError =>
  AppError.because('store.unwritable', cause instanceof Error ? cause.message : String(cause), {
    cause,
    values: { path },
  })
