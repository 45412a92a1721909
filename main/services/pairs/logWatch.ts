import { AppError } from '../../../preload/contract/error'
import type { LineMeaning, LogLine, PairEvent } from '../../../preload/contract/pair'
import type { AmphoraAddress } from '../amphoraHosts'
import type { LogFollower, LogItem } from '../logFollower'
import type { SideClock } from './clockWatch'
import { Trigger } from './trigger'

type LogState = Extract<LogItem, { kind: 'log' }>

/** Lines that are kept for those who come later. */
const MOST_LINES = 10_000
/** How often a log whose follower gave up is tried again, in milliseconds. */
const AGAIN_MS = 60_000
/** Half width for lines of a clock that could not be measured. */
const UNMEASURED_MS = 1000

const MEANINGLESS: readonly LineMeaning[] = ['noise', 'other', 'gratuitousArp']
const TRANSITIONS: readonly LineMeaning[] = [
  ...(['enterMaster', 'enterBackup', 'enterFault', 'linkDown', 'linkUp', 'died'] as const),
  ...(['starting', 'stopping', 'stopped', 'reloading', 'scriptFailed', 'scriptSucceeded'] as const),
]

export interface LogListener {
  lines(lines: readonly LogLine[]): void
  log(item: LogState): void
  event(event: PairEvent): void
  /** A line says that keepalived is no longer as it was. */
  transition(): void
}

/** Follows the VRRP log of one amphora and keeps its last lines, whoever asks for how many. */
export class LogWatch {
  /** How it stands with the log; undefined before the first attempt. */
  state: LogState | undefined
  private lines: LogLine[] = []
  private readonly cursors = new Set<string>()
  private readonly again = new Trigger()
  private readonly since = Date.now()
  private wanted = 0
  private attempt = new AbortController()

  constructor(
    private readonly follower: Pick<LogFollower, 'follow'>,
    private readonly clock: SideClock,
    private readonly listener: LogListener,
  ) {}

  /** What is kept, in the order in which it was read. */
  get history(): readonly LogLine[] {
    return this.lines
  }

  /** Makes sure that at least so many lines of history were asked for. */
  want(lines: number): void {
    if (lines <= this.wanted) return
    this.wanted = lines
    this.attempt.abort()
    this.again.poke()
  }

  /** Tries again at once where the last attempt had given up. */
  retry(): void {
    this.again.poke()
  }

  /** Never fails; ends when the signal is aborted. */
  async run(
    cloud: string,
    amphora: () => AmphoraAddress | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      const address = amphora()
      const attempt = new AbortController()
      this.attempt = attempt
      const stop = () => attempt.abort()
      signal.addEventListener('abort', stop)
      try {
        if (address) await this.follow(cloud, address, attempt.signal)
      } finally {
        signal.removeEventListener('abort', stop)
      }
      if (!attempt.signal.aborted) await this.again.wait(AGAIN_MS, signal)
    }
  }

  private async follow(cloud: string, amphora: AmphoraAddress, signal: AbortSignal): Promise<void> {
    const { wanted: lines } = this
    const clock = () => this.clock.offset
    try {
      for await (const item of this.follower.follow({ cloud, amphora, lines, clock }, signal)) {
        if (item.kind === 'lines') this.take(item.lines)
        else this.tell(item)
      }
    } catch (error) {
      if (signal.aborted) return
      const failure = AppError.from(error).toFailure()
      const { amphoraId } = amphora
      const source = this.state?.source ?? 'journal'
      this.tell({ kind: 'log', amphoraId, state: 'failed', at: Date.now(), source, failure })
    }
  }

  private tell(item: LogState): void {
    this.state = item
    this.listener.log(item)
  }

  private take(lines: readonly LogLine[]): void {
    const fresh = lines.filter(({ cursor }) => !this.cursors.has(cursor))
    if (!fresh.length) return
    for (const line of fresh) {
      this.cursors.add(line.cursor)
      this.lines.push(line)
    }
    for (const old of this.lines.splice(0, Math.max(0, this.lines.length - MOST_LINES))) {
      this.cursors.delete(old.cursor)
    }
    this.listener.lines(fresh)
    // History is not news: what happened before we came is no event.
    const news = fresh.filter(({ at }) => at >= this.since)
    for (const { amphoraId, at, errorMs = UNMEASURED_MS, meaning, text } of news) {
      if (MEANINGLESS.includes(meaning)) continue
      this.listener.event({ kind: 'line', amphoraId, meaning, text, at, errorMs })
    }
    if (news.some(({ meaning }) => TRANSITIONS.includes(meaning))) this.listener.transition()
  }
}
