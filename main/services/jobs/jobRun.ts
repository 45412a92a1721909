import { AppError, type Reason } from '../../../preload/contract/error'
import type { JobRequest, JobStep, PlannedRequest } from '../../../preload/contract/job'
import { delay } from '../../base/delay'
import type { HttpAnswer } from '../../platform/http'
import type { CloudApi } from '../cloudApi'
import type { StoredJob, StoredJobs } from './storedJobs'

/** How often a job looks and how long it waits; all in milliseconds. */
export interface Pace {
  /** Between the first two looks; each further pause is half as long again. */
  firstMs: number
  longestMs: number
  /** How long a load balancer may take, with its amphorae to boot. */
  loadBalancerLimitMs: number
  /** How long any other part may take. */
  partLimitMs: number
}

export const PACE: Pace = {
  firstMs: 500,
  longestMs: 5000,
  loadBalancerLimitMs: 10 * 60_000,
  partLimitMs: 5 * 60_000,
}

/** What a look at the cloud found: whether the wait is over, and the status that says so. */
export interface Look {
  over: boolean
  status: string
}

/** One run of a job: what it does is on the record before and after each step. */
export class JobRun {
  constructor(
    private readonly id: string,
    private readonly jobs: StoredJobs,
    readonly api: CloudApi,
    private readonly pace: Pace,
    private readonly now: () => number,
    readonly signal: AbortSignal,
    /** Is told of each request once it was answered, or was not. */
    private readonly onSent: (request: JobRequest) => Promise<void>,
  ) {}

  get stored(): StoredJob {
    return this.jobs.read(this.id)
  }

  get cloud(): string {
    return this.stored.job.cloud
  }

  step(index: number): JobStep {
    const step = this.stored.job.steps[index]
    if (!step) throw new Error(`Job ${this.id} has no step ${index}.`)
    return step
  }

  change(change: (stored: StoredJob) => Partial<StoredJob>): Promise<void> {
    return this.jobs.change(this.id, change)
  }

  changeSteps(
    indices: readonly number[],
    change: (step: JobStep, index: number) => Partial<JobStep>,
  ): Promise<void> {
    return this.jobs.changeSteps(this.id, indices, change)
  }

  /**
   * Does the work of some steps: they are `running` on the disk before it begins, and `end` or `failed` after it.
   * A cancelled step stays as the cloud knows it. @throws what `work` throws
   */
  async perform(
    indices: readonly number[],
    end: 'done' | 'undone',
    work: () => Promise<void>,
  ): Promise<void> {
    await this.changeSteps(indices, (step) => ({
      state: 'running',
      startedAt: step.startedAt ?? this.now(),
      endedAt: undefined,
      failure: undefined,
    }))
    try {
      await work()
    } catch (error) {
      const failure = AppError.from(error)
      await this.changeSteps(indices, () =>
        failure.code === 'cancelled'
          ? { waitsUntil: undefined }
          : {
              state: 'failed',
              failure: failure.toFailure(),
              endedAt: this.now(),
              waitsUntil: undefined,
            },
      )
      throw failure
    }
    await this.changeSteps(indices, () => ({
      state: end,
      endedAt: this.now(),
      waitsUntil: undefined,
    }))
  }

