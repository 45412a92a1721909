import type { Fact } from '../../../preload/contract/common'
import { AppError, type Reason } from '../../../preload/contract/error'
import type { Lanes } from '../../base/lanes'
import { correctTime } from '../../domain/clock'
import type { Command } from '../../platform/ssh'
import { proven, type Ask } from '../pairs/ask'
import { notKnown } from '../../domain/fact'
import { failureOf } from '../requireSuccess'

/** Octets of one answer that are kept; a longer one is not whole, and no fact. */
const LONGEST_ANSWER = 8 * 1024 * 1024
const TIMEOUT_MS = 15_000
/** So many commands without an answer, and the amphora counts as silent. */
const PATIENCE = 2

/** What came back from one command of an inspection. */
export interface Reply {
  /** When the end arrived, by our clock. */
  at: number
  startedAt: number
  stdout: string
  stderr: string
  /** Absent when the connection ended first. */
  evidence?: string
  /** Why it is no answer. */
  failure?: Reason
}

export interface ReadOptions {
  /** Other exit statuses that come with an answer. */
  accept?: readonly number[]
  timeoutMs?: number
  /** Written to its standard input; shown in the evidence. */
  input?: string
}

/** Runs the commands of one inspection: a few at a time, none of them failing the others. */
export class Reader {
  private down: Reason | undefined
  private silent = 0
  private withoutSudo = false

  constructor(
    readonly ask: Ask,
    private readonly lanes: Lanes,
    readonly signal: AbortSignal,
  ) {}

  /** @throws AppError `cancelled` */
  run(command: Command, options: ReadOptions = {}): Promise<Reply> {
    return this.lanes.run(() => this.runNow(command, options))
  }

  /** With sudo, and where that is not allowed without. @throws AppError `cancelled` */
  async runEither(make: (sudo: boolean) => Command, options: ReadOptions = {}): Promise<Reply> {
    if (!this.withoutSudo) {
      const reply = await this.run(make(true), options)
      if (reply.failure !== 'ssh.sudo') return reply
      this.withoutSudo = true
    }
    return this.run(make(false), options)
  }

  /** A time of the amphora's clock as ours. */
  ours(at: number): number {
    return correctTime(at, this.ask.clock).at
  }

  private async runNow(command: Command, options: ReadOptions): Promise<Reply> {
    const { accept = [], timeoutMs = TIMEOUT_MS, input } = options
    const startedAt = Date.now()
    if (this.down) return { at: startedAt, startedAt, stdout: '', stderr: '', failure: this.down }
    try {
      const result = await this.ask.host.run(command, {
        signal: this.signal,
        timeoutMs,
        maxBytes: LONGEST_ANSWER,
        ...(input !== undefined && { input: `${input}\n` }),
      })
      const { exit, stdout, stderr, endedAt: at, truncated } = result
      const evidence = this.ask.note(command, {
        ...{ startedAt: result.startedAt, endedAt: at, exit, stdout, stderr },
        ...(input !== undefined && { input }),
      })
      const told = failureOf(result, command)?.reason
      const isAnswer = told === 'ssh.commandFailed' && exit !== undefined && accept.includes(exit)
      const failure = isAnswer ? undefined : told
      const cut = truncated ? ('answer.malformed' as const) : undefined
      const reason = failure ?? cut
      return { at, startedAt, stdout, stderr, evidence, ...(reason && { failure: reason }) }
    } catch (error) {
      return this.failed(error, startedAt)
    }
  }

  private failed(error: unknown, startedAt: number): Reply {
    const { code, reason } = AppError.from(error)
    if (this.signal.aborted || code === 'cancelled' || !reason) throw error
    this.silent += reason === 'ssh.timeout' ? 1 : 0
    // A command that hangs is one thing, an amphora that does another. What was not captured says nothing of the rest.
    const isAlone = reason === 'capture.notKept' || reason === 'ssh.timeout'
    if (!isAlone || this.silent >= PATIENCE) this.down = reason
    return { at: Date.now(), startedAt, stdout: '', stderr: '', failure: reason }
  }
}

/** A fact out of a reply: unknown where the command failed or its answer is not what it should be. */
export function factOf<T>(reply: Reply, parse: (reply: Reply) => T | undefined): Fact<T> {
  const { at, evidence, failure } = reply
  if (failure) return notKnown(failure, at, evidence)
  const value = parse(reply)
  if (value === undefined) return notKnown('answer.malformed', at, evidence)
  return evidence === undefined ? { value, at } : proven(value, { at, evidence })
}
