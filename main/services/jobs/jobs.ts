import { AppError } from '../../../preload/contract/error'
import type { Job, PlannedRequest } from '../../../preload/contract/job'
import type { LoadBalancerPlan } from '../../../preload/contract/plan'
import { LOAD_BALANCERS } from '../octavia/collections'
import { readOne } from '../octavia/reading'
import { createParts, findLoadBalancer } from './creation'
import { JobAudit, type JobAction } from './jobAudit'
import { JobRun, PACE } from './jobRun'
import type { JobsSetup } from './jobsSetup'
import { plannedRequests, plannedSteps } from './plannedRequests'
import { ProjectApi } from './projectApi'
import { removeLoadBalancer } from './removal'
import { newJob, newStep, stateAfter, wrongState } from './jobStates'
import { describeRemoval } from './sentRequests'
import { StoredJobs, type StoredJob } from './storedJobs'

/** A job that runs in this console now. */
interface Running {
  /** As it was when it began. */
  job: Job
  abort: AbortController
  ended: Promise<void>
}

/**
 * Changes that take a while: each is kept as a job, with its steps and requests, and goes on while nobody looks.
 * What the cloud has told is on the disk before the next request is sent.
 */
export class Jobs {
  private readonly stored: StoredJobs
  private readonly running = new Map<string, Running>()
  private readonly now: () => number
  /** Runs whose last word is not on the disk yet. */
  private readonly unfinished = new Set<Promise<void>>()
  private closed = false

  constructor(private readonly setup: JobsSetup) {
    this.now = setup.now ?? Date.now
    this.stored = new StoredJobs(setup.path, this.now)
  }

  /** Every job, newest first, and again, as a whole, after each change, until aborted. @throws AppError `store.*` */
  follow(signal: AbortSignal): AsyncIterable<Job[]> {
    return this.stored.follow(signal)
  }

  /** What a plan would send to this cloud, in order. @throws AppError `cloud.notOpen` */
  preview(cloud: string, plan: LoadBalancerPlan): PlannedRequest[] {
    return plannedRequests(plan, this.setup.api.octaviaMinor(cloud))
  }

  /** Begins to create a load balancer with all its parts. @throws AppError `cloud.notOpen`, `safety.readOnly`, `store.*` */
  async createLoadBalancer(cloud: string, plan: LoadBalancerPlan): Promise<Job> {
    const minor = this.setup.api.octaviaMinor(cloud)
    this.setup.safety.requireArmed(cloud)
    await this.stored.load()
    const project = this.projectOf(cloud)
    const steps = plannedSteps(plan).map(({ kind, name }) => newStep(kind, name))
    const job = newJob({
      now: this.now(),
      cloud,
      kind: 'createLoadBalancer',
      subject: plan.name,
      steps,
    })
    const planned = plannedRequests(plan, minor).map(({ method, path }) => `${method} ${path}`)
    return this.begin(job, 'loadBalancer.create', planned, () =>
      this.stored.add({ job, intention: 'create', plan, minor, project }),
    )
  }

  /**
   * Begins to delete a load balancer with everything below it.
   * @param confirmation its name, or its id when it has no name
   * @throws AppError `cloud.notOpen`, `safety.readOnly`, `safety.confirmation`, `octavia.immutable` while it is PENDING_*,
   *   `job.state` while another job works on it, `octavia.notFound`, `store.*`
   */
  async deleteLoadBalancer(cloud: string, id: string, confirmation: string): Promise<Job> {
    this.setup.api.octaviaMinor(cloud)
    this.setup.safety.requireArmed(cloud)
    await this.stored.load()
    const project = this.projectOf(cloud)
    const { signal } = new AbortController()
    const { value } = await readOne(this.setup.api, cloud, LOAD_BALANCERS, id, signal)
    const { name, provisioningStatus: status } = value
    if (confirmation !== (name || id)) {
      throw AppError.because('safety.confirmation', confirmation, { values: { name: name || id } })
    }
    this.requireIdle({ cloud, loadBalancerId: id })
    if (status.startsWith('PENDING_')) {
      throw AppError.because('octavia.immutable', status, {
        values: { name: name || id, id, status },
      })
    }
    const step = { ...newStep('loadBalancer', name || id), id, provisioningStatus: status }
    const job = {
      ...newJob({
        now: this.now(),
        cloud,
        kind: 'deleteLoadBalancer',
        subject: name || id,
        steps: [step],
      }),
      loadBalancerId: id,
    }
    return this.begin(job, 'loadBalancer.delete', [describeRemoval(id)], () =>
      this.stored.add({ job, intention: 'delete', project }),
    )
  }

  /**
   * Continues a failed, cancelled or interrupted job where it stands; an undoing that did not end is continued too.
   * @throws AppError `job.unknown`, `job.state`, `job.otherProject`, `cloud.notOpen`, `safety.readOnly`, `store.*`
   */
  async resume(id: string): Promise<Job> {
    const { job, intention } = await this.readEnded(id, ['failed', 'cancelled', 'interrupted'])
    return this.begin(job, 'loadBalancer.resume', undefined, () =>
      this.stored.changeJob(id, () => ({
        state: intention === 'undo' ? 'undoing' : 'running',
        failure: undefined,
      })),
    )
  }

  /**
   * Removes what a creation that did not end well has made so far. What is done is removed by `deleteLoadBalancer`,
   * which asks for a confirmation.
   * @throws AppError `job.unknown`, `job.state`, `job.otherProject`, `cloud.notOpen`, `safety.readOnly`, `store.*`
   */
  async undo(id: string): Promise<Job> {
    const { job, intention } = await this.readEnded(id, ['failed', 'cancelled', 'interrupted'])
    if (intention === 'delete') throw wrongState(job)
    const { loadBalancerId } = job
    const planned = loadBalancerId ? [describeRemoval(loadBalancerId)] : undefined
    return this.begin(job, 'loadBalancer.undo', planned, () =>
      this.stored.change(id, (stored) => ({
        intention: 'undo',
        job: { ...stored.job, state: 'undoing', failure: undefined },
      })),
    )
  }

