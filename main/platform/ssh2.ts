import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import { SharedWork } from '../base/sharedWork'
import { AppError } from '../../preload/contract/error'
import type {
  Command,
  CommandResult,
  RunOptions,
  Shell,
  SshConnections,
  SshHost,
  SshOperator,
  SshRoute,
  SshServer,
  StreamEnd,
  TerminalSize,
} from './ssh'
import { followLine, runLine } from './ssh/channels'
import { atJumpHost, cancelled, type ForwardReasons } from './ssh/errors'
import { firstSocket } from './ssh/firstSocket'
import { handshake, LostWhileAsking } from './ssh/handshake'
import { KeyFiles } from './ssh/keyFiles'
import { Link } from './ssh/link'
import { openShell } from './ssh/shell'
import { shellLine } from './ssh/shellLine'

/** Times in milliseconds; the defaults are for people, others for tests. */
export interface Ssh2Timings {
  /** How long a connection nobody uses stays open. @default 60000 */
  idleMs?: number
  /** How long a TCP connection may take. @default 10000 */
  connectMs?: number
}

const TO_NEXT_HOP: ForwardReasons = {
  refused: 'ssh.refused',
  timeout: 'ssh.timeout',
  unreachable: 'network.unreachable',
  dns: 'network.dns',
}
const TO_SERVICE: ForwardReasons = {
  refused: 'network.refused',
  timeout: 'network.timeout',
  unreachable: 'network.unreachable',
  dns: 'network.dns',
}

/** How often a connection is tried anew when it ended while the operator was thinking. */
const TRIES = 4

interface Entry {
  group: string
  work: SharedWork<Link>
  /** There once it is open. */
  link?: Link
}

/** SSH connections through ssh2, one per route and shared; a route's connection runs inside that of its jump host. */
export class Ssh2 implements SshConnections {
  private readonly links = new Map<string, Entry>()
  private readonly keyFiles = new KeyFiles()
  private readonly idleMs: number
  private readonly connectMs: number

  constructor(
    private readonly operator: SshOperator,
    { idleMs = 60_000, connectMs = 10_000 }: Ssh2Timings = {},
  ) {
    this.idleMs = idleMs
    this.connectMs = connectMs
  }

  async connect(route: () => Promise<SshRoute>, signal: AbortSignal): Promise<SshHost> {
    const open = async (abort: AbortSignal) => this.acquire(await route(), abort)
    const link = await open(signal)
    link.release()
    return new Host(link.label, open, this.connectMs)
  }

  close(group: string): void {
    for (const [key, entry] of this.links) {
      if (entry.group !== group) continue
      this.links.delete(key)
      entry.work.stop()
      entry.link?.close()
    }
  }

  /** Closes every connection. */
  closeAll(): void {
    for (const { group } of [...this.links.values()]) this.close(group)
  }

  /** The connection of a route, retained for the caller. */
  private async acquire(route: SshRoute, signal: AbortSignal): Promise<Link> {
    // One signal may stand for all that a screen runs.
    setMaxListeners(0, signal)
    const key = JSON.stringify(route)
    for (;;) {
      if (signal.aborted) throw cancelled()
      let entry = this.links.get(key)
      if (!entry || entry.work.abandoned) {
        const work = new SharedWork((abort) => this.open(route, key, abort))
        entry = { group: route.group, work }
        this.links.set(key, entry)
      }
      const { work } = entry
      let link
      try {
        link = await work.join(signal)
      } catch (error) {
        // Others may still wait for what this caller leaves.
        const left = signal.reason !== undefined
        if (!left || work.abandoned) this.forget(key, entry)
        throw left ? cancelled() : error
      }
      entry.link = link
      if (!link.gone.aborted) {
        link.retain()
        return link
      }
      this.forget(key, entry)
    }
  }

  private forget(key: string, entry: Entry | undefined): void {
    if (entry && this.links.get(key) === entry) this.links.delete(key)
  }

