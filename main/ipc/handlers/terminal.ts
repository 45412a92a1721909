import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Terminals } from '../../services/terminal/terminals'

/** Answers what the page asks of terminals on amphorae. */
export const terminalHandlers = (terminals: Terminals) =>
  ({
    'terminal.open': (subject, signal) => terminals.open(subject, signal),
    'terminal.write': ({ id, input }) => Promise.resolve().then(() => terminals.write(id, input)),
    'terminal.resize': ({ id, ...size }) =>
      Promise.resolve().then(() => terminals.resize(id, size)),
  }) satisfies Pick<Handlers<Contract>, 'terminal.open' | 'terminal.write' | 'terminal.resize'>
