import type { Failure } from '../../../preload/contract/error'
import type { ProbeSample } from '../../../preload/contract/pair'
import type { SshOperator, SshRoute } from '../../platform/ssh'
import type { ProbeOrder } from './prober'

/** What the probing thread asks of the console: whom it may trust, what only a person knows, and which way to go. */
export interface Questions {
  /** The way to a cloud's last jump host; undefined when it has none. */
  jumpRoute: (cloud: string, signal: AbortSignal) => Promise<SshRoute | undefined>
  knownKeyType: (
    about: { group: string; subject: string },
    signal: AbortSignal,
  ) => Promise<string | undefined>
  acceptHostKey: SshOperator['acceptHostKey']
  passphrase: SshOperator['passphrase']
  password: SshOperator['password']
  keyboardInteractive: SshOperator['keyboardInteractive']
}

export type QuestionName = keyof Questions
export type About<K extends QuestionName> = Parameters<Questions[K]>[0]
export type AnswerTo<K extends QuestionName> = Awaited<ReturnType<Questions[K]>>

/** One question on its way, told apart by a number that the thread chooses. */
type Ask = { [K in QuestionName]: { ask: number; name: K; about: About<K> } }[QuestionName]

/** Console to thread. Probes are told apart by a number that the console chooses. */
export type ToThread =
  | { probe: number; order: ProbeOrder }
  | { stop: number }
  | { close: string }
  | { answer: number; value: unknown }
  | { answer: number; failure: Failure }

/** Thread to console. */
export type FromThread =
  | { samples: ProbeSample[]; of: number }
  | { ended: number; failure?: Failure }
  | Ask
  /** The thread no longer needs the answer. */
  | { giveUp: number }
