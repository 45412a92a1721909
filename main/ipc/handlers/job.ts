import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Jobs } from '../../services/jobs/jobs'

type Entries =
  | 'job.follow'
  | 'job.preview'
  | 'job.createLoadBalancer'
  | 'job.deleteLoadBalancer'
  | 'job.resume'
  | 'job.undo'
  | 'job.cancel'
  | 'job.dismiss'

/** Answers what the page asks of jobs. A job goes on when the page that began it is closed. */
export const jobHandlers = (jobs: Jobs) =>
  ({
    'job.follow': (_input, signal) => jobs.follow(signal),
    'job.preview': ({ cloud, plan }) => Promise.resolve(jobs.preview(cloud, plan)),
    'job.createLoadBalancer': ({ cloud, plan }) => jobs.createLoadBalancer(cloud, plan),
    'job.deleteLoadBalancer': ({ cloud, id, confirmation }) =>
      jobs.deleteLoadBalancer(cloud, id, confirmation),
    'job.resume': ({ id }) => jobs.resume(id),
    'job.undo': ({ id }) => jobs.undo(id),
    'job.cancel': ({ id }) => jobs.cancel(id),
    'job.dismiss': ({ id }) => jobs.dismiss(id),
  }) satisfies Pick<Handlers<Contract>, Entries>
