import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Actions } from '../../services/actions/actions'

type Entries = 'action.preview' | 'action.run'

/** Answers what the page asks of changes on an amphora. */
export const actionHandlers = (actions: Actions) =>
  ({
    'action.preview': (subject, signal) => actions.preview(subject, signal),
    'action.run': (subject, signal) => actions.run(subject, signal),
  }) satisfies Pick<Handlers<Contract>, Entries>