  /**
   * Sends a request that makes or removes the parts of some steps, again while the load balancer or the project is busy.
   * Each attempt is recorded. What `accepted` reads from the answer is on the disk together with the request.
   * @throws AppError `job.waitLimit` when it stays busy, `answer.malformed`, and what `CloudApi` throws
   */
  async send(
    indices: readonly number[],
    request: PlannedRequest,
    accepted: (answer: HttpAnswer) => (step: JobStep, index: number) => Partial<JobStep>,
  ): Promise<void> {
    const deadline = this.begins(indices)
    for (let pause = this.pace.firstMs; ; pause = this.longer(pause)) {
      this.signal.throwIfAborted()
      const at = this.now()
      const record = (more: Pick<JobRequest, 'status' | 'requestId'>): JobRequest => ({
        method: request.method,
        path: request.path,
        at,
        durationMs: this.now() - at,
        ...more,
      })
      let answer
      try {
        answer = await this.call(request)
      } catch (error) {
        const failure = AppError.from(error)
        const { requestId } = failure
        const sent = record({ status: statusOf(failure), requestId })
        await this.changeSteps(indices, addRequest(sent))
        await this.onSent(sent)
        if (failure.reason !== 'octavia.immutable' && failure.reason !== 'octavia.busy')
          throw failure
        if (this.now() + pause > deadline) throw this.waitLimit(indices, failure.message, failure)
        await delay(pause, this.signal)
        continue
      }
      const { status, requestId } = answer
      const sent = record({ status, requestId })
      let read
      try {
        read = accepted(answer)
      } catch (error) {
        await this.changeSteps(indices, addRequest(sent))
        await this.onSent(sent)
        throw error
      }
      await this.changeSteps(indices, (step, index) => ({
        ...addRequest(sent)(step),
        state: 'waiting',
        ...read(step, index),
      }))
      await this.onSent(sent)
      return
    }
  }

  /**
   * Looks again and again, less and less often, until the wait is over.
   * Looks that fail because the network or the API stumbles are repeated.
   * @throws AppError `job.waitLimit`, and what `look` throws
   */
  async wait(indices: readonly number[], look: () => Promise<Look>): Promise<void> {
    const deadline = this.begins(indices)
    await this.changeSteps(indices, () => ({ state: 'waiting', waitsUntil: deadline }))
    let last: { status: string; failure?: AppError } = { status: '' }
    for (let pause = this.pace.firstMs; ; pause = this.longer(pause)) {
      await delay(pause, this.signal)
      try {
        const { over, status } = await look()
        if (over) return
        last = { status }
      } catch (error) {
        const failure = AppError.from(error)
        if (!isPassing(failure)) throw failure
        last = { ...last, failure }
      }
      if (this.now() >= deadline) throw this.waitLimit(indices, last.status, last.failure)
    }
  }

  /** A request that was begun is brought to its end, so that the id it may bring is not lost by cancelling. */
  private call({ method, path, body }: PlannedRequest): Promise<HttpAnswer> {
    const [place = '', search] = path.split('?')
    return this.api.call(this.cloud, 'load-balancer', {
      method,
      path: place,
      ...(search && { query: Object.fromEntries(new URLSearchParams(search)) }),
      ...(body !== undefined && { body }),
      signal: new AbortController().signal,
    })
  }

  private begins(indices: readonly number[]): number {
    return this.now() + this.limitOf(indices)
  }

  private limitOf(indices: readonly number[]): number {
    const whole = indices.some((index) => this.step(index).kind === 'loadBalancer')
    return whole ? this.pace.loadBalancerLimitMs : this.pace.partLimitMs
  }

  private longer(pause: number): number {
    return Math.min(pause * 1.5, this.pace.longestMs)
  }

  private waitLimit(
    indices: readonly number[],
    status: string,
    cause: AppError | undefined,
  ): AppError {
    const { kind, name } = this.step(indices[0] ?? 0)
    const minutes = Math.round(this.limitOf(indices) / 60_000)
    return AppError.because('job.waitLimit', cause?.message ?? status, {
      values: { kind, name, minutes, status },
      requestId: cause?.requestId,
      cause,
    })
  }
}

const addRequest =
  (request: JobRequest) =>
  (step: JobStep): Partial<JobStep> => ({ requests: [...step.requests, request] })

/** The HTTP status behind a refusal; absent when no answer came. */
const statusOf = ({ values }: AppError): number | undefined => {
  const status = values?.['status']
  return typeof status === 'number' ? status : undefined
}

/** Failures of reading that say nothing about what is waited for. */
const isPassing = ({ reason }: AppError): boolean =>
  reason !== undefined && (PASSING.has(reason) || reason.startsWith('network.'))

const PASSING: ReadonlySet<Reason> = new Set([
  'octavia.failed',
  'octavia.busy',
  'service.unavailable',
])
