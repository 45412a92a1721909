import { peerName } from '../identity'
import { haproxyConfiguration } from './configurations'
import { haproxyUnit, unitPath } from './imageFiles'
import { HaproxyBackend } from './haproxyBackend'
import type { Machine } from './machine'
import type { FrontendConfiguration } from './specification'
import type { Unit } from './systemd'

const VERSION = '2.6.12-1+deb12u4'
const START_MS = 120
const STOP_MS = 5

/** haproxy-<load balancer>.service: exists from the first listener to the last. */
export class Haproxy {
  unit: Unit | undefined
  masterPid = 0
  workerPid = 0
  startedAt = 0
  frontends: readonly FrontendConfiguration[] = []
  readonly backends = new Map<string, HaproxyBackend>()
  readonly traffic = new Map<
    string,
    { connections: number; received: number; sent: number; open: number }
  >()

  constructor(private readonly machine: Machine) {}

  get runs(): boolean {
    return this.unit?.active === 'active'
  }

  /** What the worker uploads: a first listener starts haproxy, a change reloads it, the last one's end stops it. */
  async configure(frontends: readonly FrontendConfiguration[]): Promise<void> {
    const { machine } = this
    const folder = `/var/lib/octavia/${machine.spec.loadBalancerId}`
    this.frontends = frontends
    if (!frontends.length) {
      await this.stop()
      if (this.unit) machine.systemd.units.delete(this.unit.name)
      this.unit = undefined
      machine.removeFile(`${folder}/haproxy.cfg`)
      machine.removeFile(`${folder}.sock`)
      machine.removeFile(unitPath(machine.spec))
      return
    }
    machine.writeFile(`${folder}/haproxy.cfg`, haproxyConfiguration(machine.spec, frontends), 0o600)
    const isNew = !this.unit
    machine.writeFile(unitPath(machine.spec), haproxyUnit(machine.spec))
    this.unit ??= machine.systemd.unit(
      `haproxy-${machine.spec.loadBalancerId}.service`,
      'HAProxy Load Balancer',
    )
    if (isNew) await this.start()
    else if (this.runs) this.reload()
  }

  async start(): Promise<void> {
    const { unit, machine } = this
    if (!unit || unit.active === 'active') return
    unit.begin()
    unit.become('activating', 'start-pre', machine.clock.now())
    machine.systemd.announce(unit, 'Starting')
    await machine.pause(START_MS)
    this.masterPid = machine.newPid()
    this.workerPid = machine.newPid()
    this.tellStart()
    this.go()
    machine.systemd.announce(unit, 'Started')
  }

  async stop(): Promise<void> {
    const { unit, machine } = this
    if (!unit || unit.active !== 'active') return
    const { masterPid, workerPid } = this
    unit.become('deactivating', 'stop-sigterm', machine.clock.now())
    machine.systemd.announce(unit, 'Stopping')
    this.say(masterPid, 'NOTICE', `haproxy version is ${VERSION}`)
    this.say(masterPid, 'NOTICE', 'path to executable is /usr/sbin/haproxy')
    this.say(masterPid, 'WARNING', 'Exiting Master process...')
    this.say(masterPid, 'ALERT', `Current worker (${workerPid}) exited with code 143 (Terminated)`)
    this.say(masterPid, 'WARNING', 'All workers exited. Exiting... (0)')
    this.halt()
    await machine.pause(STOP_MS)
    unit.mainPid = 0
    unit.become('inactive', 'dead', machine.clock.now())
    machine.systemd.tell(unit, `${unit.name}: Deactivated successfully.`)
    machine.systemd.announce(unit, 'Stopped')
  }

  vanish(): void {
    this.halt()
    if (!this.unit) return
    this.unit.active = 'inactive'
    this.unit.sub = 'dead'
    this.unit.mainPid = 0
  }

