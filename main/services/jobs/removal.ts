import { AppError } from '../../../preload/contract/error'
import type { LoadBalancer } from '../../../preload/contract/loadBalancer'
import { LOAD_BALANCERS } from '../octavia/collections'
import { readOne } from '../octavia/reading'
import { inError } from './creation'
import type { JobRun } from './jobRun'

/**
 * Deletes a load balancer with everything below it and waits until it is gone; its step ends as `end`.
 * One that is gone already counts as deleted, one that is being deleted is waited for.
 * @throws AppError `job.waitLimit`, `job.resourceError`, and what `CloudApi` throws
 */
export async function removeLoadBalancer(
  run: JobRun,
  id: string,
  end: 'done' | 'undone',
): Promise<void> {
  await run.perform([0], end, async () => {
    const present = await readPresent(run, id)
    await run.changeSteps([0], () => ({ id, provisioningStatus: present?.provisioningStatus }))
    if (!present) return
    if (present.provisioningStatus !== 'PENDING_DELETE') {
      const path = `${LOAD_BALANCERS.path}/${encodeURIComponent(id)}?cascade=true`
      try {
        await run.send([0], { method: 'DELETE', path }, () => () => ({
          provisioningStatus: 'PENDING_DELETE',
        }))
      } catch (error) {
        if (!isGone(error)) throw error
        return
      }
    }
    await run.wait([0], async () => {
      const left = await readPresent(run, id)
      if (!left) return { over: true, status: 'DELETED' }
      const { provisioningStatus: status, name } = left
      await run.changeSteps([0], () => ({ provisioningStatus: status }))
      if (status === 'ERROR') throw inError('loadBalancer', name, id)
      return { over: false, status }
    })
    await run.changeSteps([0], () => ({ provisioningStatus: 'DELETED' }))
  })
}

/** The load balancer, while it is there. Octavia hides deleted ones, some releases a moment late. */
async function readPresent(run: JobRun, id: string): Promise<LoadBalancer | undefined> {
  try {
    const { value } = await readOne(run.api, run.cloud, LOAD_BALANCERS, id, run.signal)
    return value.provisioningStatus === 'DELETED' ? undefined : value
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof AppError && error.reason === 'octavia.notFound'
