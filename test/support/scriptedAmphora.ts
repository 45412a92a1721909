import { readFileSync } from 'node:fs'
import { Duplex } from 'node:stream'
import { AppError } from '../../preload/contract/error'
import type { Amphora, LoadBalancer } from '../../preload/contract/loadBalancer'
import type { CommandResult, RunOptions, SshHost, StreamEnd } from '../../main/platform/ssh'
import type { AmphoraAddress, AmphoraHosts } from '../../main/services/amphoraHosts'
import { display } from '../../main/services/commands'
import type { Command } from '../../main/platform/ssh'

/** The load balancer of the captures in test/fixtures/pair. */
export const LB = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'
export const VIP = '10.77.1.100'

const fixture = (name: string) => readFileSync(`test/fixtures/pair/${name}`, 'utf8')
const MASTER_ADDRESSES = fixture('ip-j-addr.master.json')
const MASTER_DUMP = fixture('keepalived.master.json')
const BACKUP_DUMP = fixture('keepalived.backup.json')

interface Interface {
  addr_info: { local: string }[]
}

/** A stream that the test pushes lines into. */
class Pipe {
  private lines: string[] = []
  private wake = () => {}
  private over: { end: StreamEnd } | { error: unknown } | undefined

  push(line: string): void {
    this.lines.push(`${line}\n`)
    this.wake()
  }

  finish(over: { end: StreamEnd } | { error: unknown }): void {
    this.over ??= over
    this.wake()
  }

