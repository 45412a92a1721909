import { AppError } from '../../../preload/contract/error'
import type { Thread } from '../../platform/thread'
import type {
  AboutReview,
  FromReviewThread,
  ReadingProgress,
  ReviewAnswer,
  ReviewQuestionName,
  ToReviewThread,
} from './threadMessages'

/**
 * One review in a thread of its own: reading and judging big files takes seconds, in which the console goes on, and what a
 * hostile file does to the thread, it does to that review only.
 */
export class ReviewThread {
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  private last = 0
  private ended: AppError | undefined

  constructor(
    private readonly thread: Thread<ToReviewThread, FromReviewThread>,
    onProgress: (progress: ReadingProgress) => void,
    report: (error: unknown) => void,
  ) {
    thread.onMessage((message) => {
      if ('progress' in message) onProgress(message.progress)
      else if ('bug' in message) report(new Error(message.bug))
      else this.settle(message)
    })
    thread.onEnd((error) => {
      this.end(
        AppError.because('review.broken', error?.message ?? 'Its thread ended.', { cause: error }),
      )
    })
  }

  /** @throws AppError of the question, `review.broken` when the thread ends, `review.gone` after `stop` */
  ask<K extends ReviewQuestionName>(name: K, about: AboutReview<K>): Promise<ReviewAnswer<K>> {
    const ask = (this.last += 1)
    return new Promise<unknown>((resolve, reject) => {
      if (this.ended) {
        reject(this.ended)
        return
      }
      this.waiting.set(ask, { resolve, reject })
      // The compiler cannot pair a name with what it is about once both are variables.
      this.thread.post({ ask, name, about } as ToReviewThread)
    }) as Promise<ReviewAnswer<K>>
  }

  /** Ends the thread and with it all that it knows. */
  async stop(): Promise<void> {
    this.end(AppError.because('review.gone', 'The review was closed.'))
    await this.thread.stop()
  }

  private settle(message: Extract<FromReviewThread, { answer: number }>): void {
    const waiting = this.waiting.get(message.answer)
    this.waiting.delete(message.answer)
    if ('failure' in message) waiting?.reject(AppError.fromFailure(message.failure))
    else waiting?.resolve(message.value)
  }

  private end(why: AppError): void {
    this.ended ??= why
    for (const { reject } of this.waiting.values()) reject(this.ended)
    this.waiting.clear()
  }
}
