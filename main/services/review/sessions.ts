import { AppError } from '../../../preload/contract/error'
import type {
  HostClocks,
  ReportFormat,
  ReviewContent,
  ReviewHead,
  ReviewNote,
  ReviewOpening,
  ReviewSource,
  TimelineItem,
} from '../../../preload/contract/review'
import { pieces } from '../../base/inbox'
import { Live } from '../../base/live'
import { Queue } from '../../base/queue'
import type { Thread } from '../../platform/thread'
import { beforeAndAfter } from './compare'
import type { Notebook } from './notebook'
import { ReviewThread } from './reviewThread'
import type {
  AboutReview,
  FromReviewThread,
  ReviewAnswer,
  ReviewComparison,
  ReviewQuestionName,
  ToReviewThread,
} from './threadMessages'
import type { Uploads } from './uploads'

/** Reviews that may be open at once; each has a thread, and its evidence in memory. */
const MOST = 8
/** Answers of a probe in one batch. */
const BATCH = 5000
/** Reports of progress that wait for a slow page. */
const MOST_REPORTS = 1000

const FORMATS = {
  html: { ending: 'html', mediaType: 'text/html' },
  markdown: { ending: 'md', mediaType: 'text/markdown' },
  json: { ending: 'json', mediaType: 'application/json' },
} as const satisfies Record<ReportFormat, { ending: string; mediaType: string }>

/** What reviews are made with. */
export interface ReviewServices {
  start: () => Thread<ToReviewThread, FromReviewThread>
  uploads: Uploads
  notebook: Notebook
  /** Of the console, for the report. */
  version: string
  /** Takes bugs of ours. */
  report: (error: unknown) => void
}

interface Session {
  head: ReviewHead
  thread: ReviewThread
  clocks: HostClocks
  uploads: readonly string[]
}

/** The reviews that are open, for all windows. */
export class Reviews {
  private readonly sessions = new Map<string, Session>()
  private readonly heads = new Live<ReviewHead[]>([])
  private last = 0

  constructor(private readonly services: ReviewServices) {}

  /**
   * Opens evidence in a thread of its own and tells how far it is; the last item is the review. Aborting cancels.
   * @throws AppError `review.*`, `store.*`
   */
  async *open(
    sources: readonly ReviewSource[],
    signal: AbortSignal,
  ): AsyncGenerator<ReviewOpening, void> {
    if (this.sessions.size >= MOST)
      throw AppError.because('review.tooMany', 'Too many reviews.', { values: { limit: MOST } })
    const uploads = sources.flatMap((source) => (source.kind === 'upload' ? source.upload : []))
    const news = new Queue<ReviewOpening>(MOST_REPORTS)
    const thread = new ReviewThread(
      this.services.start(),
      (progress) => news.push({ kind: 'progress', stage: 'reading', ...progress }),
      this.services.report,
    )
    const opening = this.examine(sources, thread, news).then(({ head, clocks }) => {
      if (signal.aborted) return
      this.keep({ head, thread, clocks, uploads })
      news.push({ kind: 'opened', review: head })
    })
    opening.then(
      () => news.end(),
      (error: unknown) => news.fail(error),
    )
    try {
      for await (const batch of news.batches(signal)) yield* batch
    } finally {
      if (![...this.sessions.values()].some((session) => session.thread === thread)) {
        await thread.stop()
        await Promise.allSettled(uploads.map((upload) => this.services.uploads.remove(upload)))
      }
    }
  }

  follow(signal: AbortSignal): AsyncGenerator<ReviewHead[], void> {
    return this.heads.follow(signal)
  }

  /** @throws AppError `review.gone` */
  async read(id: string): Promise<ReviewContent> {
    const { head, thread, clocks } = this.session(id)
    return { review: head, ...(await thread.ask('read', clocks)) }
  }

  /** Asks the review itself. @throws AppError `review.gone`, and of the question */
  ask<K extends ReviewQuestionName>(
    id: string,
    name: K,
    about: AboutReview<K>,
  ): Promise<ReviewAnswer<K>> {
    return this.session(id).thread.ask(name, about)
  }

  /** The events, then the probe's answers in batches. @throws AppError `review.gone` */
  async *timeline(id: string, loadBalancerId: string): AsyncGenerator<TimelineItem, void> {
    const { events, samples } = await this.ask(id, 'timeline', loadBalancerId)
    yield { kind: 'events', events }
    for (const batch of pieces(samples, BATCH)) yield { kind: 'probe', samples: batch }
  }

