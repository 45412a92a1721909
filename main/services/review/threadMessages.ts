import type { Failure } from '../../../preload/contract/error'
import type { ConfigFile } from '../../../preload/contract/inspect'
import type { PairEvent, ProbeSample } from '../../../preload/contract/pair'
import type { ComparisonFact } from '../../domain/compare/comparisons'
import type {
  HostClocks,
  LogPlace,
  ReviewContent,
  ReviewFileContent,
  ReviewLogPage,
  ReportFormat,
  ReviewLogQuery,
} from '../../../preload/contract/review'

/** Evidence to open: where it lies, and what it is called. */
export interface ReviewOrder {
  roots: readonly { path: string; shown: string }[]
  /** By our clock. */
  now: number
}

/** A comparison of files of a review, and the load balancer that they are of. */
export type ReviewComparison = ComparisonFact & { loadBalancerId?: string }

/** A configuration as it was captured, its secrets included: it never leaves main like this. */
export interface CapturedConfig {
  hostId: string
  loadBalancerId: string
  kind: ConfigFile['kind']
  path: string
  text: string
  modifiedAt?: number
}

/** What is asked of the thread of a review. */
export interface ReviewQuestions {
  /** Reads all files; asked first, and once. Answers their digest. */
  open: (order: ReviewOrder) => Promise<{ digest: string }>
  /** Judges what was read; asked again whenever clocks are read otherwise. */
  judge: (clocks: HostClocks) => Promise<{ from?: number; until?: number }>
  read: (clocks: HostClocks) => Promise<Omit<ReviewContent, 'review'>>
  timeline: (loadBalancerId: string) => Promise<{
    events: readonly PairEvent[]
    samples: readonly ProbeSample[]
  }>
  log: (about: { query: ReviewLogQuery; place: LogPlace; count: number }) => Promise<ReviewLogPage>
  find: (about: {
    query: ReviewLogQuery
    what: 'match' | 'transition' | 'problem'
    from: number
    direction: 1 | -1
  }) => Promise<{ index?: number | undefined }>
  file: (about: { file: string; line?: number | undefined }) => Promise<ReviewFileContent>
  /** The pair of each load balancer beside each other. */
  comparisons: (about: null) => Promise<readonly ReviewComparison[]>
  /** The report as a file. */
  report: (about: {
    format: ReportFormat
    language: 'en' | 'vi'
    version: string
    /** By our clock. */
    madeAt: number
  }) => Promise<string>
  configs: (about: null) => Promise<readonly CapturedConfig[]>
}

export type ReviewQuestionName = keyof ReviewQuestions
export type AboutReview<K extends ReviewQuestionName> = Parameters<ReviewQuestions[K]>[0]
export type ReviewAnswer<K extends ReviewQuestionName> = Awaited<ReturnType<ReviewQuestions[K]>>

/** Console to thread. Questions are told apart by a number that the console chooses. */
export type ToReviewThread = {
  [K in ReviewQuestionName]: { ask: number; name: K; about: AboutReview<K> }
}[ReviewQuestionName]

/** How far the reading is. */
export interface ReadingProgress {
  files: number
  octets: number
  file?: string
}

/** Thread to console. */
export type FromReviewThread =
  | { answer: number; value: unknown }
  | { answer: number; failure: Failure }
  /** A bug of ours, in words for the console's log; the answer says only that there was one. */
  | { bug: string }
  | { progress: ReadingProgress }
