import type { AppError } from '../../../preload/contract/error'
import { turn } from '../../base/turn'
import { readJournalLine, type JournalLine } from '../../domain/keepalived/journalLine'
import type { SshHost, StreamEnd } from '../../platform/ssh'
import { commands, type AmphoraCommand } from '../commands'
import { failureOf } from '../requireSuccess'
import { LineCutter } from './lineCutter'

/** Exit status of `timeout`: the stream lasted as long as it may. */
const TIMED_OUT = 124
/** journalctl ends well when it is shown only part of the journal, or none. */
const NOT_ALL =
  /not seeing messages from other users|insufficient permissions|No journal files were/

/** Records are handed on when there are so many, at the latest. */
export const MOST_RECORDS = 500

/** systemd before 236, of `--output-fields`; nothing was read then. */
const UNKNOWN_OPTION = /(?:unrecognized|unknown|invalid) option/i

/** What reading a source yields: first whether it continues where it left off, then its records, `MOST_RECORDS` at a time. */
export type Reading<R> =
  /** `begin`: there was nothing to continue; `gap`: the source no longer has what comes next. */
  { kind: 'position'; position: 'begin' | 'continued' | 'gap' } | { kind: 'records'; records: R[] }

/** A source that cannot be read by these means, though the connection is well. */
export class Unreadable extends Error {
  constructor(readonly failure: AppError) {
    super(failure.message)
  }
}

/** Reads one unit's records from the journal, each exactly once, over any number of connections. */
export class JournalReader {
  private cursor: string | undefined
  private newest = 0
  /** Ask for no more fields than are used, as long as that is understood. */
  private brief = true

  /** @param lines how many records of history to begin with */
  constructor(
    private readonly unit: string,
    private readonly lines: number,
    private readonly sudo: boolean,
  ) {}

  /**
   * What the journal holds behind the last record that was read, then its end.
   * @throws Unreadable; AppError of the connection
   */
  async *catchUp(host: SshHost, signal: AbortSignal): AsyncGenerator<Reading<JournalLine>, void> {
    const { cursor } = this
    if (cursor === undefined) {
      yield { kind: 'position', position: 'begin' }
      yield* this.begin(host, signal, 0)
      return
    }
    const end = yield* this.read(
      host,
      commands.journalFrom(this.unit, cursor, this.sudo, this.brief),
      cursor,
      signal,
    )
    if (end?.exit === 1 && /cursor/i.test(end.stderr)) {
      // A cursor of another journal: the machine's was made anew.
      yield { kind: 'position', position: 'gap' }
      this.cursor = undefined
      yield* this.begin(host, signal, this.newest)
    } else if (end) {
      throw this.unreadable(end, commands.journalFrom(this.unit, cursor, this.sudo, this.brief))
    }
  }

  /** What comes; returns when the stream has lasted as long as it may. @throws as `catchUp` */
  async *follow(host: SshHost, signal: AbortSignal): AsyncGenerator<Reading<JournalLine>, void> {
    const command = commands.journalFollow(this.unit, this.cursor, this.sudo, this.brief)
    const end = yield* this.read(host, command, this.cursor, signal)
    if (end && end.exit !== TIMED_OUT) throw this.unreadable(end, command)
  }

  private async *begin(
    host: SshHost,
    signal: AbortSignal,
    after: number,
  ): AsyncGenerator<Reading<JournalLine>, void> {
    // At least one: its cursor is what later reading continues from.
    const lines = Math.max(this.lines, 1)
    let keep = this.lines > 0
    const history = () => commands.journalHistory(this.unit, lines, this.sudo, this.brief)
    const wanted = (record: JournalLine) => {
      const isWanted = keep && record.at > after
      keep = this.lines > 0
      return isWanted
    }
    let end = yield* this.read(host, history(), undefined, signal, wanted)
    if (end && this.brief && UNKNOWN_OPTION.test(end.stderr)) {
      this.brief = false
      end = yield* this.read(host, history(), undefined, signal, wanted)
    }
    if (end) throw this.unreadable(end, history())
  }

  /**
   * Runs one journalctl. `expected` is the cursor the first record must have: journalctl seeks to the nearest record where that one is gone,
   * and `--after-cursor` would then skip that one too. Answers the end where it was not a good one.
   */
  private async *read(
    host: SshHost,
    command: AmphoraCommand,
    expected: string | undefined,
    signal: AbortSignal,
    wanted: (record: JournalLine) => boolean = () => true,
  ): AsyncGenerator<Reading<JournalLine>, StreamEnd | undefined> {
    const cutter = new LineCutter()
    const stream = host.follow(command, signal)
    let first = expected !== undefined
    try {
      for (;;) {
        const { value, done } = await stream.next()
        if (done) {
          if (signal.aborted) return undefined
          const bad = value.exit !== 0 || NOT_ALL.test(value.stderr)
          if (first && !bad) yield { kind: 'position', position: 'gap' }
          return bad ? value : undefined
        }
        let records: JournalLine[] = []
        for (const { octets, newlines } of cutter.push(value)) {
          let begin = 0
          for (const newline of newlines) {
            const record = readJournalLine(octets, begin, newline)
            begin = newline + 1
            if (!record) continue
            if (first) {
              first = false
              const found = record.cursor === expected
              yield { kind: 'position', position: found ? 'continued' : 'gap' }
              if (found) continue
            }
            this.cursor = record.cursor
            if (record.at > this.newest) this.newest = record.at
            if (wanted(record)) records.push(record)
            if (records.length < MOST_RECORDS) continue
            yield { kind: 'records', records }
            records = []
            await turn()
          }
        }
        if (records.length) yield { kind: 'records', records }
        await turn()
      }
    } finally {
      await stream.return({ exit: undefined, signal: undefined, stderr: '' })
    }
  }

  private unreadable(end: StreamEnd, command: AmphoraCommand): Unreadable {
    const outcome = end.exit === 0 ? { ...end, exit: 1 } : end
    const failure = failureOf(outcome, command)
    if (!failure) throw new Error('A command that succeeded is no failure.')
    return new Unreadable(failure)
  }
}
