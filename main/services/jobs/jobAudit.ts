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
    { cloud, subject, loadBalancerId = '' }: Job,
    action: JobAction,
    planned: string[] | undefined,
  ): Promise<JobAudit> {
    const object = { kind: 'loadBalancer', id: loadBalancerId, name: subject }
    const id = await audit.start({ cloud, action, object, ...(planned && { planned }) })
    return new JobAudit(audit, id, now(), now, report)
  }

  /** Writes that a request was sent, and what came of it. */
  async sent(request: JobRequest): Promise<void> {
    const { requestId } = request
    await this.write(this.audit.sent(this.id, { detail: describeRequest(request), requestId }))
  }

  /** Writes how the run ended. `job` is undefined when it could not be put on record. */
  async finish(job: Job | undefined, failure: AppError | undefined): Promise<void> {
    const sent = requestsSince(job?.steps ?? [], this.startedAt)
    const end = this.audit.finish(this.id, {
      result: failure ? 'failed' : 'ok',
      ...(failure && { failure: failure.toFailure() }),
      ...(job?.loadBalancerId && {
        object: { kind: 'loadBalancer', id: job.loadBalancerId, name: job.subject },
      }),
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
