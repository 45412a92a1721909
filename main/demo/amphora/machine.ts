import type { Clock } from '../clock'
import { syslogTime } from '../timestamps'
import { Agent, agentConfiguration } from './agent'
import { keepalivedConfiguration } from './configurations'
import { Haproxy } from './haproxy'
import type { MemberAnswer } from './haproxyBackend'
import { Namespace, loopback, type Interface } from './interfaces'
import { imageFiles } from './imageFiles'
import { Journal } from './journal'
import { Keepalived } from './keepalived'
import type {
  AmphoraSpecification,
  FrontendConfiguration,
  ServerConfiguration,
} from './specification'
import { Systemd } from './systemd'
import type { Wire } from './wire'

export interface StoredFile {
  text: string
  mode: number
  changedAt: number
  inode: number
  /** It is a socket, and has no text. */
  isSocket?: true
}

const BOOT_MS = 4000

const network = (name: string, index: number, mac: string, local: string): Interface => ({
  index,
  peer: index + 4,
  name,
  mac,
  mtu: 1500,
  carrier: true,
  addresses: [{ local, prefix: 24 }],
  receivedBytes: 169_541,
  sentBytes: 106_591,
})

/** One amphora: a machine with systemd, a journal, files, keepalived and haproxy in a namespace. */
export class Machine {
  readonly hostName: string
  readonly journal: Journal
  readonly systemd: Systemd
  readonly namespace: Namespace
  readonly outer: Interface[]
  readonly files = new Map<string, StoredFile>()
  readonly keepalived: Keepalived
  readonly haproxy: Haproxy
  readonly agent: Agent
  /** Programs that somebody runs over SSH now. */
  readonly foreground = new Set<{ pid: number; command: string; root: boolean }>()
  /** Switched on. */
  powered = false
  private pid = 118
  private inode = 1_681_500
  private haproxyLog = ''
  private job: Promise<void> = Promise.resolve()
  private readonly powerListeners = new Set<() => void>()

  /** @param members answers for the servers behind the pools */
  constructor(
    readonly clock: Clock,
    readonly spec: AmphoraSpecification,
    readonly wire: Wire,
    readonly members: (server: ServerConfiguration) => MemberAnswer,
  ) {
    this.hostName = `amphora-${spec.amphoraId}`
    this.journal = new Journal(clock, this.hostName, clock.now())
    this.systemd = new Systemd(clock, this.journal)
    this.namespace = new Namespace(
      clock,
      spec.vip,
      spec.vipSubnet,
      spec.memberSubnet,
      network('eth1', 3, spec.vrrpMac, spec.vrrpAddress),
      network('eth2', 4, spec.memberMac, spec.memberAddress),
    )
    this.outer = [loopback(), network('eth0', 2, spec.managementMac, spec.managementAddress)]
    this.haproxy = new Haproxy(this)
    this.keepalived = new Keepalived(this)
    this.agent = new Agent(this)
    this.agent.start(clock)
    for (const { path, text, mode } of imageFiles(spec)) this.writeFile(path, text, mode)
    this.writeFile('/var/lib/octavia/vrrp/octavia-keepalived.conf', keepalivedConfiguration(spec))
    this.writeFile('/etc/machine-id', `${this.journal.machineId}\n`, 0o444)
    this.writeFile('/etc/hostname', `${this.hostName}\n`)
    this.writeFile('/etc/octavia/amphora-agent.conf', agentConfiguration(spec.amphoraId))
  }

  /** Comes up with what it had on its disk; keepalived is enabled and starts. */
  async boot(): Promise<void> {
    if (this.powered) return
    this.switchOn()
    await this.haproxy.start()
    await this.keepalived.start()
  }

  /** Comes up as one that has run since then, keepalived in a state of its own. */
  restore(
    since: number,
    state: 'MASTER' | 'BACKUP',
    frontends: readonly FrontendConfiguration[],
  ): void {
    this.switchOn(since)
    this.haproxy.restore(since + BOOT_MS, frontends)
    this.keepalived.restore(since + BOOT_MS + 200, state)
    this.journal.settle()
  }

