import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { AppError } from '../../../preload/contract/error'
import { cancelled, forwardError, type ForwardReasons, type ServerValues } from './errors'

/** OpenSSH allows ten sessions per connection (MaxSessions); streams and the terminal need some of them. */
const COMMANDS_AT_ONCE = 5
/** A server that does not answer our goodbye is left after this. */
const GOODBYE_MS = 1000

/** One open connection to one server, and everybody who uses it. */
export class Link {
  private readonly ending = new AbortController()
  private readonly waiting: (() => void)[] = []
  private running = 0
  private users = 0
  private idle: NodeJS.Timeout | undefined

  /** `onGone` is told once, when the connection has ended, whoever ended it. */
  constructor(
    readonly client: Client,
    private readonly socket: Duplex,
    readonly label: string,
    readonly values: ServerValues,
    private readonly idleMs: number,
    private readonly onGone: () => void,
  ) {
    // Everything that runs here listens to it.
    setMaxListeners(0, this.gone)
    client.on('error', (cause) => this.end(cause))
    client.on('close', () => this.end())
  }

  /** Aborted when the connection has ended. */
  get gone(): AbortSignal {
    return this.ending.signal
  }

  /** The error of whoever needed this connection when it ended. */
  lost(cause?: unknown): AppError {
    const reason: unknown = cause ?? this.gone.reason
    const message = reason instanceof Error ? reason.message : 'The connection was lost.'
    return AppError.because('ssh.lost', message, { cause: reason, values: this.values })
  }

  /** Keeps the connection open until `release`. */
  retain(): void {
    this.users += 1
    clearTimeout(this.idle)
  }

  release(): void {
    this.users -= 1
    if (this.users > 0 || this.gone.aborted) return
    this.idle = setTimeout(() => this.close(), this.idleMs)
    // An idle connection is no reason to keep the process.
    this.idle.unref()
  }

  close(): void {
    this.client.end()
    setTimeout(() => this.socket.destroy(), GOODBYE_MS).unref()
    this.end()
  }

  private end(cause?: Error): void {
    if (this.gone.aborted) return
    clearTimeout(this.idle)
    this.ending.abort(cause ?? new Error('The connection was closed.'))
    this.onGone()
  }

  /** Runs work when there is a session free for it. */
  async inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.running >= COMMANDS_AT_ONCE) await this.turn(signal)
    else this.running += 1
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.running -= 1
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(go), 1)
        reject(cancelled())
      }
      this.waiting.push(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Opens a TCP connection from the server. @throws AppError of the given reasons, `ssh.lost`, `ssh.forwardingProhibited`, `cancelled` */
  forward(
    host: string,
    port: number,
    reasons: ForwardReasons,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Duplex> {
    const values = { ...this.values, host, port }
    return new Promise((resolve, reject) => {
      let done = false
      const settle = (finish: () => void) => {
        if (done) return
        done = true
        clearTimeout(timer)
        signal.removeEventListener('abort', abandon)
        this.gone.removeEventListener('abort', lose)
        finish()
      }
      const abandon = () => settle(() => reject(cancelled()))
      const lose = () => settle(() => reject(this.lost()))
      const timer = setTimeout(
        () => settle(() => reject(AppError.because(reasons.timeout, 'No answer.', { values }))),
        timeoutMs,
      )
      signal.addEventListener('abort', abandon, { once: true })
      this.gone.addEventListener('abort', lose, { once: true })
      if (signal.aborted) {
        abandon()
        return
      }
      if (this.gone.aborted) {
        lose()
        return
      }
      try {
        this.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
          if (done) {
            // Too late for anyone to use it. With an error there is no channel, whatever the types say.
            if (!error) channel.close()
            return
          }
          settle(() => {
            if (error) reject(forwardError(error, reasons, values))
            else resolve(channel)
          })
        })
      } catch (error) {
        settle(() => reject(this.lost(error)))
      }
    })
  }
}
