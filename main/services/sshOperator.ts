import type { PresentedKey, SshOperator } from '../platform/ssh'
import type { HostKeys } from './hostKeys'
import type { Prompts, Question } from './prompts'

/** Answers what SSH needs to know from what the operator said before in this run, and else asks. Answers stay in memory. */
export class PromptingOperator implements SshOperator {
  private readonly remembered = new Map<string, readonly string[]>()

  constructor(
    private readonly hostKeys: HostKeys,
    private readonly prompts: Prompts,
  ) {}

  knownKeyType(cloud: string, subject: string): Promise<string | undefined> {
    return this.hostKeys.keyType(cloud, subject)
  }

  acceptHostKey(key: PresentedKey, signal: AbortSignal): Promise<void> {
    return this.hostKeys.accept(key, signal)
  }

  /** Remembered for the next connection that needs the key, which may be another thread's. */
  async passphrase(
    { group, keyFile, attempt }: Parameters<SshOperator['passphrase']>[0],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const question: Question = { kind: 'passphrase', cloud: group, keyFile }
    return (await this.texts(question, '', attempt, signal))?.[0]
  }

  async password(
    { group, subject, user, attempt }: Parameters<SshOperator['password']>[0],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const question: Question = { kind: 'password', cloud: group, user, subject }
    return (await this.texts(question, user, attempt, signal))?.[0]
  }

  async keyboardInteractive(
    question: Parameters<SshOperator['keyboardInteractive']>[0],
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined> {
    const { group, subject, user, attempt, instruction, questions } = question
    const prompt: Question = {
      kind: 'keyboardInteractive',
      cloud: group,
      subject,
      instruction,
      questions: [...questions],
    }
    return this.texts(prompt, user, attempt, signal)
  }

  /** Forgets what was typed for a cloud. */
  forget(cloud: string): void {
    for (const key of this.remembered.keys())
      if (key.startsWith(`${cloud}\0`)) this.remembered.delete(key)
  }

  private async texts(
    question: Question,
    user: string,
    attempt: number,
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined> {
    const key = `${question.cloud}\0${user}\0${JSON.stringify(question)}`
    const before = this.remembered.get(key)
    if (attempt === 1 && before) return before
    this.remembered.delete(key)
    const answer = await this.prompts.ask(question, signal)
    if (answer.kind !== 'texts') return undefined
    // One-time codes differ each time; only a single hidden answer is a password.
    const reusable =
      question.kind !== 'keyboardInteractive' ||
      (question.questions.length === 1 &&
        question.questions.every(({ text, echo }) => !echo && /password/i.test(text)))
    if (reusable) this.remembered.set(key, answer.texts)
    return answer.texts
  }
}