  /** Loses its power: connections hang up, nobody resigns. */
  powerOff(): void {
    if (!this.powered) return
    this.powered = false
    this.keepalived.vanish()
    this.haproxy.vanish()
    this.wire.leave(this.spec.vrrpAddress)
    this.namespace.hold(false)
    for (const listener of this.powerListeners) listener()
  }

  /** Tells when the power goes. The answer ends it. */
  onPowerOff(listener: () => void): () => void {
    this.powerListeners.add(listener)
    return () => this.powerListeners.delete(listener)
  }

  /** Octavia tells of a new peer: both configurations are written again, and the daemons reload. */
  meet(peer: { amphoraId: string; vrrpAddress: string }): void {
    this.spec.peer = { amphoraId: peer.amphoraId, vrrpAddress: peer.vrrpAddress }
    this.configureKeepalived()
  }

  /** Somebody edits the priority in keepalived's configuration, and reloads it. */
  prioritize(priority: number): void {
    this.spec.priority = priority
    this.configureKeepalived()
  }

  private configureKeepalived(): void {
    this.writeFile(
      '/var/lib/octavia/vrrp/octavia-keepalived.conf',
      keepalivedConfiguration(this.spec),
    )
    this.keepalived.reload()
  }

  turnLink(up: boolean): void {
    if (this.namespace.eth1.carrier === up) return
    this.namespace.turnLink(up)
    this.keepalived.vrrp?.linkTurned(up)
  }

  /** systemd's jobs for one machine, one after the other. */
  run(job: () => Promise<void>): Promise<void> {
    const turn = this.job.then(job)
    this.job = turn.catch(() => undefined)
    return turn
  }

  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(milliseconds, resolve))
  }

  newPid(): number {
    this.pid += 1
    return this.pid
  }

  /** The newest process. */
  get lastPid(): number {
    return this.pid
  }

  writeFile(path: string, text: string, mode = 0o644): void {
    this.inode += 1
    this.files.set(path, { text, mode, changedAt: this.clock.now(), inode: this.inode })
  }

  /** A socket in the file system: it stays there when nobody listens any more. */
  bindSocket(path: string): void {
    this.writeFile(path, '', 0o666)
    const file = this.files.get(path)
    if (file) this.files.set(path, { ...file, isSocket: true })
  }

  removeFile(path: string): void {
    this.files.delete(path)
  }

  /** haproxy writes to two log facilities, so each line is there twice. */
  tellHaproxyLog(words: string): void {
    const { workerPid } = this.haproxy
    const line = `${syslogTime(this.clock.now())} ${this.hostName} haproxy[${workerPid}]: ${words}\n`
    this.haproxyLog += line + line
  }

  get haproxyLogText(): string {
    return this.haproxyLog
  }

  private switchOn(since = this.clock.now()): void {
    this.powered = true
    this.journal.reboot()
    this.journal.bootedAt = since
    this.pid = 118
    for (const path of [...this.files.keys()]) if (path.startsWith('/tmp/')) this.removeFile(path)
    const units: readonly [string, string, string][] = [
      ['amphora-agent.service', 'OpenStack Octavia Amphora Agent', 'running'],
      ['amphora-netns.service', 'Configure amphora-haproxy network namespace', 'exited'],
      ['prometheus-proxy.service', 'OpenStack Octavia Prometheus Proxy', 'running'],
      ['ssh.service', 'OpenBSD Secure Shell server', 'running'],
    ]
    for (const [index, [name, description, sub]] of units.entries()) {
      const unit = this.systemd.unit(name, description)
      unit.begin()
      unit.mainPid = sub === 'running' ? 38 + index : 0
      unit.mainStartedAt = since + 1000
      unit.become('active', sub, since + 1000 + index)
      this.systemd.announce(unit, 'Started', since + 1000 + index)
    }
    this.writeFile('/proc/sys/kernel/random/boot_id', `${dashed(this.journal.bootId)}\n`, 0o444)
    this.wire.join(this.spec.vrrpAddress, {
      up: () => this.powered && this.namespace.eth1.carrier,
      receive: (advert) => this.keepalived.vrrp?.receive(advert),
      peers: () => this.powered && this.haproxy.runs,
    })
  }
}

const dashed = (id: string): string =>
  id.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5')
