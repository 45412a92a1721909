import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer } from '../../platform/http'
import type { Command, CommandResult, RunOptions, SshHost, StreamEnd } from '../../platform/ssh'
import type { AmphoraAddress, AmphoraHosts } from '../amphoraHosts'
import type { ApiCall, CloudApi, Service } from '../cloudApi'
import { display } from '../commands'
import {
  queryOf,
  questionOf,
  type CommandExchange,
  type ConnectExchange,
  type Exchange,
  type RequestExchange,
} from './exchanges'

/**
 * What was kept, by question: the n-th time the same is asked the n-th answer is given, and the last one from then on.
 */
export class Answers {
  private readonly answers = new Map<string, { list: Exchange[]; next: number }>()

  /** @param exchanges in the order in which they began */
  constructor(exchanges: Iterable<Exchange>) {
    for (const exchange of exchanges) {
      const question = questionOf(exchange)
      const known = this.answers.get(question)
      if (known) known.list.push(exchange)
      else this.answers.set(question, { list: [exchange], next: 0 })
    }
  }

  /** @throws AppError `capture.notKept`, and the failure that was kept */
  command(asked: Pick<CommandExchange, 'amphoraId' | 'command' | 'input'>): CommandExchange {
    return this.take({ kind: 'command', ...asked }, asked.command) as CommandExchange
  }

  /** @throws as `command` */
  request(asked: Pick<RequestExchange, 'service' | 'method' | 'path' | 'query'>): RequestExchange {
    const { method, path } = asked
    return this.take({ kind: 'request', ...asked }, `${method} ${path}`) as RequestExchange
  }

  /** @throws as `command` */
  connect(amphoraId: string): ConnectExchange {
    return this.take({ kind: 'connect', amphoraId }, amphoraId) as ConnectExchange
  }

  private take(asked: Parameters<typeof questionOf>[0], what: string): Exchange {
    const known = this.answers.get(questionOf(asked))
    const exchange = known?.list[Math.min(known.next, known.list.length - 1)]
    if (!known || !exchange) throw AppError.because('capture.notKept', what, { values: { what } })
    known.next += 1
    if (exchange.failure) throw AppError.fromFailure(exchange.failure)
    return exchange
  }
}

/** The APIs of a cloud as they answered when they were captured. */
export class ReplayingApi implements CloudApi {
  constructor(
    private readonly answers: Answers,
    private readonly minor: number,
  ) {}

  octaviaMinor(): number {
    return this.minor
  }

  call(_cloud: string, service: Service, call: ApiCall): Promise<HttpAnswer> {
    const { method, path, query } = call
    return later(() => {
      const kept = this.answers.request({ service, method, path, query: queryOf(query) })
      const { status = 0, body, startedAt: at, endedAt, requestId } = kept
      return {
        ...{ status, headers: {}, body, at, durationMs: endedAt - at },
        ...(requestId !== undefined && { requestId }),
      }
    })
  }
}

/** The amphorae as they answered when they were captured. */
export class ReplayingHosts implements AmphoraHosts {
  constructor(private readonly answers: Answers) {}

  connect(_cloud: string, { amphoraId }: AmphoraAddress): Promise<SshHost> {
    return later(() => {
      const { host = amphoraId } = this.answers.connect(amphoraId)
      return new ReplayingHost(this.answers, amphoraId, host)
    })
  }

  jump(): Promise<undefined> {
    return Promise.resolve(undefined)
  }
}

/** One amphora; what was not asked of it then, and what cannot be kept, is not there. */
class ReplayingHost implements SshHost {
  constructor(
    private readonly answers: Answers,
    private readonly amphoraId: string,
    readonly label: string,
  ) {}

  run(command: Command, { input }: RunOptions): Promise<CommandResult> {
    return later(() => {
      const { exit, signal, ...kept } = this.answer(command, input)
      return { ...kept, exit, signal }
    })
  }

  async *follow(command: Command): AsyncGenerator<Buffer, StreamEnd> {
    const { exit, signal, stdout, stderr } = await later(() => this.answer(command))
    if (stdout) yield Buffer.from(stdout)
    return { exit, signal, stderr }
  }

  shell(): Promise<never> {
    return later(() => this.missing('shell'))
  }

  dial(host: string): Promise<never> {
    return later(() => this.missing(host))
  }

  private answer(command: Command, input?: string): CommandExchange {
    const asked = { amphoraId: this.amphoraId, command: display(command) }
    return this.answers.command(input === undefined ? asked : { ...asked, input })
  }

  private missing(what: string): never {
    throw AppError.because('capture.notKept', what, { values: { what } })
  }
}

/** What an answer from elsewhere would be: it comes later, and failing is its own. */
const later = <T>(answer: () => T): Promise<T> => Promise.resolve().then(answer)