  private async open(route: SshRoute, key: string, signal: AbortSignal): Promise<Link> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.dial(route, key, signal)
      } catch (error) {
        if (!(error instanceof LostWhileAsking)) throw error
        if (attempt >= TRIES)
          throw AppError.because('ssh.lost', 'The server closed the connection.')
      }
    }
  }

  private async dial(route: SshRoute, key: string, signal: AbortSignal): Promise<Link> {
    const { group, servers } = route
    const server = servers.at(-1)
    if (!server) throw new AppError('invalidInput', 'A route needs a host.')
    const before = servers.slice(0, -1)
    const jump = before.length ? await this.jump(group, before, signal) : undefined
    try {
      const socket = jump
        ? await this.throughJump(jump, server, before, signal)
        : await firstSocket(server, this.connectMs, signal)
      const via = before.map(nameOf)
      const client = await handshake(
        socket,
        { group, server, via, operator: this.operator, keyFiles: this.keyFiles },
        signal,
      )
      const label = [`${server.user}@${server.host}`, ...via.map((hop) => `via ${hop}`)].join(' ')
      const values = { host: server.host, port: server.port }
      const link = new Link(client, socket, label, values, this.idleMs, () => {
        jump?.release()
        const entry = this.links.get(key)
        if (entry?.link === link) this.forget(key, entry)
      })
      return link
    } catch (error) {
      jump?.release()
      throw error
    }
  }

  private async jump(
    group: string,
    servers: readonly SshServer[],
    signal: AbortSignal,
  ): Promise<Link> {
    const hop = servers.at(-1)
    try {
      return await this.acquire({ group, servers }, signal)
    } catch (error) {
      if (error instanceof LostWhileAsking) throw error
      const failure = AppError.from(error)
      throw failure.reason === 'ssh.jump' || !hop ? failure : atJumpHost(failure, nameOf(hop))
    }
  }

  private async throughJump(
    jump: Link,
    server: SshServer,
    before: readonly SshServer[],
    signal: AbortSignal,
  ): Promise<Duplex> {
    try {
      return await jump.forward(server.host, server.port, TO_NEXT_HOP, this.connectMs, signal)
    } catch (error) {
      const failure = AppError.from(error)
      const hop = before.at(-1)
      const atHop = failure.reason === 'ssh.lost' || failure.reason === 'ssh.forwardingProhibited'
      throw atHop && hop ? atJumpHost(failure, nameOf(hop)) : failure
    }
  }
}

/** What callers hold: the way to a connection, whichever one is open. */
class Host implements SshHost {
  constructor(
    readonly label: string,
    private readonly open: (signal: AbortSignal) => Promise<Link>,
    private readonly connectMs: number,
  ) {}

  async run(command: Command, options: RunOptions): Promise<CommandResult> {
    const line = shellLine(command)
    const { signal } = options
    if (signal.aborted) throw cancelled()
    const link = await this.open(signal)
    try {
      return await link.inTurn(() => runLine(link, line, options), signal)
    } finally {
      link.release()
    }
  }

  async *follow(
    command: Command,
    signal: AbortSignal,
    input?: AsyncIterable<string>,
  ): AsyncGenerator<Buffer, StreamEnd> {
    const line = shellLine(command)
    let link
    try {
      link = await this.open(signal)
    } catch (error) {
      if (signal.aborted) return { exit: undefined, signal: undefined, stderr: '' }
      throw error
    }
    try {
      return yield* followLine(link, line, signal, input)
    } finally {
      link.release()
    }
  }

  async shell(size: TerminalSize, signal: AbortSignal): Promise<Shell> {
    const link = await this.open(signal)
    try {
      return await openShell(link, size, signal)
    } catch (error) {
      link.release()
      throw error
    }
  }

  async dial(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const link = await this.open(signal)
    try {
      const channel = await link.forward(host, port, TO_SERVICE, this.connectMs, signal)
      channel.once('close', () => link.release())
      return channel
    } catch (error) {
      link.release()
      throw error
    }
  }
}

const nameOf = ({ host, port }: SshServer): string => `${host}:${port}`
