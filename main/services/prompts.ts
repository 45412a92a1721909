import { Live } from '../base/live'
import { SharedWork } from '../base/sharedWork'
import { AppError } from '../../preload/contract/error'
import type { Prompt, PromptAnswer } from '../../preload/contract/ssh'

type WithoutId<P> = P extends unknown ? Omit<P, 'id'> : never

/** A question before it is asked. */
export type Question = WithoutId<Prompt>

/** Questions that only the operator can answer. Equal questions that are open at the same time are one. */
export class Prompts {
  private readonly questions = new Live<readonly Prompt[]>([])
  private readonly answers = new Map<string, (answer: PromptAnswer) => void>()
  private readonly shared = new Map<string, SharedWork<PromptAnswer>>()
  private last = 0

  /** The open questions, oldest first, again after each change; until aborted. */
  follow(signal: AbortSignal): AsyncGenerator<readonly Prompt[], void> {
    return this.questions.follow(signal)
  }

  /** Waits for the answer. The question is withdrawn when all who asked it have gone. @throws AppError `cancelled` */
  async ask(question: Question, signal: AbortSignal): Promise<PromptAnswer> {
    const key = JSON.stringify(question)
    let work = this.shared.get(key)
    if (!work || work.abandoned) {
      const started = new SharedWork((abort) => this.open(question, abort))
      work = started
      this.shared.set(key, started)
      void started.done.then(() => {
        if (this.shared.get(key) === started) this.shared.delete(key)
      })
    }
    try {
      return await work.join(signal)
    } catch (error) {
      throw signal.aborted ? cancelled() : AppError.from(error)
    }
  }

  /** Answers a question once; one that is not open any more is ignored. */
  answer(id: string, answer: PromptAnswer): void {
    this.answers.get(id)?.(answer)
  }

  private open(question: Question, signal: AbortSignal): Promise<PromptAnswer> {
    return new Promise((resolve, reject) => {
      const id = `p${String((this.last += 1))}`
      const withdraw = () => {
        signal.removeEventListener('abort', leave)
        this.answers.delete(id)
        this.questions.set(this.questions.value.filter((open) => open.id !== id))
      }
      const leave = () => {
        withdraw()
        reject(cancelled())
      }
      this.answers.set(id, (answer) => {
        withdraw()
        resolve(answer)
      })
      signal.addEventListener('abort', leave, { once: true })
      this.questions.set([...this.questions.value, { ...question, id }])
    })
  }
}

const cancelled = (): AppError => new AppError('cancelled', 'Cancelled.')
