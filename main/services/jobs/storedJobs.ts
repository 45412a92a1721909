import { z } from 'zod'
import { AppError } from '../../../preload/contract/error'
import { Job, type JobStep } from '../../../preload/contract/job'
import { LoadBalancerPlan } from '../../../preload/contract/plan'
import { Live } from '../../base/live'
import { JsonFile } from '../../platform/files'

/** Jobs that went well are forgotten, oldest first, beyond this number. */
const KEPT = 200

/** A job with what is needed to go on with it after the console was ended. */
export const StoredJob = z.object({
  job: Job,
  /** What the job is after now. */
  intention: z.enum(['create', 'undo', 'delete']),
  /** The project it belongs to; in another one its parts cannot be seen. */
  project: z.string().optional(),
  /** What a creation makes, for the API it began with. */
  plan: LoadBalancerPlan.optional(),
  minor: z.int().optional(),
  /** Load balancers of that name which were there before the creation was sent: none of them is ours. */
  namesakes: z.array(z.string()).optional(),
})
export type StoredJob = z.infer<typeof StoredJob>

/** The jobs on record, in one file. Each change is on the disk before it returns. */
export class StoredJobs {
  private readonly file: JsonFile<StoredJob[]>
  private readonly live = new Live<readonly StoredJob[]>([])
  private loading: Promise<void> | undefined

  constructor(
    path: string,
    private readonly now: () => number,
  ) {
    this.file = new JsonFile(path, (value) => z.array(StoredJob).parse(value), [])
  }

  /**
   * Reads the file, once. Jobs that ran when the console was ended become `interrupted`.
   * @throws AppError `store.unreadable`, `store.unwritable`
   */
  async load(): Promise<void> {
    this.loading ??= this.readFile()
    try {
      await this.loading
    } catch (error) {
      this.loading = undefined
      throw error
    }
  }

  /** @throws AppError `job.unknown` */
  read(id: string): StoredJob {
    const stored = this.live.value.find(({ job }) => job.id === id)
    if (!stored) throw AppError.because('job.unknown', id, { values: { id } })
    return stored
  }

  get all(): readonly StoredJob[] {
    return this.live.value
  }

  /** @throws AppError `store.unwritable`; then the job is not kept */
  async add(stored: StoredJob): Promise<void> {
    const before = this.live.value
    const ended = before.filter(({ job }) => job.state === 'done' || job.state === 'undone')
    const surplus = new Set(ended.slice(KEPT))
    try {
      await this.replace([stored, ...before.filter((one) => !surplus.has(one))])
    } catch (error) {
      this.live.set(this.live.value.filter((one) => one !== stored))
      throw error
    }
  }

  /** Changes a job; what is returned replaces those fields. @throws AppError `job.unknown`, `store.unwritable` */
  async change(id: string, change: (stored: StoredJob) => Partial<StoredJob>): Promise<void> {
    const stored = this.read(id)
    const changed = { ...stored, ...change(stored) }
    const next = { ...changed, job: { ...changed.job, updatedAt: this.now() } }
    await this.replace(this.live.value.map((one) => (one === stored ? next : one)))
  }

  /** Changes a job's own fields. @throws AppError `job.unknown`, `store.unwritable` */
  async changeJob(id: string, change: (job: Job) => Partial<Job>): Promise<void> {
    await this.change(id, ({ job }) => ({ job: { ...job, ...change(job) } }))
  }

  /** Changes some of a job's steps. Nothing is written where nothing changes. @throws as `changeJob` */
  async changeSteps(
    id: string,
    indices: readonly number[],
    change: (step: JobStep, index: number) => Partial<JobStep>,
  ): Promise<void> {
    const { steps } = this.read(id).job
    const changes = new Map(
      indices.flatMap((index) => {
        const step = steps[index]
        if (!step) return []
        const fields = change(step, index)
        const news = Object.entries(fields).some(
          ([key, value]) => step[key as keyof JobStep] !== value,
        )
        return news ? [[index, { ...step, ...fields }] as const] : []
      }),
    )
    if (changes.size === 0) return
    await this.changeJob(id, (job) => ({
      steps: job.steps.map((step, index) => changes.get(index) ?? step),
    }))
  }

  /** @throws AppError `store.unwritable` */
  async remove(id: string): Promise<void> {
    await this.replace(this.live.value.filter(({ job }) => job.id !== id))
  }

  /** Every job, newest first, and again, as a whole, after each change, until aborted. @throws as `load` */
  async *follow(signal: AbortSignal): AsyncGenerator<Job[], void> {
    await this.load()
    for await (const stored of this.live.follow(signal)) yield stored.map(({ job }) => job)
  }

  private async readFile(): Promise<void> {
    const stored = await this.file.read()
    const loaded = stored.map((one): StoredJob => {
      const { state } = one.job
      if (state !== 'running' && state !== 'undoing') return one
      return { ...one, job: { ...one.job, state: 'interrupted', updatedAt: this.now() } }
    })
    this.live.set(loaded)
    if (loaded.some((one, index) => one !== stored[index])) await this.file.write(loaded)
  }

  /** Memory first: what the cloud told us is not lost when the disk is full. */
  private async replace(stored: readonly StoredJob[]): Promise<void> {
    this.live.set(stored)
    await this.file.write([...stored])
  }
}
