import type { AppError } from '../../../preload/contract/error'
import type { Job, JobRequest } from '../../../preload/contract/job'
import type { Audit } from '../safety'
import { describeRequest, requestsSince } from './sentRequests'

/** What a run of a job does. */
export type JobAction =
  'loadBalancer.create' | 'loadBalancer.delete' | 'loadBalancer.resume' | 'loadBalancer.undo'

/** A run of a job in the audit log. */
export class JobAudit {
  private constructor(
    private readonly audit: Audit,
    private readonly id: string,
    private objectId: string,
    private readonly startedAt: number,
    private readonly now: () => number,
    private readonly report: (error: unknown) => void,
  ) {}

  /**
   * Writes that a run begins; nothing is sent before.
   * @param planned requests that it is going to send; undefined where that depends on what it finds
   * @param report is told when a later line cannot be written: that ends no creation half-way, the job has it on record too
   * @throws AppError `store.unwritable`
   */
  static async begin(
    { audit, now, report }: { audit: Audit; now: () => number; report: (error: unknown) => void },
    job: Job,
    action: JobAction,
    planned: string[] | undefined,
  ): Promise<JobAudit> {
    const { cloud } = job
    const object = objectOf(job)
    const id = await audit.start({ cloud, action, object, ...(planned && { planned }) })
    return new JobAudit(audit, id, object.id, now(), now, report)
  }

  /** Writes that a request was sent, and what came of it: also the id of what was made, as soon as that is known. */
  async sent(request: JobRequest, job: Job): Promise<void> {
    const { requestId } = request
    const object = objectOf(job)
    const news = object.id !== this.objectId
    this.objectId = object.id
    const sent = { detail: describeRequest(request), requestId, ...(news && { object }) }
    await this.write(this.audit.sent(this.id, sent))
  }

  /** Writes how the run ended. `job` is undefined when it could not be put on record. */
  async finish(job: Job | undefined, failure: AppError | undefined): Promise<void> {
    const sent = requestsSince(job?.steps ?? [], this.startedAt)
    const end = this.audit.finish(this.id, {
      result: failure ? 'failed' : 'ok',
      ...(failure && { failure: failure.toFailure() }),
      ...(job && { object: objectOf(job) }),
      detail: sent.map(describeRequest),
      requestIds: sent.flatMap(({ requestId }) => requestId ?? []),
      durationMs: this.now() - this.startedAt,
    })
    await this.write(end)
  }

  private async write(line: Promise<void>): Promise<void> {
    try {
      await line
    } catch (error) {
      this.report(error)
    }
  }
}

/** The load balancer of a job. Its first step makes or removes it, and hears of the id first. */
const objectOf = ({ subject, loadBalancerId, steps }: Job) => ({
  kind: 'loadBalancer',
  id: loadBalancerId ?? steps[0]?.id ?? '',
  name: subject,
})
