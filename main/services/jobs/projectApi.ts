import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer } from '../../platform/http'
import type { ApiCall, CloudApi, Service } from '../cloudApi'

/** The project that a cloud is open for now; undefined where there is none. @throws AppError `cloud.notOpen` */
export type ProjectOf = (cloud: string) => string | undefined

/**
 * The APIs of a cloud as long as it is open for one project.
 * In another project everything of the first looks deleted, and what is made would belong to the other.
 */
export class ProjectApi implements CloudApi {
  constructor(
    private readonly api: CloudApi,
    private readonly projectOf: ProjectOf,
    private readonly project: string | undefined,
  ) {}

  /** @throws AppError `job.otherProject`, and what `CloudApi` throws */
  async call(cloud: string, service: Service, call: ApiCall): Promise<HttpAnswer> {
    this.requireProject(cloud)
    return this.api.call(cloud, service, call)
  }

  octaviaMinor(cloud: string): number {
    return this.api.octaviaMinor(cloud)
  }

  /** @throws AppError `job.otherProject`, `cloud.notOpen` */
  requireProject(cloud: string): void {
    this.api.octaviaMinor(cloud)
    const { project = '–' } = this
    const now = this.projectOf(cloud) ?? '–'
    if (now === project) return
    throw AppError.because('job.otherProject', now, { values: { cloud, project, now } })
  }
}
