import type { Fact } from '../../../preload/contract/common'
import type { Reason } from '../../../preload/contract/error'
import type { ClockOffset } from '../../../preload/contract/pair'
import type { Command, CommandResult, SshHost } from '../../platform/ssh'
import { display } from '../commands'
import type { EvidenceStore } from '../evidence'
import { failureOf, type Outcome } from '../requireSuccess'

/** What came back from one command, kept as evidence. */
export interface Answer {
  /** Milliseconds since the epoch, by our clock: when the end arrived. */
  at: number
  exit: number | undefined
  stdout: string
  evidence: string
  startedAt: number
  /** Why it is no answer to the question; absent when the command succeeded. */
  failure?: Reason
}

/** One amphora over an open connection: runs commands and keeps what came back. */
export class Ask {
  /** The best measurement of the amphora's clock so far; noted in each evidence. */
  clock: ClockOffset | undefined

  constructor(
    readonly host: SshHost,
    private readonly amphoraId: string,
    private readonly evidence: EvidenceStore,
  ) {}

  /** @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
  async run(command: Command, signal: AbortSignal, timeoutMs = 10_000): Promise<Answer> {
    const result = await this.host.run(command, { signal, timeoutMs })
    return this.keep(command, result)
  }

  keep(command: Command, result: CommandResult): Answer {
    const { exit, stdout, stderr, startedAt, endedAt } = result
    const failure = failureOf(result, command)?.reason
    const evidence = this.note(command, { startedAt, endedAt, exit, stdout, stderr })
    return { at: endedAt, startedAt, exit, stdout, evidence, ...(failure && { failure }) }
  }

  /** Why a command that should not have ended has, or did not do what it should. */
  reasonOf(command: Command, outcome: Outcome): Reason {
    return failureOf(outcome, command)?.reason ?? 'ssh.commandFailed'
  }

  /** Keeps a piece of a stream, or how it ended. Answers the id of the evidence. */
  note(
    command: Command,
    piece: {
      startedAt: number
      endedAt: number
      exit?: number | undefined
      stdout: string
      stderr: string
      /** What went to its standard input, as far as a reader of the record should know it: one line without quotes. */
      input?: string
    },
  ): string {
    const { exit, input, ...rest } = piece
    return this.evidence.keep({
      source: {
        kind: 'command',
        amphoraId: this.amphoraId,
        host: this.host.label,
        command: display(command) + (input === undefined ? '' : ` <<< '${input}'`),
      },
      ...rest,
      ...(exit !== undefined && { exit }),
      ...(this.clock && { clock: this.clock }),
    })
  }
}

/** A fact that an answer proves. */
export const proven = <T>(
  value: T,
  { at, evidence }: Pick<Answer, 'at' | 'evidence'>,
): Fact<T> => ({
  value,
  at,
  evidence,
})
