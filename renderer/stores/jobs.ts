import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppError } from '../../preload/contract/error'
import type { Job, PlannedRequest } from '../../preload/contract/job'
import type { LoadBalancerPlan } from '../../preload/contract/plan'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'

/** Every job on record. Jobs are kept in main; this is what it tells about them. */
export const useJobs = defineStore('jobs', () => {
  /** Undefined until main has told once. */
  const byId = shallowRef<ReadonlyMap<string, Job>>()
  const failure = shallowRef<AppError>()

  const all = computed(() =>
    [...(byId.value?.values() ?? [])].sort((one, other) => other.createdAt - one.createdAt),
  )
  /** Those that run, or that need the operator. */
  const active = computed(() =>
    all.value.filter(
      ({ state }) => state !== 'done' && state !== 'undone' && state !== 'cancelled',
    ),
  )

  /** Keeps the jobs as they are in main, for as long as the page lives. */
  const start = (): Promise<void> =>
    keepFollowing(
      'job.follow',
      {},
      // All of them each time: one that another window has dismissed is gone.
      (jobs) => (byId.value = new Map(jobs.map((job) => [job.id, job]))),
      (error) => (failure.value = error),
    )

  /** Takes in an answer, unless the stream has told of a later state of the job already. */
  function keep(job: Job): Job {
    const known = byId.value?.get(job.id)
    if (!known || known.updatedAt <= job.updatedAt)
      byId.value = new Map(byId.value).set(job.id, job)
    return job
  }

  /** What a plan would send, in order. @throws AppError */
  const preview = (
    cloud: string,
    plan: LoadBalancerPlan,
    signal?: AbortSignal,
  ): Promise<PlannedRequest[]> => request('job.preview', { cloud, plan }, signal)

  /** @throws AppError */
  const create = async (cloud: string, plan: LoadBalancerPlan): Promise<Job> =>
    keep(await request('job.createLoadBalancer', { cloud, plan }))

  /** Deletes with everything below; `confirmation` is the typed name. @throws AppError */
  const remove = async (cloud: string, id: string, confirmation: string): Promise<Job> =>
    keep(await request('job.deleteLoadBalancer', { cloud, id, confirmation }))

  /** @throws AppError */
  const resume = async (id: string): Promise<Job> => keep(await request('job.resume', { id }))
  /** @throws AppError */
  const undo = async (id: string): Promise<Job> => keep(await request('job.undo', { id }))
  /** @throws AppError */
  const cancel = async (id: string): Promise<Job> => keep(await request('job.cancel', { id }))

  /** Forgets a job that has ended. @throws AppError */
  async function dismiss(id: string): Promise<void> {
    await request('job.dismiss', { id })
    const rest = new Map(byId.value)
    rest.delete(id)
    byId.value = rest
  }

  return {
    byId,
    all,
    active,
    failure,
    start,
    preview,
    create,
    remove,
    resume,
    undo,
    cancel,
    dismiss,
  }
})
