import type { Job } from '../../../preload/contract/job'

/** Only what came to its end without doing all of it can be taken up again, forwards or backwards. */
const STOPPED: readonly Job['state'][] = ['failed', 'cancelled', 'interrupted']

/** Whether a job can go on from where it stands. */
export const mayResume = ({ state }: Job): boolean => STOPPED.includes(state)

/** Whether what a job has made so far can be removed again. A creation that is done is not undone but deleted. */
export const mayUndo = ({ kind, state, steps }: Job): boolean =>
  kind === 'createLoadBalancer' &&
  STOPPED.includes(state) &&
  // A request without an answer may have made something too.
  steps.some(
    (step) => (step.id !== undefined || step.requests.length > 0) && step.state !== 'undone',
  )
