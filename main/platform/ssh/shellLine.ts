import { AppError } from '../../../preload/contract/error'
import type { Command } from '../ssh'

/** Characters that mean nothing to any shell; `=` in front means something to some. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*$/

/**
 * The line that a POSIX shell splits into exactly the command's arguments. The only place where a
 * command becomes text.
 * @throws AppError `invalidInput` for what no command line can carry: NUL, half a surrogate pair, no command
 */
export function shellLine({ argv, sudo }: Command): string {
  if (!argv[0]) throw new AppError('invalidInput', 'A command needs a name.')
  return [
    ...(sudo ? ['sudo', '-n'] : []),
    ...argv.map((argument, index) => quote(argument, index === 0)),
  ].join(' ')
}

function quote(argument: string, isName: boolean): string {
  if (argument.includes('\0') || /\p{Surrogate}/u.test(argument))
    throw new AppError(
      'invalidInput',
      'An argument contains a character no command line can carry.',
    )
  // `a=b` is an assignment where a command's name is expected.
  const plain = PLAIN.test(argument) && !(isName && argument.includes('='))
  return plain ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
