import { NewFile } from '../../platform/newFile'
import type { TerminalSize } from '../../platform/ssh'

/** What was recorded, for the head of the file. */
export interface Recorded {
  size: TerminalSize
  /** Milliseconds since the epoch. */
  at: number
  title: string
}

/**
 * What a terminal showed, as an asciicast of version 2, for `asciinema play`. What was typed is in it as far as it was
 * shown: passwords are not.
 * @see https://docs.asciinema.org/manual/asciicast/v2/
 */
export class Recording {
  private constructor(
    private readonly file: NewFile,
    private readonly startedAt: number,
  ) {}

  /** Where it is. */
  get path(): string {
    return this.file.path
  }

  /** Begins a new file. @throws AppError `store.unwritable` */
  static async start(path: string, { size, at, title }: Recorded): Promise<Recording> {
    const file = await NewFile.create(path)
    const head = {
      version: 2,
      width: size.columns,
      height: size.rows,
      timestamp: Math.floor(at / 1000),
      title,
      env: { TERM: 'xterm-256color' },
    }
    await file.append(`${JSON.stringify(head)}\n`)
    return new Recording(file, at)
  }

  /** Text that was shown, at an instant in milliseconds. @throws AppError `store.unwritable` */
  output(at: number, text: string): Promise<void> {
    return this.event(at, 'o', text)
  }

  /** @throws AppError `store.unwritable` */
  resize(at: number, { columns, rows }: TerminalSize): Promise<void> {
    return this.event(at, 'r', `${columns}x${rows}`)
  }

  /** @throws AppError `store.unwritable` */
  close(): Promise<void> {
    return this.file.close()
  }

  private event(at: number, kind: 'o' | 'r', data: string): Promise<void> {
    const seconds = Math.max(0, at - this.startedAt) / 1000
    return this.file.append(`${JSON.stringify([Number(seconds.toFixed(6)), kind, data])}\n`)
  }
}
