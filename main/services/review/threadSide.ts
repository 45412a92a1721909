import { AppError } from '../../../preload/contract/error'
import type { HostClocks } from '../../../preload/contract/review'
import type { ComparisonFact } from '../../domain/compare/comparisons'
import { eventsOf } from '../../domain/review/timeline'
import { ContentDigest } from '../../platform/contentDigest'
import type { ThreadPort } from '../../platform/thread'
import { contentOf, extentOf } from './content'
import {
  examineRead,
  readEvidence,
  type EvidenceRead,
  type Examination,
  type ExaminedScene,
} from './examine'
import { fileContent } from './fileContent'
import { htmlOf } from './html'
import { markdownOf } from './markdown'
import { MergedLog } from './mergedLog'
import { openRoots, told } from './openRoots'
import { reportOf } from './reportDocument'
import { reviewOf } from './review'
import type {
  AboutReview,
  CapturedConfig,
  FromReviewThread,
  ReadingProgress,
  ReviewAnswer,
  ReviewOrder,
  ReviewQuestionName,
  ReviewQuestions,
  ToReviewThread,
} from './threadMessages'
import { findingWords, type Words } from './words'

type WordsIn = (language: 'en' | 'vi') => Promise<Words>
type Port = ThreadPort<FromReviewThread, ToReviewThread>

/**
 * Holds one review and answers what the console asks of it, one question after the other.
 * @param wordsIn the words of reports
 */
export function serveReview(port: Port, wordsIn: WordsIn): void {
  const desk = new ReviewDesk((progress) => port.post({ progress }), wordsIn)
  let last: Promise<unknown> = Promise.resolve()
  port.onMessage(({ ask, name, about }) => {
    last = last.then(async () => {
      try {
        port.post({ answer: ask, value: await answer(desk, name, about) })
      } catch (error) {
        const failure = AppError.from(error)
        if (failure.code === 'internal') port.post({ bug: wordsOf(error) })
        port.post({ answer: ask, failure: failure.toFailure() })
      }
    })
  })
}

/** The compiler cannot pair a name with what it is about once both are variables. */
const answer = (
  desk: ReviewQuestions,
  name: ReviewQuestionName,
  about: AboutReview<ReviewQuestionName>,
): Promise<unknown> => (desk[name] as (about: unknown) => Promise<unknown>).call(desk, about)

const wordsOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** No file tells versions, and what nobody knows of either side is not the same on both. */
const known = (fact: ComparisonFact): ComparisonFact =>
  fact.what === 'versions' && 'value' in fact && !fact.value.differences.length
    ? { what: 'versions', unknown: 'notMeasured' }
    : fact

class ReviewDesk implements ReviewQuestions {
  private roots: ReviewOrder['roots'] = []
  private evidence: EvidenceRead | undefined
  private judged: { examination: Examination; log: MergedLog } | undefined

  constructor(
    private readonly tell: (progress: ReadingProgress) => void,
    private readonly wordsIn: WordsIn,
  ) {}

  /** @throws AppError `review.unreadable`, `review.nothing` */
  async open({ roots, now }: ReviewOrder): Promise<{ digest: string }> {
    this.roots = roots
    const digest = new ContentDigest()
    const read = await readEvidence(told(openRoots(roots), digest, this.tell), now)
    if (!read.files.length && !read.ignored.length)
      throw AppError.because('review.nothing', 'There are no files.')
    this.evidence = read
    return { digest: digest.value }
  }

  async judge(clocks: HostClocks): Promise<{ from?: number; until?: number }> {
    const examination = await examineRead(this.opened(), clocks)
    const scenes = examination.scenes.map(({ scene }) => scene)
    this.judged = { examination, log: new MergedLog(scenes, clocks) }
    return extentOf(examination)
  }

  read(clocks: HostClocks): Promise<ReviewAnswer<'read'>> {
    return Promise.resolve(contentOf(this.known().examination, clocks))
  }

  timeline(loadBalancerId: string): Promise<ReviewAnswer<'timeline'>> {
    const found = this.scenes().find(({ scene }) => scene.loadBalancerId === loadBalancerId)
    if (!found) throw AppError.because('review.gone', loadBalancerId)
    return Promise.resolve({ events: eventsOf(found.scene), samples: found.scene.probes })
  }

  log({ query, place, count }: AboutReview<'log'>): Promise<ReviewAnswer<'log'>> {
    return Promise.resolve(this.known().log.page(query, place, count))
  }

  find({ query, what, from, direction }: AboutReview<'find'>): Promise<ReviewAnswer<'find'>> {
    return Promise.resolve({ index: this.known().log.find(query, what, from, direction) })
  }

  file({ file, line }: AboutReview<'file'>): Promise<ReviewAnswer<'file'>> {
    return fileContent(this.known().examination.files, this.roots, file, line)
  }

  comparisons(): Promise<ReviewAnswer<'comparisons'>> {
    return Promise.resolve(
      this.scenes().flatMap(({ scene: { loadBalancerId }, comparisons }) =>
        comparisons.map((fact) => ({ ...known(fact), loadBalancerId })),
      ),
    )
  }

  async report({ format, language, version, madeAt }: AboutReview<'report'>): Promise<string> {
    const { examination } = this.known()
    const words = await this.wordsIn(language)
    if (format === 'json') {
      const found = reviewOf(examination, (rule, values) => {
        return findingWords(words, { rule, values }).cause || rule
      })
      return `${JSON.stringify(found, null, 2)}\n`
    }
    const document = reportOf(examination, words, { madeAt, version })
    return format === 'html' ? htmlOf(document) : markdownOf(document)
  }

  configs(): Promise<readonly CapturedConfig[]> {
    return Promise.resolve(
      this.scenes().flatMap(({ scene: { loadBalancerId, actors } }) =>
        actors.flatMap(({ id: hostId, files }) =>
          files.flatMap(({ path, modifiedAt, content }) =>
            content.kind === 'config'
              ? [
                  {
                    ...{ hostId, loadBalancerId, path, kind: content.config, text: content.text },
                    ...(modifiedAt !== undefined && { modifiedAt }),
                  },
                ]
              : [],
          ),
        ),
      ),
    )
  }

  private opened(): EvidenceRead {
    if (!this.evidence) throw AppError.because('review.gone', 'Nothing was read.')
    return this.evidence
  }

  private known(): { examination: Examination; log: MergedLog } {
    if (!this.judged) throw AppError.because('review.gone', 'Nothing was judged.')
    return this.judged
  }

  private scenes(): readonly ExaminedScene[] {
    return this.known().examination.scenes
  }
}
