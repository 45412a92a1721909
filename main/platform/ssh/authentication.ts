import type { AnyAuthMethod, KeyboardInteractiveAuthMethod } from 'ssh2'
import { AppError } from '../../../preload/contract/error'
import type { SshOperator, SshServer } from '../ssh'
import { Identities } from './identities'
import type { KeyFiles } from './keyFiles'

/** How often a wrong password, or wrong answers, may be corrected. */
const ATTEMPTS = 3

/** What the server said to the last attempt. */
export interface Verdict {
  /** Methods that can go on; undefined before the first answer. */
  allowed: readonly string[] | undefined
  /** It was right, but not enough. */
  partial: boolean
}

type Attempts = AsyncGenerator<AnyAuthMethod, void, Verdict>
type Proposals = Generator<AnyAuthMethod, void, Verdict>

/** Signs in to one server: proposes one way after the other, and knows in the end why none of them worked. */
export class Authentication {
  /** Names of the methods that were tried, for the operator. */
  private readonly tried = new Set<string>()
  private failure: AppError | undefined
  private readonly sequence: Attempts

  /** `ask` wraps each question to the operator, during which no clock runs. */
  constructor(
    private readonly group: string,
    private readonly server: SshServer,
    private readonly keyFiles: KeyFiles,
    private readonly operator: SshOperator,
    private readonly ask: <T>(question: Promise<T>) => Promise<T>,
    private readonly signal: AbortSignal,
  ) {
    this.sequence = this.attempts()
  }

  /** The next way to try; undefined when there is none left. @throws AppError `cancelled` */
  async next(verdict: Verdict): Promise<AnyAuthMethod | undefined> {
    const { value } = await this.sequence.next(verdict)
    if (value && value.type !== 'none')
      this.tried.add(value.type === 'agent' ? 'publickey' : value.type)
    return value ?? undefined
  }

  /** Why nothing worked: a key that could not be used says more than the refusal that followed. */
  get refusal(): AppError {
    const { user, host, port } = this.server
    const tried = [...this.tried].join(', ')
    const refusal = AppError.because(
      'ssh.authentication',
      `${user}@${host}: Permission denied (${tried || 'none'}).`,
      {
        values: {
          user,
          host,
          port,
          tried,
          ...(this.failure?.reason && { cause: this.failure.reason }),
        },
      },
    )
    const onlyKeys = !this.tried.has('password') && !this.tried.has('keyboard-interactive')
    return this.failure && onlyKeys ? this.failure : refusal
  }

  private async *attempts(): Attempts {
    // Learns what the server allows without offering it anything.
    let verdict = yield { type: 'none', username: this.server.user }
    const done = new Set<string>()
    for (let advanced = true; advanced;) {
      advanced = false
      for (const way of ['publickey', 'keyboard-interactive', 'password']) {
        if (done.has(way) || !allows(verdict, way)) continue
        done.add(way)
        const proposals = this.proposals(way)
        // A second factor: the ways that were not allowed before may be now.
        let proposal = await proposals.next(verdict)
        while (!proposal.done) {
          verdict = yield proposal.value
          if (verdict.partial) break
          proposal = await proposals.next(verdict)
        }
        if (verdict.partial) {
          advanced = true
          break
        }
      }
    }
  }

  private proposals(way: string): Attempts | Proposals {
    if (way === 'publickey') return this.keys()
    return way === 'password' ? this.passwords() : this.dialogues()
  }

  private *keys(): Proposals {
    const { agent, keyFiles, user } = this.server
    if (!agent && !keyFiles.length) return
    const note = (failure: AppError) => {
      this.failure ??= failure
    }
    const passphraseOf = (keyFile: string) => (attempt: number, signal: AbortSignal) =>
      this.ask(this.operator.passphrase({ group: this.group, keyFile, attempt }, signal))
    const identities = new Identities(this.server, this.keyFiles, passphraseOf, note, this.signal)
    yield { type: 'agent', username: user, agent: identities }
    // ssh2 does not tell that a key was right but not enough; what the server allows now does.
    if (identities.signed) yield { type: 'none', username: user }
  }

  private async *passwords(): Attempts {
    if (!this.server.usePassword) return
    const { subject, user } = this.server
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const question = { group: this.group, subject, user, attempt }
      const password = await this.ask(this.operator.password(question, this.signal))
      if (password === undefined) return
      const verdict = yield { type: 'password', username: user, password }
      if (!allows(verdict, 'password')) return
    }
  }

  private *dialogues(): Proposals {
    if (!this.server.usePassword) return
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const dialogue = this.dialogue(attempt)
      const verdict = yield dialogue.method
      if (!dialogue.asked() || !allows(verdict, 'keyboard-interactive')) return
    }
  }

  private dialogue(attempt: number) {
    const { subject, user } = this.server
    let asked = false
    const prompt: KeyboardInteractiveAuthMethod['prompt'] = (
      name,
      instructions,
      _language,
      prompts,
      answer,
    ) => {
      const question = {
        group: this.group,
        subject,
        user,
        attempt,
        instruction: [name, instructions].filter(Boolean).join('\n'),
        questions: prompts.map(({ prompt: text, echo }) => ({ text, echo: echo ?? false })),
      }
      this.ask(this.operator.keyboardInteractive(question, this.signal)).then(
        (answers) => {
          asked = answers !== undefined
          // No answer is an answer that the server refuses.
          answer([...(answers ?? prompts.map(() => ''))])
        },
        () => undefined,
      )
    }
    const method = { type: 'keyboard-interactive', username: user, prompt } as const
    return { method, asked: () => asked }
  }
}

const allows = ({ allowed }: Verdict, way: string): boolean => !allowed || allowed.includes(way)
