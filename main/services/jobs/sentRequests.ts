import type { JobRequest, JobStep } from '../../../preload/contract/job'
import { LOAD_BALANCERS } from '../octavia/collections'

/** Requests of a run in the order they were sent, each once: parts that are made together share theirs. */
export function requestsSince(steps: readonly JobStep[], since: number): JobRequest[] {
  const sent = new Set(steps.flatMap(({ requests }) => requests))
  return [...sent].filter(({ at }) => at >= since).sort((one, other) => one.at - other.at)
}

/** The request that deletes a load balancer with everything below it, as one line. */
export const describeRemoval = (id: string): string =>
  `DELETE ${LOAD_BALANCERS.path}/${id}?cascade=true`

/** A request and what came of it, as one line. */
export const describeRequest = ({ method, path, status }: JobRequest): string =>
  `${method} ${path} → ${status ?? 'no answer'}`
