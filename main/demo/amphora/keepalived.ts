import { instanceName } from './configurations'
import type { Origin } from './journal'
import type { Machine } from './machine'
import type { Unit } from './systemd'
import { Vrrp } from './vrrp'

const KEEPALIVED_UNIT = 'octavia-keepalived.service'
const PID_FILE = '/var/lib/octavia/vrrp/octavia-keepalived.pid'

const CONFIGURATION = '/var/lib/octavia/vrrp/octavia-keepalived.conf'
const COMMAND = `/usr/sbin/keepalived --log-facility=1 -f ${CONFIGURATION} -p ${PID_FILE}`
const VERSION = 'Keepalived v2.2.7 (01/16,2022)'

const CHECK_INTERVAL_MS = 5000
const FALL = 2
const RISE = 2
/** Between the two ends of a stop: keepalived waits a second for its child. */
const STOP_MS = 1010
const FORK_MS = 20
const SETTLE_MS = 5
const FIRST_CHECK_MS = 45

type Who = 'Keepalived' | 'Keepalived_vrrp'

/** octavia-keepalived.service: the daemon with its parent, its child and its check script. */
export class Keepalived {
  readonly unit: Unit
  parentPid = 0
  childPid = 0
  vrrp: Vrrp | undefined
  private good = true
  private streak = 0
  private cancelCheck: () => void = () => undefined

  constructor(private readonly machine: Machine) {
    this.unit = machine.systemd.unit(KEEPALIVED_UNIT, 'Keepalive Daemon (LVS and VRRP)')
  }

  get runs(): boolean {
    return this.vrrp !== undefined
  }

  async start(): Promise<void> {
    const { systemd, clock } = this.machine
    if (this.unit.active === 'active') return
    this.unit.begin()
    this.unit.become('activating', 'start', clock.now())
    systemd.announce(this.unit, 'Starting')
    await this.machine.pause(FORK_MS)
    const starter = this.machine.newPid()
    this.parentPid = this.machine.newPid()
    this.childPid = this.machine.newPid()
    this.tellStart(starter)
    this.machine.writeFile(PID_FILE, `${this.parentPid}\n`)
    await this.machine.pause(SETTLE_MS)
    this.startVrrp()
    this.unit.mainPid = this.parentPid
    this.unit.mainStartedAt = clock.now()
    this.unit.become('active', 'running', clock.now())
    systemd.announce(this.unit, 'Started')
    this.log('Keepalived', 'Startup complete')
    this.machine.clock.after(FIRST_CHECK_MS, () => this.firstCheck())
  }

  async stop(): Promise<void> {
    const { systemd, clock } = this.machine
    if (this.unit.active !== 'active') {
      if (this.unit.active === 'failed') this.unit.become('inactive', 'dead', clock.now())
      return
    }
    systemd.announce(this.unit, 'Stopping')
    this.log('Keepalived', 'Stopping')
    this.unit.become('deactivating', 'stop-sigterm', clock.now())
    this.end()
    await this.machine.pause(STOP_MS)
    this.log('Keepalived_vrrp', 'Stopped')
    await this.machine.pause(SETTLE_MS)
    this.log('Keepalived', `Stopped ${VERSION}`)
    this.machine.removeFile(PID_FILE)
    this.unit.mainPid = 0
    this.unit.become('inactive', 'dead', clock.now())
    systemd.tell(this.unit, `${KEEPALIVED_UNIT}: Deactivated successfully.`)
    systemd.announce(this.unit, 'Stopped')
  }

  /** SIGKILL to the parent: its child notices and resigns by itself. */
  kill(): void {
    if (this.unit.active !== 'active') return
    const { systemd, clock } = this.machine
    this.unit.mainPid = 0
    this.unit.result = 'signal'
    this.unit.become('failed', 'failed', clock.now())
    const tell = (words: string, priority: number) =>
      systemd.tell(this.unit, `${KEEPALIVED_UNIT}: ${words}`, undefined, priority)
    tell('Main process exited, code=killed, status=9/KILL', 4)
    tell("Failed with result 'signal'.", 4)
    tell(`Unit process ${this.childPid} (keepalived) remains running after unit stopped.`, 6)
    this.end()
    clock.after(STOP_MS, () => this.log('Keepalived_vrrp', 'Stopped'))
  }

  reload(): void {
    if (!this.vrrp) return
    const { systemd } = this.machine
    systemd.announce(this.unit, 'Reloading')
    this.log('Keepalived', 'Reloading ...')
    this.log('Keepalived', `Configuration file ${CONFIGURATION}`)
    this.log('Keepalived_vrrp', 'Reloading')
    this.vrrp.settings.priority = this.machine.spec.priority
    this.log('Keepalived_vrrp', "Script user 'keepalived_script' does not exist")
    this.log('Keepalived_vrrp', 'VRRP_Script(check_script) considered successful on reload')
    this.tellChild()
    this.log('Keepalived', 'Reload complete')
    systemd.announce(this.unit, 'Reloaded')
  }

  /** The machine lost its power: nothing is written any more. */
  vanish(): void {
    this.vrrp?.halt()
    this.cancelCheck()
    this.vrrp = undefined
    this.unit.active = 'inactive'
    this.unit.sub = 'dead'
    this.unit.mainPid = 0
  }