  async *read(signal: AbortSignal): AsyncGenerator<Buffer, StreamEnd> {
    const stop = () => this.wake()
    signal.addEventListener('abort', stop)
    try {
      for (;;) {
        if (this.lines.length) yield Buffer.from(this.lines.splice(0).join(''))
        else if (signal.aborted) return { exit: undefined, signal: undefined, stderr: '' }
        else if (this.over && 'error' in this.over) throw this.over.error
        else if (this.over) return this.over.end
        else await new Promise<void>((resolve) => (this.wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

const REFUSED = 'sudo: a password is required\n'

/** An amphora without SSH: it answers the console's commands from captures, and the test makes things happen on it. */
export class ScriptedAmphora {
  holdsVip = false
  vrrp: 'MASTER' | 'BACKUP' = 'BACKUP'
  keepalived = 'active'
  haproxy = 'active'
  haproxyUnits = [`haproxy-${LB}.service`]
  hearsAdverts = true
  /** How far its clock is ahead of ours, in milliseconds. */
  aheadMs = 0
  sudo = true
  hasJsonDump = true
  /** Commands are never answered, as behind a firewall that drops everything. */
  silent = false
  refuses: AppError | undefined
  /** What the next changing command answers. */
  controlExit = 0
  readonly commands: string[] = []
  private readonly pipes = new Map<Pipe, string>()
  private readonly journal: string[] = []
  private readonly waiting = new Set<(error: Error) => void>()
  private dumps = 1
  private received = 600
  private sequence = 0

  constructor(
    readonly id: string,
    readonly address: string,
  ) {}

  readonly host: SshHost = {
    label: 'ubuntu@scripted',
    run: (command, options) => this.run(command, options),
    follow: (command, signal) => this.follow(command, signal),
    shell: () => Promise.reject(new Error('No shell here.')),
    dial: () => Promise.resolve(new Duplex()),
  }

  /** The VIP comes or goes, and the kernel says so. */
  setVip(held: boolean, options: { told?: boolean } = {}): void {
    this.holdsVip = held
    this.vrrp = held ? 'MASTER' : 'BACKUP'
    if (options.told === false) return
    const stamp = new Date(Date.now() + this.aheadMs).toISOString().replace('Z', '000')
    const line = `[${stamp}] ${held ? '' : 'Deleted '}3: eth1    inet ${VIP}/32 scope global eth1\\       valid_lft forever preferred_lft forever`
    this.tell('monitor', line)
  }

  /** Writes a line of keepalived into the journal. */
  log(message: string): void {
    this.sequence += 1
    const micros = String(Math.round((Date.now() + this.aheadMs) * 1000))
    const entry = JSON.stringify({
      __CURSOR: `s=5c21;i=${this.sequence.toString(16)};b=db8c;m=1;t=1;x=1`,
      __REALTIME_TIMESTAMP: micros,
      _SOURCE_REALTIME_TIMESTAMP: micros,
      SYSLOG_IDENTIFIER: 'Keepalived_vrrp',
      SYSLOG_PID: '370',
      MESSAGE: message,
    })
    this.journal.push(entry)
    this.tell('journalctl', entry)
  }

  /** The connection is lost, with everything that runs on it. */
  cut(): void {
    const error = AppError.because('ssh.lost', 'Connection lost.')
    for (const pipe of this.pipes.keys()) pipe.finish({ error })
    for (const fail of this.waiting) fail(error)
    this.waiting.clear()
  }

  /** A stream ends by itself. */
  endStream(name: string, stderr: string): void {
    for (const [pipe, text] of this.pipes) {
      if (text.includes(name)) pipe.finish({ end: { exit: 1, signal: undefined, stderr } })
    }
  }

  get streams(): number {
    return this.pipes.size
  }

  private tell(name: string, line: string): void {
    for (const [pipe, text] of this.pipes) if (text.includes(name)) pipe.push(line)
  }

  private async run(command: Command, { signal, timeoutMs = 15_000 }: RunOptions) {
    const startedAt = Date.now()
    const text = display(command)
    this.commands.push(text)
    if (this.refuses) throw this.refuses
    if (this.silent) await this.never(signal, timeoutMs)
    await new Promise((resolve) => setTimeout(resolve, 1))
    const answer = command.sudo && !this.sudo ? { exit: 1, stderr: REFUSED } : this.answer(text)
    return {
      exit: 0,
      signal: undefined,
      stdout: '',
      stderr: '',
      truncated: false,
      ...answer,
      startedAt,
      endedAt: Date.now(),
    } satisfies CommandResult
  }

  private never(signal: AbortSignal, timeoutMs: number): Promise<never> {
    return new Promise((_resolve, reject) => {
      const timer = setTimeout(
        () => reject(AppError.because('ssh.timeout', 'No answer.')),
        timeoutMs,
      )
      const fail = (error: Error) => {
        clearTimeout(timer)
        reject(error)
      }
      this.waiting.add(fail)
      signal.addEventListener('abort', () => fail(new AppError('cancelled', 'Cancelled.')))
    })
  }

  private answer(text: string): Partial<CommandResult> {
    if (/\bdate '?\+%s/.test(text)) {
      return { stdout: `${((Date.now() + this.aheadMs) / 1000).toFixed(6)}000\n` }
    }
    if (/\bdate \+%z/.test(text)) return { stdout: '+0000\n' }
    if (text.includes('/proc/uptime')) return { stdout: '3600.00 7000.00\n' }
    if (text.includes('-j addr')) return { stdout: this.addresses() }
    if (text.includes('list-units')) return { stdout: this.unitList() }
    if (text.includes('systemctl show')) return { stdout: this.unitStates(text) }
    if (text.includes('--signum=JSON')) {
      return this.hasJsonDump ? { stdout: '36\n' } : { exit: 1, stderr: 'Unknown sigfunc JSON\n' }
    }
    if (text.includes('stat ')) return { stdout: this.dumpStatus(text) }
    if (text.includes('systemctl kill')) {
      this.dumps += 1
      if (this.hearsAdverts) this.received += 1
      return {}
    }
    if (text.includes('keepalived.json')) return { stdout: this.dump() }
    if (text.includes('keepalived.data')) return { stdout: fixture('keepalived.data') }
    if (text.includes('keepalived.stats')) return { stdout: fixture('keepalived.stats') }
    const control = /systemctl (stop|start|restart) (octavia-keepalived|haproxy)/.exec(text)
    if (control) return this.control(control[1]!, control[2]!)
    throw new Error(`The scripted amphora knows no '${text}'.`)
  }

  private control(verb: string, unit: string): Partial<CommandResult> {
    if (this.controlExit !== 0) return { exit: this.controlExit, stderr: 'Job failed.\n' }
    const active = verb === 'stop' ? 'inactive' : 'active'
    if (unit === 'haproxy') this.haproxy = active
    else this.keepalived = active
    if (unit !== 'haproxy' && verb === 'stop' && this.holdsVip) this.setVip(false)
    return {}
  }

  private addresses(): string {
    const links = JSON.parse(MASTER_ADDRESSES) as Interface[]
    const without = links.map((link) => ({
      ...link,
      addr_info: link.addr_info.filter(({ local }) => this.holdsVip || local !== VIP),
    }))
    return JSON.stringify(without)
  }

  private unitList(): string {
    return ['octavia-keepalived.service', ...this.haproxyUnits, 'amphora-agent.service']
      .map((unit) => `${unit} loaded active running Something`)
      .join('\n')
  }

  private unitStates(text: string): string {
    const names = text.match(/\b(?:octavia-keepalived|haproxy-[0-9a-z-]+)\.service/g) ?? []
    return names
      .map((name) => {
        const active = name.startsWith('haproxy') ? this.haproxy : this.keepalived
        const sub = active === 'active' ? 'running' : 'dead'
        const stamp = 'Sun 2026-11-22 08:49:48 UTC'
        return `Id=${name}\nLoadState=loaded\nActiveState=${active}\nSubState=${sub}\nNRestarts=0\nStateChangeTimestamp=${stamp}`
      })
      .join('\n\n')
  }

  private dumpStatus(text: string): string {
    const files = text.match(/\/tmp\/keepalived\.\w+/g) ?? []
    return files.map((file) => `${file} ${String(this.dumps)} 1700`).join('\n')
  }

  private dump(): string {
    const dump = JSON.parse(this.vrrp === 'MASTER' ? MASTER_DUMP : BACKUP_DUMP) as [
      { stats: { advert_rcvd: number } },
    ]
    dump[0].stats.advert_rcvd = this.received
    return JSON.stringify(dump)
  }

  private async *follow(command: Command, signal: AbortSignal): AsyncGenerator<Buffer, StreamEnd> {
    const text = display(command)
    this.commands.push(text)
    if (this.refuses) throw this.refuses
    if (command.sudo && !this.sudo) return { exit: 1, signal: undefined, stderr: REFUSED }
    const pipe = new Pipe()
    if (text.includes('journalctl')) this.feedJournal(text, pipe)
    this.pipes.set(pipe, text)
    try {
      return yield* pipe.read(signal)
    } finally {
      this.pipes.delete(pipe)
    }
  }

  private feedJournal(text: string, pipe: Pipe): void {
    const lines = Number(/--lines=(\d+)/.exec(text)?.[1] ?? this.journal.length)
    const cursor = /--cursor='?([^'\s]+)/.exec(text)?.[1]
    const from = cursor ? this.journal.findIndex((entry) => entry.includes(cursor)) : 0
    const history = this.journal.slice(from).slice(lines === 0 ? this.journal.length : -lines)
    for (const entry of history) pipe.push(entry)
    if (!text.includes('--follow')) {
      pipe.finish({ end: { exit: 0, signal: undefined, stderr: '' } })
    }
  }
}

/** Hands out scripted amphorae; those that are `down` refuse the connection. */
export class ScriptedHosts implements AmphoraHosts {
  readonly down = new Map<string, AppError>()
  /** To whom a connection was asked for, each time. */
  readonly asked: string[] = []

  constructor(readonly amphorae: ScriptedAmphora[]) {}

  connect(_cloud: string, { amphoraId }: AmphoraAddress): Promise<SshHost> {
    this.asked.push(amphoraId)
    const failure = this.down.get(amphoraId)
    if (failure) return Promise.reject(failure)
    const found = this.amphorae.find(({ id }) => id === amphoraId)
    return found
      ? Promise.resolve(found.host)
      : Promise.reject(AppError.because('ssh.refused', 'Connection refused.'))
  }

  jump(): Promise<undefined> {
    return Promise.resolve(undefined)
  }
}

/** The API's side of a scripted pair. */
export class ScriptedSource {
  status = 'ACTIVE'
  failure: AppError | undefined
  roles = new Map<string, string>()

  constructor(public amphorae: ScriptedAmphora[]) {}

  loadBalancer(): Promise<LoadBalancer> {
    if (this.failure) return Promise.reject(this.failure)
    return Promise.resolve({
      id: LB,
      name: 'shop',
      vipAddress: VIP,
      additionalVips: [],
      provisioningStatus: this.status,
      operatingStatus: 'ONLINE',
    } as unknown as LoadBalancer)
  }

  list(): Promise<Amphora[]> {
    if (this.failure) return Promise.reject(this.failure)
    return Promise.resolve(
      this.amphorae.map(({ id, address }, index) => ({
        id,
        role: this.roles.get(id) ?? (index === 0 ? 'MASTER' : 'BACKUP'),
        status: 'ALLOCATED',
        managementAddress: address,
        vrrpAddress: `10.77.1.${String(11 + index)}`,
        createdAt: index,
      })) as Amphora[],
    )
  }
}