  /**
   * Stops waiting and sends nothing more; a request on its way is let through, so that its answer is not lost.
   * @throws AppError `job.unknown`, `job.state` when it does not run
   */
  async cancel(id: string): Promise<Job> {
    await this.stored.load()
    const running = this.running.get(id)
    if (!running) throw wrongState(this.stored.read(id).job)
    running.abort.abort()
    await running.ended
    return this.stored.read(id).job
  }

  /** Forgets a job that has ended. @throws AppError `job.unknown`, `job.state` while it runs, `store.unwritable` */
  async dismiss(id: string): Promise<void> {
    await this.stored.load()
    const { job } = this.stored.read(id)
    if (this.running.has(id)) throw wrongState(job)
    await this.stored.remove(id)
  }

  /** Stops all jobs as the end of the console does: they stay on record and can be resumed by the next one. */
  async close(): Promise<void> {
    this.closed = true
    for (const { abort } of this.running.values()) abort.abort()
    await Promise.all(this.unfinished)
  }

  /** A job that does not run and may be taken up again. */
  private async readEnded(id: string, states: readonly Job['state'][]): Promise<StoredJob> {
    await this.stored.load()
    const stored = this.stored.read(id)
    const { job } = stored
    if (this.running.has(id) || !states.includes(job.state)) throw wrongState(job)
    this.setup.api.octaviaMinor(job.cloud)
    this.apiOf(stored).requireProject(job.cloud)
    this.setup.safety.requireArmed(job.cloud)
    return stored
  }

  /** Audits that a run begins, puts the job on record and starts it; answers without waiting for its end. */
  private async begin(
    job: Job,
    action: JobAction,
    planned: string[] | undefined,
    prepare: () => Promise<void>,
  ): Promise<Job> {
    const { id } = job
    this.requireIdle(job)
    const abort = new AbortController()
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    this.running.set(id, { job, abort, ended })
    this.unfinished.add(ended)
    void ended.then(() => this.unfinished.delete(ended))
    try {
      const { now } = this
      const report = (error: unknown) => this.report(error)
      const { audit: log } = this.setup
      const audit = await JobAudit.begin({ audit: log, now, report }, job, action, planned)
      try {
        await prepare()
      } catch (error) {
        await audit.finish(this.jobOf(id), AppError.from(error))
        throw error
      }
      void this.run(id, action, audit, abort.signal).then(end)
    } catch (error) {
      this.running.delete(id)
      end()
      throw error
    }
    return this.stored.read(id).job
  }

  /** Never rejects: nobody waits for it. */
  private async run(
    id: string,
    action: JobAction,
    audit: JobAudit,
    signal: AbortSignal,
  ): Promise<void> {
    let failure: AppError | undefined
    try {
      await this.work(id, action, audit, signal)
    } catch (error) {
      failure = AppError.from(error)
      if (failure.code === 'internal' && failure.reason === undefined) this.report(error)
    }
    if (this.closed && failure?.code === 'cancelled') {
      this.running.delete(id)
      return
    }
    await audit.finish(this.jobOf(id), failure)
    // Last of all: who sees that it has ended may take it up again.
    this.running.delete(id)
    try {
      await this.stored.changeJob(id, () => stateAfter(this.stored.read(id).intention, failure))
    } catch (error) {
      this.report(error)
    }
  }

  private async work(
    id: string,
    action: JobAction,
    audit: JobAudit,
    signal: AbortSignal,
  ): Promise<void> {
    const api = this.apiOf(this.stored.read(id))
    const { stored, now } = this
    const run = new JobRun(id, stored, api, this.setup.pace ?? PACE, now, signal, (request) =>
      audit.sent(request, stored.read(id).job),
    )
    const { intention, job } = run.stored
    if (intention === 'create') {
      await createParts(run, action !== 'loadBalancer.create')
      return
    }
    const loadBalancerId = intention === 'undo' ? await findLoadBalancer(run) : job.loadBalancerId
    if (loadBalancerId !== undefined) {
      await removeLoadBalancer(run, loadBalancerId, intention === 'undo' ? 'undone' : 'done')
    }
    if (intention === 'undo') {
      await run.changeSteps([...job.steps.keys()], ({ id }) => ({
        state: 'undone',
        failure: undefined,
        ...(id !== undefined && { provisioningStatus: 'DELETED' }),
      }))
    }
  }

  /** @throws AppError `job.state` while a job runs, or is about to, that is the same or works on the same load balancer */
  private requireIdle(wanted: Pick<Job, 'cloud' | 'loadBalancerId'> & { id?: string }): void {
    const { id, cloud, loadBalancerId } = wanted
    for (const [other, { job }] of this.running) {
      const now = this.jobOf(other) ?? job
      const same = now.cloud === cloud && now.loadBalancerId === loadBalancerId
      if (other === id || (loadBalancerId !== undefined && same)) throw wrongState(now)
    }
  }

  /** Undefined when it could not be put on record. */
  private jobOf(id: string): Job | undefined {
    return this.stored.all.find((stored) => stored.job.id === id)?.job
  }

  private projectOf(cloud: string): string | undefined {
    return this.setup.projectOf?.(cloud)
  }

  private apiOf({ project }: StoredJob): ProjectApi {
    return new ProjectApi(this.setup.api, (cloud) => this.projectOf(cloud), project)
  }

  private report(error: unknown): void {
    this.setup.report('job', error)
  }
}
