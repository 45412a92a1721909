import type { CloudApi } from '../cloudApi'
import type { Audit, Safety } from '../safety'
import type { Pace } from './jobRun'
import type { ProjectOf } from './projectApi'

/** What jobs work with. */
export interface JobsSetup {
  api: CloudApi
  /** Tells the project a cloud is open for; jobs stop when it changes. Without it the project is not watched. */
  projectOf?: ProjectOf
  safety: Safety
  audit: Audit
  /** Path of the JSON file that keeps the jobs; it comes into being with the first one. */
  path: string
  /** Is told of failures that have nobody else to tell: our own bugs, and records that could not be written. */
  report: (name: string, error: unknown) => void
  pace?: Pace
  now?: () => number
}
