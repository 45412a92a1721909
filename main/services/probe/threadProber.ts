import { AppError, type Failure } from '../../../preload/contract/error'
import type { ProbeSample } from '../../../preload/contract/pair'
import { Queue } from '../../base/queue'
import type { Thread } from '../../platform/thread'
import type { Prober, ProbeOrder } from './prober'
import type { FromThread, QuestionName, Questions, ToThread } from './threadMessages'

/** Batches that wait for the reader; 30 minutes of them. */
const MOST_BATCHES = 36_000

/**
 * Probes in a thread of its own, with connections of its own: whatever the console is busy with just when a VIP moves
 * (logs, dumps, evidence, a page that draws) does not delay the clock that measures it.
 * The thread is started with the first probe, and anew after it has failed.
 */
export class ThreadProber implements Prober {
  private thread: Thread<ToThread, FromThread> | undefined
  private readonly running = new Map<number, Queue<ProbeSample[]>>()
  private last = 0

  constructor(
    private readonly start: () => Thread<ToThread, FromThread>,
    private readonly questions: Questions,
    /** Told of bugs of ours that a question met. */
    private readonly report: (error: unknown) => void,
  ) {}

  async *probe(order: ProbeOrder, signal: AbortSignal): AsyncGenerator<ProbeSample[], void> {
    const id = (this.last += 1)
    const batches = new Queue<ProbeSample[]>(MOST_BATCHES)
    const thread = this.started()
    this.running.set(id, batches)
    thread.post({ probe: id, order })
    try {
      for await (const waiting of batches.batches(signal)) yield waiting.flat()
    } finally {
      this.running.delete(id)
      thread.post({ stop: id })
    }
  }

  close(cloud: string): void {
    this.thread?.post({ close: cloud })
  }

  /** Ends the thread; what probes in it ends with it. */
  async stop(): Promise<void> {
    await this.thread?.stop()
  }

  private started(): Thread<ToThread, FromThread> {
    if (this.thread) return this.thread
    const thread = this.start()
    this.thread = thread
    const asked = new Map<number, AbortController>()
    thread.onMessage((message) => this.take(thread, asked, message))
    thread.onEnd((error) => {
      this.thread = undefined
      const failure = new AppError('internal', error?.message ?? 'The probing thread ended.', {
        cause: error,
      })
      for (const batches of this.running.values()) batches.fail(failure)
      for (const abort of asked.values()) abort.abort()
    })
    return thread
  }

  private take(
    thread: Thread<ToThread, FromThread>,
    asked: Map<number, AbortController>,
    message: FromThread,
  ): void {
    if ('samples' in message) {
      this.running.get(message.of)?.push(message.samples)
    } else if ('ended' in message) {
      const batches = this.running.get(message.ended)
      if (message.failure) batches?.fail(AppError.fromFailure(message.failure))
      else batches?.end()
    } else if ('giveUp' in message) {
      asked.get(message.giveUp)?.abort()
    } else {
      const abort = new AbortController()
      asked.set(message.ask, abort)
      void this.answer(message.name, message.about, abort.signal)
        .then((answer) => thread.post({ answer: message.ask, ...answer }))
        .finally(() => asked.delete(message.ask))
    }
  }

  private async answer(
    name: QuestionName,
    about: unknown,
    signal: AbortSignal,
  ): Promise<{ value: unknown } | { failure: Failure }> {
    // The compiler cannot pair a name with what it is about once both are variables.
    const question = this.questions[name] as (
      about: unknown,
      signal: AbortSignal,
    ) => Promise<unknown>
    try {
      return { value: await question(about, signal) }
    } catch (error) {
      const failure = AppError.from(error)
      if (failure.code === 'internal') this.report(error)
      return { failure: failure.toFailure() }
    }
  }
}
