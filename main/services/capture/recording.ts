import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer } from '../../platform/http'
import type { Command, CommandResult, RunOptions, SshHost, StreamEnd } from '../../platform/ssh'
import type { AmphoraAddress, AmphoraHosts } from '../amphoraHosts'
import type { ApiCall, CloudApi, Service } from '../cloudApi'
import { display } from '../commands'
import { endOf, queryOf, type CommandExchange, type ExchangeSink } from './exchanges'

/** Octets of a followed command's output that are kept. */
const LONGEST = 16 * 1024 * 1024

/** The APIs of a cloud; whatever is asked of them is kept together with the answer. */
export class RecordingApi implements CloudApi {
  constructor(
    private readonly api: CloudApi,
    private readonly sink: ExchangeSink,
  ) {}

  octaviaMinor(cloud: string): number {
    return this.api.octaviaMinor(cloud)
  }

  async call(cloud: string, service: Service, call: ApiCall): Promise<HttpAnswer> {
    const { method, path, query } = call
    const keep = this.sink.begin()
    const startedAt = Date.now()
    const asked = { kind: 'request', service, method, path, query: queryOf(query) } as const
    try {
      const answer = await this.api.call(cloud, service, call)
      const { status, requestId, body, at, durationMs } = answer
      const told = { status, body, ...(requestId !== undefined && { requestId }) }
      keep({ ...asked, startedAt: at, endedAt: at + durationMs, ...told })
      return answer
    } catch (error) {
      const failure = AppError.from(error).toFailure()
      if (!call.signal.aborted) keep({ ...asked, startedAt, endedAt: Date.now(), failure })
      throw error
    }
  }
}

/** Connections to amphorae; whatever is asked over them is kept together with the answer. */
export class RecordingHosts implements AmphoraHosts {
  constructor(
    private readonly hosts: AmphoraHosts,
    private readonly sink: ExchangeSink,
  ) {}

  async connect(cloud: string, amphora: AmphoraAddress, signal: AbortSignal): Promise<SshHost> {
    const { amphoraId } = amphora
    const keep = this.sink.begin()
    const startedAt = Date.now()
    const asked = { kind: 'connect', amphoraId, startedAt } as const
    try {
      const host = await this.hosts.connect(cloud, amphora, signal)
      keep({ ...asked, endedAt: Date.now(), host: host.label })
      return new RecordingHost(host, amphoraId, this.sink)
    } catch (error) {
      const failure = AppError.from(error).toFailure()
      if (!signal.aborted) keep({ ...asked, endedAt: Date.now(), failure })
      throw error
    }
  }

  jump(cloud: string, signal: AbortSignal): Promise<SshHost | undefined> {
    return this.hosts.jump(cloud, signal)
  }
}

/** One amphora; commands are kept with their output, shells and tunnels are only passed through. */
class RecordingHost implements SshHost {
  readonly label: string

  constructor(
    private readonly host: SshHost,
    private readonly amphoraId: string,
    private readonly sink: ExchangeSink,
  ) {
    this.label = host.label
  }

  async run(command: Command, options: RunOptions): Promise<CommandResult> {
    const keep = this.begin(command, options.input)
    try {
      const result = await this.host.run(command, options)
      const { stdout, stderr, startedAt, endedAt, truncated } = result
      keep({ startedAt, endedAt, truncated, stdout, stderr, ...endOf(result) })
      return result
    } catch (error) {
      if (!options.signal.aborted) keep({ failure: AppError.from(error).toFailure() })
      throw error
    }
  }

  /** Kept when it ends or is left, with as much of the output as was read. */
  async *follow(
    command: Command,
    signal: AbortSignal,
    input?: AsyncIterable<string>,
  ): AsyncGenerator<Buffer, StreamEnd> {
    const keep = this.begin(command)
    const chunks: Buffer[] = []
    let size = 0
    let end: Parameters<typeof keep>[0] = {}
    const stream = this.host.follow(command, signal, input)
    try {
      for (;;) {
        const { value, done } = await stream.next()
        if (done) {
          end = { stderr: value.stderr, ...endOf(value) }
          return value
        }
        if (size < LONGEST) chunks.push(value)
        size += value.length
        yield value
      }
    } catch (error) {
      end = { failure: AppError.from(error).toFailure() }
      throw error
    } finally {
      const stdout = Buffer.concat(chunks).toString('utf8')
      if (!signal.aborted) keep({ stdout, truncated: size > LONGEST, ...end })
      await stream.return({ exit: undefined, signal: undefined, stderr: '' })
    }
  }

  shell: SshHost['shell'] = (size, signal) => this.host.shell(size, signal)
  dial: SshHost['dial'] = (host, port, signal) => this.host.dial(host, port, signal)

  private begin(command: Command, input?: string): (end: Partial<CommandExchange>) => void {
    const { amphoraId, label: host } = this
    const keep = this.sink.begin()
    const startedAt = Date.now()
    return (end) =>
      keep({
        ...{ kind: 'command', amphoraId, host, command: display(command) },
        ...(input !== undefined && { input }),
        ...{ startedAt, endedAt: Date.now(), truncated: false, stdout: '', stderr: '' },
        ...end,
      })
  }
}
