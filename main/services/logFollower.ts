import { delay } from '../base/delay'
import { AppError } from '../../preload/contract/error'
import type { ClockOffset, PairItem } from '../../preload/contract/pair'
import type { SshHost } from '../platform/ssh'
import type { AmphoraAddress, AmphoraHosts } from './amphoraHosts'
import { KEEPALIVED_UNIT } from './commands'
import { Unreadable, type Reading } from './log/journalReader'
import { lineOfFile, lineOfRecord, type LineContext, type RawLine } from './log/rawLine'
import { journalSource, syslogSources, type LogSource } from './log/sources'

/** What a follower yields: lines, and how it stands with their source. */
export type LogItem = Extract<PairItem, { kind: 'lines' | 'log' }>
type LogState = Extract<PairItem, { kind: 'log' }>

/** Which log, and what the lines are stamped with. */
export interface LogSubject {
  cloud: string
  amphora: AmphoraAddress
  /** Lines of history to begin with; after that nothing is left out. */
  lines: number
  /** The measured clock offset, as far as it is known now. */
  clock: () => ClockOffset | undefined
  /** @default octavia-keepalived.service */
  unit?: string
  /** Our clock, which dates stamps without a year. @default Date.now */
  now?: () => number
}

/** Times in milliseconds. */
export interface LogTimings {
  /** The first pause before a new attempt; it doubles up to the longest. @default 1000 */
  firstPauseMs?: number
  /** @default 30000 */
  longestPauseMs?: number
  /** How often a file is looked at where there is no journal. @default 1000 */
  pollMs?: number
}

/**
 * Follows the VRRP log of one amphora for as long as it is asked to, over any number of lost connections: each line once, none left out;
 * where the source itself no longer has what came in between, it says `gap`. It reads no faster than it is read.
 */
export class LogFollower {
  private readonly firstPauseMs: number
  private readonly longestPauseMs: number
  private readonly pollMs: number

  constructor(
    private readonly hosts: AmphoraHosts,
    { firstPauseMs = 1000, longestPauseMs = 30_000, pollMs = 1000 }: LogTimings = {},
  ) {
    this.firstPauseMs = firstPauseMs
    this.longestPauseMs = longestPauseMs
    this.pollMs = pollMs
  }

  /**
   * Ends when it is aborted, or after the state `failed` with a failure that only the operator can mend:
   * credentials that are refused, a host key that has changed.
   */
  async *follow(subject: LogSubject, signal: AbortSignal): AsyncGenerator<LogItem, void> {
    const { unit = KEEPALIVED_UNIT, lines, amphora } = subject
    const sources: LogSource[] = [
      journalSource(unit, lines, true),
      journalSource(unit, lines, false),
      ...syslogSources(lines, true, this.pollMs),
      ...syslogSources(lines, false, this.pollMs),
    ]
    const course: Course = { begun: false, live: false, pauseMs: this.firstPauseMs }
    const over = () => signal.aborted
    while (!over()) {
      const kind = course.chosen?.kind ?? 'journal'
      const state = (is: LogState['state'], failure?: AppError): LogState => ({
        kind: 'log',
        amphoraId: amphora.amphoraId,
        state: is,
        at: Date.now(),
        source: kind,
        ...(failure && { failure: failure.toFailure() }),
      })
      let pauseMs
      yield state('connecting')
      try {
        const host = await this.hosts.connect(subject.cloud, amphora, signal)
        yield* this.stay(host, subject, sources, course, signal)
      } catch (error) {
        if (over()) return
        const unreadable = error instanceof Unreadable
        const failure = unreadable ? error.failure : AppError.from(error)
        const hopeless = !unreadable && ONLY_THE_OPERATOR.has(failure.code)
        if (!unreadable && failure.code === 'internal' && !failure.reason) throw error
        const none = unreadable && !course.chosen
        yield state(none || hopeless ? 'failed' : 'lost', failure)
        if (hopeless) return
        if (course.live) course.pauseMs = this.firstPauseMs
        pauseMs = none ? this.longestPauseMs : course.pauseMs
        course.live = false
        course.pauseMs = Math.min(course.pauseMs * 2, this.longestPauseMs)
      }
      if (pauseMs !== undefined) await delay(pauseMs, signal).catch(() => undefined)
    }
  }

  /** Reads the first source that can be read, until the connection ends. */
  private async *stay(
    host: SshHost,
    subject: LogSubject,
    sources: readonly LogSource[],
    course: Course,
    signal: AbortSignal,
  ): AsyncGenerator<LogItem, void> {
    // A source that has delivered is not exchanged for another: nobody could tell which of its lines were read.
    const candidates = course.chosen ? [course.chosen] : sources
    let refusal: Unreadable | undefined
    for (const source of candidates) {
      try {
        const context = { ...(await source.context(host, signal)), ...contextOf(subject) }
        const read = this.items(source, source.read(host, signal), context, course)
        for await (const item of read) {
          course.chosen = source
          yield item
        }
        return
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
        if (course.chosen) throw error
        refusal ??= error
      }
    }
    if (refusal) throw refusal
  }

  private async *items(
    source: LogSource,
    readings: AsyncIterable<Reading<RawLine> | { kind: 'live' }>,
    context: LineContext,
    course: Course,
  ): AsyncGenerator<LogItem, void> {
    const { amphoraId } = context
    const state = (is: LogState['state']): LogItem => ({
      kind: 'log',
      amphoraId,
      state: is,
      at: Date.now(),
      source: source.kind,
    })
    for await (const reading of readings) {
      if (reading.kind === 'records') {
        const lines = reading.records.map((record) =>
          record.kind === 'record' ? lineOfRecord(record, context) : lineOfFile(record, context),
        )
        yield { kind: 'lines', lines }
      } else if (reading.kind === 'position' && reading.position === 'gap') {
        yield state('gap')
        course.live = true
        course.begun = true
      } else if (!course.live && (reading.kind === 'live' || course.begun)) {
        // While catching up after a loss, `resumed` says at once that nothing is missing.
        yield state(course.begun ? 'resumed' : 'live')
        course.live = true
        course.begun = true
      }
    }
  }
}

/** What has to be remembered from one connection to the next. */
interface Course {
  chosen?: LogSource
  /** It was live once. */
  begun: boolean
  live: boolean
  pauseMs: number
}

const ONLY_THE_OPERATOR: ReadonlySet<AppError['code']> = new Set([
  'unauthenticated',
  'forbidden',
  'invalidInput',
])

const contextOf = ({ amphora, clock, now = Date.now }: LogSubject) => ({
  ...{ amphoraId: amphora.amphoraId, clock, now },
})