  /** Writes the history of a daemon that has run since then, and lets it go on from there. */
  restore(since: number, state: 'MASTER' | 'BACKUP'): void {
    const { systemd, spec } = this.machine
    const script = since + FORK_MS + FIRST_CHECK_MS
    this.unit.begin()
    systemd.announce(this.unit, 'Starting', since)
    const starter = this.machine.newPid()
    this.parentPid = this.machine.newPid()
    this.childPid = this.machine.newPid()
    this.tellStart(starter, since + FORK_MS)
    systemd.announce(this.unit, 'Started', since + FORK_MS + SETTLE_MS)
    this.log('Keepalived', 'Startup complete', since + FORK_MS + SETTLE_MS + 0.2)
    this.machine.writeFile(PID_FILE, `${this.parentPid}\n`)
    this.unit.mainPid = this.parentPid
    this.unit.mainStartedAt = since + FORK_MS
    this.unit.become('activating', 'start', since)
    this.unit.become('active', 'running', since + FORK_MS + SETTLE_MS)
    this.vrrp = this.newVrrp()
    this.log('Keepalived_vrrp', 'VRRP_Script(check_script) succeeded', script)
    const instance = instanceName(spec.loadBalancerId)
    this.log('Keepalived_vrrp', `(${instance}) Entering BACKUP STATE`, script + 0.05)
    const entered = script + (state === 'MASTER' ? this.vrrp.masterDownMs : 0)
    if (state === 'MASTER')
      this.log('Keepalived_vrrp', `(${instance}) Entering MASTER STATE`, entered)
    this.good = true
    this.vrrp.restore(state, entered, { address: spec.peer.vrrpAddress, priority: 100 })
    this.scheduleChecks()
  }

  log(who: Who, message: string, at?: number): void {
    const pid = who === 'Keepalived' ? this.parentPid : this.childPid
    this.logAs(who, pid, message, at)
  }

  private logAs(who: Who, pid: number, message: string, at?: number): void {
    const origin: Origin = {
      identifier: who,
      pid,
      unit: KEEPALIVED_UNIT,
      transport: 'syslog',
      facility: 17,
      command: COMMAND,
      executable: '/usr/sbin/keepalived',
      name: 'keepalived',
    }
    this.machine.journal.append(origin, {
      message,
      invocationId: this.unit.invocationId,
      ...(at !== undefined && { at }),
    })
  }

  private tellStart(starter: number, at?: number): void {
    const early = [
      `Starting ${VERSION}`,
      'Running on Linux 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 (built for Linux 5.19.11)',
      "Command line: '/usr/sbin/keepalived' '--log-facility=1' '-f'",
      `              '${CONFIGURATION}' '-p'`,
      `              '${PID_FILE}'`,
      `Configuration file ${CONFIGURATION}`,
    ]
    for (const message of early) this.logAs('Keepalived', starter, message, at)
    this.log(
      'Keepalived',
      'NOTICE: setting config option max_auto_priority should result in better keepalived performance',
      at,
    )
    this.log('Keepalived', `Starting VRRP child process, pid=${this.childPid}`, at)
    this.log('Keepalived_vrrp', "Script user 'keepalived_script' does not exist", at)
    this.tellChild(at)
  }

  private tellChild(at?: number): void {
    this.log(
      'Keepalived_vrrp',
      'SECURITY VIOLATION - scripts are being executed but script_security not enabled.',
      at,
    )
    if (this.machine.spec.role !== 'MASTER') return
    const instance = instanceName(this.machine.spec.loadBalancerId)
    this.log(
      'Keepalived_vrrp',
      `(${instance}) Warning - nopreempt will not work with initial state MASTER - clearing`,
      at,
    )
  }

  private newVrrp(): Vrrp {
    const { spec, wire, clock, namespace } = this.machine
    return new Vrrp(
      clock,
      {
        instance: instanceName(spec.loadBalancerId),
        priority: spec.priority,
        preempts: spec.role === 'MASTER',
        advertMs: 1000,
      },
      {
        log: (message, at) => this.log('Keepalived_vrrp', message, at),
        advertise: (priority) =>
          wire.send(spec.peer.vrrpAddress, { from: spec.vrrpAddress, priority }),
        holdVip: (on) => namespace.hold(on),
        announce: () => wire.announce(spec.vip, spec.vrrpAddress),
      },
    )
  }

  private startVrrp(): void {
    this.vrrp = this.newVrrp()
    if (!this.machine.namespace.eth1.carrier) this.vrrp.faults.add('link')
  }

  private end(): void {
    this.cancelCheck()
    this.vrrp?.resign()
    this.vrrp = undefined
  }

  private firstCheck(): void {
    if (!this.vrrp) return
    this.good = this.machine.haproxy.runs
    this.streak = 0
    if (this.good) {
      this.log('Keepalived_vrrp', 'VRRP_Script(check_script) succeeded')
    } else {
      this.log('Keepalived_vrrp', 'Script `check_script` now returning 1')
      this.log('Keepalived_vrrp', 'VRRP_Script(check_script) failed (exited with status 1)')
    }
    this.lastCode = this.good
    this.vrrp.scriptTurned(this.good)
    this.scheduleChecks()
  }

  private lastCode = true

  private scheduleChecks(): void {
    this.cancelCheck()
    this.cancelCheck = this.machine.clock.every(CHECK_INTERVAL_MS, () => this.check())
  }

  private check(): void {
    const code = this.machine.haproxy.runs
    if (code !== this.lastCode) {
      this.log('Keepalived_vrrp', `Script \`check_script\` now returning ${code ? 0 : 1}`)
      this.lastCode = code
      this.streak = 0
    }
    this.streak += 1
    if (code === this.good || this.streak < (code ? RISE : FALL)) return
    this.good = code
    this.log(
      'Keepalived_vrrp',
      `VRRP_Script(check_script) ${code ? 'succeeded' : 'failed (exited with status 1)'}`,
    )
    this.vrrp?.scriptTurned(code)
  }
}
