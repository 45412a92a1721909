import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../preload/contract/error'

/** Readable by this user only: the files hold addresses, names and sealed secrets. */
const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/**
 * A value kept in a JSON file. Writing is atomic and reaches the disk before it returns:
 * after `kill -9` or a power cut the file holds either the old value or the new one.
 */
export class JsonFile<T> {
  private last: Promise<unknown> = Promise.resolve()

  /** `parse` checks what was read and throws when it is not a T. */
  constructor(
    readonly path: string,
    private readonly parse: (value: unknown) => T,
    private readonly fallback: T,
  ) {}

  /** The value, or the fallback where there is no file yet. @throws AppError `store.unreadable` */
  async read(): Promise<T> {
    let text
    try {
      text = await readFile(this.path, 'utf8')
    } catch (cause) {
      if (isMissing(cause)) return this.fallback
      throw this.unreadable(cause)
    }
    try {
      return this.parse(JSON.parse(text))
    } catch (cause) {
      throw this.unreadable(cause)
    }
  }

  /** @throws AppError `store.unwritable` */
  async write(value: T): Promise<void> {
    await this.inTurn(() => this.replace(value))
  }

  /**
   * Reads, changes and writes; changes of the same file wait for each other.
   * @param otherwise stands for a file that cannot be read, which is replaced then
   * @throws AppError `store.*`
   */
  async update(change: (value: T) => T, otherwise?: T): Promise<T> {
    return this.inTurn(async () => {
      const value = change(await this.readOr(otherwise))
      await this.replace(value)
      return value
    })
  }

  private async readOr(otherwise: T | undefined): Promise<T> {
    try {
      return await this.read()
    } catch (error) {
      if (otherwise === undefined) throw error
      return otherwise
    }
  }

  private inTurn<R>(work: () => Promise<R>): Promise<R> {
    const turn = this.last.then(work)
    this.last = turn.catch(() => undefined)
    return turn
  }

  private async replace(value: T): Promise<void> {
    const draft = `${this.path}.${String(process.pid)}.new`
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: PRIVATE_FOLDER })
      const file = await open(draft, 'w', PRIVATE_FILE)
      try {
        await file.writeFile(`${JSON.stringify(value, null, 2)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, this.path)
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined)
      throw AppError.because('store.unwritable', messageOf(cause), {
        cause,
        values: { path: this.path },
      })
    }
  }

  private unreadable(cause: unknown): AppError {
    return AppError.because('store.unreadable', messageOf(cause), {
      cause,
      values: { path: this.path },
    })
  }
}

/** A file of JSON lines that only grows. A line is on the disk before `append` returns. */
export class LineFile {
  private last: Promise<unknown> = Promise.resolve()

  constructor(readonly path: string) {}

  /** @throws AppError `store.unwritable` */
  append(value: unknown): Promise<void> {
    const turn = this.last.then(() => this.write(`${JSON.stringify(value)}\n`))
    this.last = turn.catch(() => undefined)
    return turn
  }

  /** Every line that is whole; one that a crash cut short is left out. @throws AppError `store.unreadable` */
  async read(): Promise<unknown[]> {
    let text
    try {
      text = await readFile(this.path, 'utf8')
    } catch (cause) {
      if (isMissing(cause)) return []
      throw AppError.because('store.unreadable', messageOf(cause), {
        cause,
        values: { path: this.path },
      })
    }
    return text.split('\n').flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as unknown] : []
      } catch {
        return []
      }
    })
  }

  private async write(line: string): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: PRIVATE_FOLDER })
      const file = await open(this.path, 'a+', PRIVATE_FILE)
      try {
        // A crash may have left half a line; ours must not be glued to it.
        const { size } = await file.stat()
        const tail = Buffer.alloc(1)
        if (size > 0) await file.read(tail, 0, 1, size - 1)
        await file.appendFile(size > 0 && tail[0] !== 0x0a ? `\n${line}` : line)
        await file.sync()
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw AppError.because('store.unwritable', messageOf(cause), {
        cause,
        values: { path: this.path },
      })
    }
  }
}

/** Whether something failed because there is no such file. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
