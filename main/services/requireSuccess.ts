import { AppError } from '../../preload/contract/error'
import type { Command, CommandResult } from '../platform/ssh'
import { display } from './commands'

const COMMAND_NOT_FOUND = 127

/** What programs say when they cannot, by the cause that an operator can act on. Messages of the C locale. */
const SAYINGS: readonly (readonly [
  RegExp,
  'ssh.commandMissing' | 'ssh.sudo' | 'amphora.noNamespace' | 'amphora.unitMissing',
])[] = [
  [/^sudo: .*command not found$/m, 'ssh.commandMissing'],
  [
    /a (?:password|terminal) is required|no tty present|you must have a tty|not in the sudoers file|is not allowed to (?:run sudo|execute)|may not run sudo/,
    'ssh.sudo',
  ],
  [/sudo: (?:not found|command not found)|sudo: No such file/, 'ssh.sudo'],
  [/Cannot open network namespace|No such network namespace/, 'amphora.noNamespace'],
  [
    /Unit \S+ (?:could not be found|not found|not loaded|is masked)|Failed to (?:start|stop|restart|kill) unit .*not (?:found|loaded)/i,
    'amphora.unitMissing',
  ],
  [/: (?:command )?not found$|^exec of "[^"]*" failed: No such file/m, 'ssh.commandMissing'],
]

/** How a command ended, as far as it says whether it worked. */
export type Outcome = Pick<CommandResult, 'exit' | 'stderr'> & { signal?: string | undefined }

/**
 * The failure a command's end tells; undefined when it succeeded.
 * Values: `command`, `exit`, `stderr` (first line).
 */
export function failureOf(outcome: Outcome, command: Command): AppError | undefined {
  const { exit, signal, stderr } = outcome
  if (exit === 0) return undefined
  const words = stderr.trim()
  const saying = SAYINGS.find(([pattern]) => pattern.test(words))?.[1]
  const reason = saying ?? (exit === COMMAND_NOT_FOUND ? 'ssh.commandMissing' : 'ssh.commandFailed')
  return AppError.because(reason, words || `exit status ${String(exit ?? signal ?? '')}`, {
    values: {
      command: display(command),
      exit: exit ?? signal ?? '',
      stderr: words.split('\n')[0] ?? '',
    },
  })
}

/**
 * The result of a command that has to succeed.
 * @throws AppError `ssh.sudo`, `ssh.commandMissing`, `ssh.commandFailed`, `amphora.noNamespace`, `amphora.unitMissing`
 */
export function requireSuccess<T extends Outcome>(result: T, command: Command): T {
  const failure = failureOf(result, command)
  if (failure) throw failure
  return result
}