  /** @throws AppError `review.gone` */
  async compare(id: string, before: string | undefined): Promise<ReviewComparison[]> {
    if (before === undefined) return [...(await this.ask(id, 'comparisons', null))]
    const configs = await this.ask(id, 'configs', null)
    return beforeAndAfter(await this.ask(before, 'configs', null), configs)
  }

  /** The report as a file to keep. @throws AppError `review.gone` */
  async report(
    id: string,
    format: ReportFormat,
    language: 'en' | 'vi',
  ): Promise<{ name: string; mediaType: string; text: string }> {
    const { version } = this.services
    const text = await this.ask(id, 'report', { format, language, version, madeAt: Date.now() })
    const { ending, mediaType } = FORMATS[format]
    return { name: `octavia-review.${ending}`, mediaType, text }
  }

  /** @throws AppError `review.gone`, `store.*` */
  notes(id: string): Promise<ReviewNote[]> {
    return this.services.notebook.notes(this.session(id).head.digest)
  }

  /** @throws AppError `review.gone`, `store.*` */
  saveNote(id: string, note: ReviewNote): Promise<ReviewNote[]> {
    return this.services.notebook.save(this.session(id).head.digest, note)
  }

  /** @throws AppError `review.gone`, `store.*` */
  removeNote(id: string, note: string): Promise<ReviewNote[]> {
    return this.services.notebook.remove(this.session(id).head.digest, note)
  }

  /** Reads clocks otherwise, and judges anew. @throws AppError `review.gone`, `store.*` */
  async setClocks(id: string, clocks: HostClocks): Promise<ReviewHead> {
    const { head, thread } = this.session(id)
    const extent = await thread.ask('judge', clocks)
    await this.services.notebook.setClocks(head.digest, clocks)
    const { openedAt, digest, sources } = head
    const changed = { ...{ id, openedAt, digest, sources }, ...extent }
    this.keep({ ...this.session(id), head: changed, clocks })
    return changed
  }

  /** Forgets a review, and the files that were handed over for it. */
  async close(id: string): Promise<void> {
    const session = this.sessions.get(id)
    if (!session) return
    this.sessions.delete(id)
    this.tell()
    await session.thread.stop()
    await Promise.allSettled(session.uploads.map((upload) => this.services.uploads.remove(upload)))
  }

  /** Forgets all. */
  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.sessions.keys()].map((id) => this.close(id)))
    await this.services.uploads.close()
  }

  private async examine(
    sources: readonly ReviewSource[],
    thread: ReviewThread,
    news: Queue<ReviewOpening>,
  ): Promise<{ head: ReviewHead; clocks: HostClocks }> {
    const openedAt = Date.now()
    const roots = (await Promise.all(sources.map((source) => this.rootsOf(source)))).flat()
    if (!roots.length) throw AppError.because('review.nothing', 'There are no files.')
    const { digest } = await thread.ask('open', { roots, now: openedAt })
    const clocks = await this.services.notebook.clocks(digest)
    news.push({ kind: 'progress', stage: 'judging', files: 0, octets: 0 })
    const extent = await thread.ask('judge', clocks)
    const names = [...new Set(roots.map(({ shown }) => shown.split('/')[0] ?? shown))]
    const given = sources.flatMap((source) => (source.kind === 'path' ? source.path : []))
    const isUploaded = sources.some(({ kind }) => kind === 'upload')
    const id = `r${String((this.last += 1))}`
    const shown = isUploaded ? [...given, ...names.filter((name) => name !== '')] : given
    return { head: { id, digest, openedAt, sources: shown, ...extent }, clocks }
  }

  private async rootsOf(source: ReviewSource): Promise<{ path: string; shown: string }[]> {
    if (source.kind === 'path') return [{ path: source.path, shown: source.path }]
    return this.services.uploads.files(source.upload)
  }

  private session(id: string): Session {
    const session = this.sessions.get(id)
    if (!session) throw AppError.because('review.gone', id)
    return session
  }

  private keep(session: Session): void {
    this.sessions.set(session.head.id, session)
    this.tell()
  }

  private tell(): void {
    this.heads.set(Array.from(this.sessions.values(), ({ head }) => head))
  }
}
