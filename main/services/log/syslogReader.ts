import { turn } from '../../base/turn'
import type { SshHost } from '../../platform/ssh'
import { commands, type AmphoraCommand } from '../commands'
import { failureOf, requireSuccess } from '../requireSuccess'
import { MOST_RECORDS, Unreadable, type Reading } from './journalReader'
import { LineCutter, type Cut } from './lineCutter'

/** How far back history is looked for. */
const HISTORY_BYTES = 4 * 1024 * 1024
/** So many octets before the position are compared with what was read, to tell the file from another of its name. */
const ANCHOR_BYTES = 256
const ROTATED = /^\/var\/log\/(?:syslog|messages)[.-]\d{1,10}$/

/** A line of a file. */
export interface FileLine {
  text: string
  /** Unique within the source: inode and the position behind the line. */
  cursor: string
}

interface Position {
  inode: number
  /** Behind the last line that was read. */
  offset: number
  anchor: Buffer
}

/**
 * Reads the lines of a log file, each exactly once, over any number of connections and rotations.
 * The file is asked for its inode and size, and read from where reading stopped; what stands before that place must be what
 * was read before. So both ways of rotation are noticed: renaming gives the name to another inode, truncating a copy changes the octets.
 */
export class SyslogReader {
  private position: Position | undefined

  /**
   * @param wanted which lines are meant; others are passed over
   * @param lines how many wanted lines of history to begin with
   */
  constructor(
    private readonly path: string,
    private readonly wanted: (line: string) => boolean,
    private readonly lines: number,
    private readonly sudo: boolean,
  ) {}

  /** What the file has now that was not read yet. @throws Unreadable; AppError of the connection */
  async *catchUp(host: SshHost, signal: AbortSignal): AsyncGenerator<Reading<FileLine>, void> {
    const status = await this.status(host, signal)
    if (!this.position) {
      yield { kind: 'position', position: 'begin' }
      yield* this.begin(host, status, signal)
      return
    }
    const { inode, offset } = this.position
    if (status.inode === inode && status.size === offset) {
      yield { kind: 'position', position: 'continued' }
      return
    }
    if (status.inode === inode && status.size > offset) {
      const same = yield* this.continueIn(host, this.path, false, signal)
      if (same) return
    } else if (status.inode !== inode) {
      const renamed = await this.find(host, inode, signal)
      // Nothing in the new file yet: the writer may still hold the old one.
      const final = status.size > 0
      const same = renamed && (yield* this.continueIn(host, renamed, final, signal))
      if (same && !final) return
      if (same) {
        yield* this.fromStart(host, status.inode, signal)
        return
      }
    }
    const copied = yield* this.continueIn(host, `${this.path}.1`, true, signal)
    if (!copied) yield { kind: 'position', position: 'gap' }
    yield* this.fromStart(host, status.inode, signal)
  }

  private async *begin(
    host: SshHost,
    { inode, size }: { inode: number; size: number },
    signal: AbortSignal,
  ): AsyncGenerator<Reading<FileLine>, void> {
    const start = Math.max(0, size - HISTORY_BYTES)
    this.position = { inode, offset: start, anchor: Buffer.alloc(0) }
    const history: FileLine[] = []
    let partial = start > 0
    for await (const records of this.read(host, this.path, false, signal)) {
      for (const record of records) {
        if (!partial) history.push(record)
        partial = false
      }
      history.splice(0, history.length - this.lines)
    }
    for (let from = 0; from < history.length; from += MOST_RECORDS) {
      yield { kind: 'records', records: history.slice(from, from + MOST_RECORDS) }
      await turn()
    }
  }

  private async *fromStart(
    host: SshHost,
    inode: number,
    signal: AbortSignal,
  ): AsyncGenerator<Reading<FileLine>, void> {
    this.position = { inode, offset: 0, anchor: Buffer.alloc(0) }
    for await (const records of this.read(host, this.path, false, signal))
      yield { kind: 'records', records }
  }

