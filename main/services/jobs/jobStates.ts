import { AppError } from '../../../preload/contract/error'
import type { Job, JobStep } from '../../../preload/contract/job'
import type { StoredJob } from './storedJobs'

/** A job that begins now; milliseconds since the epoch. */
export const newJob = ({
  now,
  ...fields
}: Pick<Job, 'cloud' | 'kind' | 'subject' | 'steps'> & { now: number }): Job => ({
  ...fields,
  id: crypto.randomUUID(),
  state: 'running',
  createdAt: now,
  updatedAt: now,
})

/** A step of which nothing is done. */
export const newStep = (kind: JobStep['kind'], name: string): JobStep => ({
  kind,
  name,
  state: 'pending',
  requests: [],
})

/** What a job becomes when its run has ended, with the failure that ended it. */
export function stateAfter(
  intention: StoredJob['intention'],
  failure: AppError | undefined,
): Partial<Job> {
  if (!failure) return { state: intention === 'undo' ? 'undone' : 'done' }
  if (failure.code === 'cancelled') return { state: 'cancelled' }
  return { state: 'failed', failure: failure.toFailure() }
}

/** A job cannot do now what was asked of it. */
export const wrongState = ({ id, state, subject }: Job): AppError =>
  AppError.because('job.state', state, { values: { id, state, name: subject } })
