import { AppError } from '../../../preload/contract/error'
import { either } from '../../base/either'
import type { Shell, SshHost, TerminalSize } from '../../platform/ssh'
import type { AmphoraHosts } from '../amphoraHosts'
import type { PairSource } from '../pairs/source'
import type { Audit, AuditEnd, Safety } from '../safety'
import { Recording } from './recording'

/** Which amphora a terminal is opened on, and how. */
export interface TerminalSubject extends TerminalSize {
  cloud: string
  loadBalancerId: string
  amphoraId: string
  /** Keeps what is shown in a file. */
  record: boolean
}

/** What a terminal tells, in order. */
export type TerminalItem =
  | { kind: 'opened'; id: string; recording?: string }
  | { kind: 'output'; text: string }
  | { kind: 'closed'; exit?: number }

export interface TerminalServices {
  hosts: AmphoraHosts
  /** Where the amphorae are. */
  source: Pick<PairSource, 'amphorae'>
  safety: Safety
  audit: Audit
  /** The path of a recording of this name in the data folder. */
  recordingPath: (name: string) => string
}

interface Session {
  cloud: string
  shell: Shell
  recording: Recording | undefined
}

/**
 * Login shells on amphorae. A shell is stronger than any guard rail: it needs the armed mode to be opened and for
 * whatever is typed, and the audit log keeps when it was opened and how it ended.
 */
export class Terminals {
  private readonly sessions = new Map<string, Session>()
  private readonly running = new Set<Promise<void>>()
  private readonly closing = new AbortController()

  constructor(
    private readonly services: TerminalServices,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Opens a shell and tells what it shows, until it ends or the reading does.
   * @throws AppError `safety.readOnly`, `amphora.gone`, `store.unwritable`, `ssh.*`
   */
  async *open(subject: TerminalSubject, signal: AbortSignal): AsyncGenerator<TerminalItem, void> {
    const { safety, audit } = this.services
    const { cloud, amphoraId } = subject
    const startedAt = this.now()
    let isOver = () => {}
    const over = new Promise<void>((resolve) => (isOver = resolve))
    this.running.add(over)
    const object = { kind: 'amphora', id: amphoraId, name: amphoraId }
    const auditId = await audit.start({ cloud, action: 'terminal.open', object })
    let end: AuditEnd = { result: 'ok' }
    const ended = either(signal, this.closing.signal)
    try {
      safety.requireArmed(cloud)
      yield* this.run(subject, auditId, startedAt, ended.signal)
    } catch (error) {
      const failure = AppError.from(error)
      const isRefusal = failure.reason === 'safety.readOnly'
      if (!signal.aborted)
        end = { result: isRefusal ? 'refused' : 'failed', failure: failure.toFailure() }
      throw failure
    } finally {
      ended.letGo()
      await audit.finish(auditId, { ...end, durationMs: this.now() - startedAt })
      this.running.delete(over)
      isOver()
    }
  }

  /** Types into a shell. @throws AppError `safety.readOnly`, `conflict` when the shell has ended */
  write(id: string, input: string): void {
    const { cloud, shell } = this.find(id)
    this.services.safety.requireArmed(cloud)
    shell.write(input)
  }

  /** @throws AppError `conflict` when the shell has ended */
  resize(id: string, size: TerminalSize): void {
    const { shell, recording } = this.find(id)
    shell.resize(size)
    // A file that cannot be written ends the terminal with its next output.
    void recording?.resize(this.now(), size).catch(() => undefined)
  }

  /** Ends every shell, and waits until the audit log has it. */
  async close(): Promise<void> {
    this.closing.abort()
    await Promise.all(this.running)
  }

  private async *run(
    subject: TerminalSubject,
    auditId: string,
    startedAt: number,
    signal: AbortSignal,
  ): AsyncGenerator<TerminalItem, void> {
    const { audit } = this.services
    const host = await this.connect(subject, signal)
    const recording = subject.record ? await this.record(subject, host.label, startedAt) : undefined
    const id = crypto.randomUUID()
    try {
      const detail = recording ? [`recording ${recording.path}`] : []
      for (const each of [`shell ${host.label}`, ...detail])
        await audit.sent(auditId, { detail: each })
      const shell = await host.shell(subject, signal)
      this.sessions.set(id, { cloud: subject.cloud, shell, recording })
      yield { kind: 'opened', id, ...(recording && { recording: recording.path }) }
      const exit = yield* this.show(shell, recording)
      if (exit !== undefined) await audit.sent(auditId, { detail: `exit ${exit}` })
      yield { kind: 'closed', ...(exit !== undefined && { exit }) }
    } finally {
      this.sessions.delete(id)
      await recording?.close()
    }
  }

  private async *show(
    { output }: Shell,
    recording: Recording | undefined,
  ): AsyncGenerator<TerminalItem, number | undefined> {
    // A character may come in two chunks.
    const decoder = new TextDecoder()
    try {
      for (;;) {
        const next = await output.next()
        const text = next.done ? decoder.decode() : decoder.decode(next.value, { stream: true })
        if (text) {
          await recording?.output(this.now(), text)
          yield { kind: 'output', text }
        }
        if (next.done) return next.value.exit
      }
    } finally {
      // Hangs up where the reading ends first.
      await output.return({ exit: undefined, signal: undefined })
    }
  }

  private async connect(subject: TerminalSubject, signal: AbortSignal): Promise<SshHost> {
    const { cloud, loadBalancerId, amphoraId } = subject
    const list = await this.services.source.amphorae(cloud, loadBalancerId, signal)
    const found = list.find(({ id }) => id === amphoraId)
    if (!found) throw AppError.because('amphora.gone', amphoraId, { values: { id: amphoraId } })
    const { managementAddress } = found
    if (managementAddress === undefined) throw AppError.because('ssh.noAddress', amphoraId)
    return this.services.hosts.connect(cloud, { amphoraId, managementAddress }, signal)
  }

  private record(subject: TerminalSubject, title: string, at: number): Promise<Recording> {
    const moment = new Date(at).toISOString().replaceAll(/[:.]/g, '-')
    // An id may hold whatever a cloud likes; a file name may not.
    const name = subject.amphoraId.replaceAll(/[^\w-]/g, '_').slice(0, 64)
    const path = this.services.recordingPath(`${moment}-${name}.cast`)
    return Recording.start(path, { size: subject, at, title })
  }

  private find(id: string): Session {
    const session = this.sessions.get(id)
    if (!session) throw new AppError('conflict', 'This terminal has ended.')
    return session
  }
}