  /** Reads on in a file if it is the one that was read before; answers whether it is. */
  private async *continueIn(
    host: SshHost,
    path: string,
    final: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<Reading<FileLine>, boolean> {
    let told = false
    try {
      for await (const records of this.read(host, path, final, signal)) {
        if (!told) yield { kind: 'position', position: 'continued' }
        told = true
        yield { kind: 'records', records }
      }
    } catch (error) {
      if (error instanceof OtherFile) return false
      throw error
    }
    if (!told) yield { kind: 'position', position: 'continued' }
    return true
  }

  /** Reads from the position to the end of a file. With `final`, a last line without a newline counts. */
  private async *read(
    host: SshHost,
    path: string,
    final: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<FileLine[], void> {
    const position = this.position
    if (!position) return
    const { anchor } = position
    const command = commands.readFrom(path, position.offset - anchor.length, this.sudo)
    const cutter = new LineCutter(position.offset)
    const stream = host.follow(command, signal)
    let head = Buffer.alloc(0)
    let anchored = anchor.length === 0
    try {
      for (;;) {
        const { value, done } = await stream.next()
        if (done) {
          if (signal.aborted) return
          if (value.exit !== 0 || !anchored) throw new OtherFile()
          break
        }
        let chunk = value
        if (!anchored) {
          head = Buffer.concat([head, chunk])
          if (head.length < anchor.length) continue
          if (!head.subarray(0, anchor.length).equals(anchor)) throw new OtherFile()
          chunk = head.subarray(anchor.length)
          anchored = true
        }
        for (const cut of cutter.push(chunk)) yield* this.take(position, cut)
      }
      if (final && cutter.pending.length) {
        const text = cutter.pending.toString('utf8')
        position.offset += cutter.pending.length
        if (this.wanted(text)) yield [{ text, cursor: `${position.inode}:${position.offset}` }]
      }
    } finally {
      await stream.return({ exit: undefined, signal: undefined, stderr: '' })
    }
  }

  private async *take(
    position: Position,
    { octets, newlines, position: first }: Cut,
  ): AsyncGenerator<FileLine[], void> {
    let records: FileLine[] = []
    let begin = 0
    const handOn = () => {
      position.offset = first + begin
      const behind = octets.subarray(Math.max(0, begin - ANCHOR_BYTES), begin)
      position.anchor = Buffer.concat([position.anchor, behind]).subarray(-ANCHOR_BYTES)
      const taken = records
      records = []
      return taken
    }
    for (const newline of newlines) {
      const text = octets.toString('utf8', begin, newline)
      begin = newline + 1
      if (this.wanted(text)) records.push({ text, cursor: `${position.inode}:${first + begin}` })
      if (records.length < MOST_RECORDS) continue
      yield handOn()
      await turn()
    }
    const taken = handOn()
    if (taken.length) yield taken
    await turn()
  }

  private async status(
    host: SshHost,
    signal: AbortSignal,
  ): Promise<{ inode: number; size: number }> {
    const [, inode, size] =
      /^(\d+) (\d+)\s*$/.exec(
        await this.answer(host, commands.fileStatus(this.path, this.sudo), signal),
      ) ?? []
    return { inode: Number(inode), size: Number(size) }
  }

  private async find(
    host: SshHost,
    inode: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const command = commands.findLogFile(inode, this.sudo)
    const { stdout } = requireSuccess(await host.run(command, { signal }), command)
    return stdout.split('\n').find((name) => ROTATED.test(name))
  }

  private async answer(
    host: SshHost,
    command: AmphoraCommand,
    signal: AbortSignal,
  ): Promise<string> {
    const result = await host.run(command, { signal })
    const failure = failureOf(result, command)
    if (failure) throw new Unreadable(failure)
    return result.stdout
  }
}

/** The file of this name is not the one that was read before. */
class OtherFile extends Error {}