  /** As if it had run since then. */
  restore(since: number, frontends: readonly FrontendConfiguration[]): void {
    const { machine } = this
    const id = machine.spec.loadBalancerId
    this.frontends = frontends
    const unit = machine.systemd.unit(`haproxy-${id}.service`, 'HAProxy Load Balancer')
    this.unit = unit
    unit.begin()
    machine.writeFile(
      `/var/lib/octavia/${id}/haproxy.cfg`,
      haproxyConfiguration(machine.spec, frontends),
      0o600,
    )
    machine.writeFile(unitPath(machine.spec), haproxyUnit(machine.spec))
    unit.become('activating', 'start-pre', since)
    machine.systemd.announce(unit, 'Starting', since)
    this.masterPid = machine.newPid()
    this.workerPid = machine.newPid()
    this.tellStart(since + START_MS)
    this.go(since + START_MS + 1)
    machine.systemd.announce(unit, 'Started', since + START_MS + 1)
  }

  /** A line on standard error, which systemd-nspawn's `ip` carries into the journal. */
  say(pid: number, level: 'NOTICE' | 'WARNING' | 'ALERT', words: string, at?: number): void {
    const { unit, machine } = this
    if (!unit) return
    machine.journal.append(
      {
        identifier: 'ip',
        pid,
        unit: unit.name,
        transport: 'stdout',
        facility: 3,
        command: this.command,
        executable: '/usr/sbin/haproxy',
        name: 'haproxy',
      },
      {
        message: `${`[${level}]`.padEnd(10)} (${pid}) : ${words}`,
        invocationId: unit.invocationId,
        ...(at !== undefined && { at }),
      },
    )
  }

  get command(): string {
    const { loadBalancerId: id, amphoraId } = this.machine.spec
    const folder = `/var/lib/octavia/${id}`
    return `/usr/sbin/haproxy -Ws -f ${folder}/haproxy.cfg -f /var/lib/octavia/haproxy-default-user-group.conf -p ${folder}/${id}.pid -L ${peerName(amphoraId)}`
  }

  count(frontend: string): { connections: number; received: number; sent: number; open: number } {
    const known = this.traffic.get(frontend)
    if (known) return known
    const fresh = { connections: 0, received: 0, sent: 0, open: 0 }
    this.traffic.set(frontend, fresh)
    return fresh
  }

  private reload(): void {
    const { unit, machine } = this
    if (!unit) return
    machine.systemd.announce(unit, 'Reloading')
    this.say(this.masterPid, 'WARNING', 'Reexecuting Master process')
    const former = this.workerPid
    this.workerPid = machine.newPid()
    this.say(this.masterPid, 'NOTICE', `New worker (${this.workerPid}) forked`)
    this.say(this.masterPid, 'NOTICE', 'Loading success.')
    this.say(this.masterPid, 'WARNING', `Former worker (${former}) exited with code 0 (Exit)`)
    machine.systemd.announce(unit, 'Reloaded')
    unit.stateChangedAt = machine.clock.now()
    this.renewBackends()
  }

  private tellStart(at?: number): void {
    const { masterPid, workerPid } = this
    const folder = `/var/lib/octavia/${this.machine.spec.loadBalancerId}`
    this.say(masterPid, 'NOTICE', `haproxy version is ${VERSION}`, at)
    this.say(masterPid, 'NOTICE', 'path to executable is /usr/sbin/haproxy', at)
    this.say(
      masterPid,
      'WARNING',
      `config : config: Can't open global server state file '${folder}/servers-state': No such file or directory`,
      at,
    )
    this.say(masterPid, 'NOTICE', `New worker (${workerPid}) forked`, at)
    this.say(masterPid, 'NOTICE', 'Loading success.', at)
  }

  private go(at = this.machine.clock.now()): void {
    const { unit, machine } = this
    if (!unit) return
    const id = machine.spec.loadBalancerId
    machine.writeFile(`/var/lib/octavia/${id}/${id}.pid`, `${this.masterPid}\n`)
    machine.bindSocket(`/var/lib/octavia/${id}.sock`)
    unit.mainPid = this.masterPid
    unit.mainStartedAt = at
    unit.become('active', 'running', at)
    this.startedAt = at
    this.renewBackends()
  }

  private renewBackends(): void {
    for (const backend of this.backends.values()) backend.halt()
    this.backends.clear()
    for (const { id, pool } of this.frontends) {
      if (pool) this.backends.set(id, new HaproxyBackend(this.machine, `${pool.id}:${id}`, pool))
    }
  }

  private halt(): void {
    for (const backend of this.backends.values()) backend.halt()
    this.backends.clear()
  }
}
