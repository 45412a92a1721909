import { Machine } from './amphora/machine'
import type { ServerConfiguration } from './amphora/specification'
import { Wire } from './amphora/wire'
import type { Clock } from './clock'
import { expiry, newRecord, PRIORITIES, ROLES, type Role } from './amphoraRecords'
import { frontendsOf } from './frontends'
import { reportHealth } from './heartbeats'
import { newHex, newId, newMac } from './identity'
import type { Driver, Traffic } from './octavia/lifecycle'
import type { AmphoraRecord, Database, LoadBalancerRecord } from './octavia/records'
import { octaviaTime } from './timestamps'
import { WebServers } from './webServers'
import type { Networks, PortRecord, SubnetRecord } from './web/networks'

/** Where amphorae live. */
export interface Place {
  management: SubnetRecord
  members: SubnetRecord
  /** Project that owns the amphorae's ports. */
  serviceProject: string
}

const HEARTBEAT_MS = 5000

/** The amphorae of every load balancer, and what the worker does with them. */
export class Pairs implements Driver {
  readonly wire: Wire
  readonly webServers = new WebServers()
  private readonly machines = new Map<string, Machine>()
  private readonly removed = new Set<(machine: Machine) => void>()

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly networks: Networks,
    private readonly place: Place,
  ) {
    this.wire = new Wire(clock)
    clock.every(HEARTBEAT_MS / clock.speed, () => this.hearHeartbeats())
  }

  byManagementAddress(address: string): Machine | undefined {
    return [...this.machines.values()].find(({ spec }) => spec.managementAddress === address)
  }

  of(loadBalancerId: string): Machine[] {
    return [...this.machines.values()].filter(({ spec }) => spec.loadBalancerId === loadBalancerId)
  }

  /** Who gets the frames for a VIP, if that one is switched on, connected and holds it. */
  ownerOf(vip: string): Machine | undefined {
    const address = this.wire.owner(vip)
    return [...this.machines.values()].find(
      ({ spec, powered, namespace }) =>
        spec.vrrpAddress === address &&
        spec.vip === vip &&
        powered &&
        namespace.eth1.carrier &&
        namespace.holdsVip,
    )
  }

  onRemoved(listener: (machine: Machine) => void): void {
    this.removed.add(listener)
  }

  /** A pair that has run undisturbed since it was built. */
  restore(loadBalancer: LoadBalancerRecord, since: number): void {
    const records = ROLES.map(() => newRecord(loadBalancer, octaviaTime(since)))
    for (const record of records) record.cert_expiration = expiry(since)
    const machines = this.makePair(loadBalancer, records)
    for (const [index, machine] of machines.entries()) {
      const record = records[index]
      if (record) this.fill(record, machine, since)
      const state = machine.spec.role
      machine.restore(since, state, frontendsOf(this.database, loadBalancer.id))
    }
    this.hearHeartbeats()
  }

  build(loadBalancer: LoadBalancerRecord): void {
    const { clock } = this
    const records: AmphoraRecord[] = []
    const created = octaviaTime(clock.now())
    clock.later(600, () => {
      records.push(...ROLES.map(() => newRecord(loadBalancer, created)))
      for (const record of records) this.database.amphorae.set(record.id, record)
    })
    clock.later(900, () => {
      for (const record of records) record.cert_expiration = expiry(clock.now())
    })
    clock.later(1500, () => {
      for (const record of records)
        Object.assign(record, { status: 'BOOTING', compute_id: newId() })
    })
    clock.later(2500, () => {
      const machines = this.makePair(loadBalancer, records)
      for (const [index, { spec }] of machines.entries()) {
        const record = records[index]
        if (!record) continue
        Object.assign(record, { lb_network_ip: spec.managementAddress, cached_zone: 'nova' })
        clock.later(2000, () => {
          Object.assign(record, {
            status: 'ALLOCATED',
            role: spec.role,
            vrrp_priority: spec.priority,
          })
        })
        clock.later(3500, () => {
          const machine = machines[index]
          if (machine) this.fill(record, machine, clock.now())
          record.vrrp_interface = null
          void machine?.boot()
        })
      }
    })
    clock.later(4500, () => Object.assign(loadBalancer, { operating_status: 'ONLINE' }))
    clock.later(8500, () => {
      // Told before the load balancer is, whatever a busy machine does to the times.
      for (const record of records) record.vrrp_interface = 'eth1'
      Object.assign(loadBalancer, {
        provisioning_status: 'ACTIVE',
        updated_at: octaviaTime(clock.now()),
      })
      this.configure(loadBalancer.id)
    })
  }

  configure(loadBalancerId: string): void {
    const frontends = frontendsOf(this.database, loadBalancerId)
    for (const machine of this.of(loadBalancerId)) {
      if (machine.powered) void machine.run(() => machine.haproxy.configure(frontends))
    }
  }

  destroy(loadBalancerId: string): void {
    for (const machine of this.of(loadBalancerId)) this.drop(machine)
    const record = this.database.loadBalancers.get(loadBalancerId)
    if (record) this.networks.ports.delete(record.vip_port_id)
    for (const group of this.networks.groups.values()) {
      if (group.name === `lb-${loadBalancerId}`) this.networks.groups.delete(group.id)
    }
  }

  failOver(loadBalancer: LoadBalancerRecord, amphoraIds: readonly string[]): void {
    loadBalancer.provisioning_status = 'PENDING_UPDATE'
    const queue = this.of(loadBalancer.id)
      .filter(({ spec }) => amphoraIds.includes(spec.amphoraId))
      .sort((one, other) => Number(one.namespace.holdsVip) - Number(other.namespace.holdsVip))
    const next = () => {
      const machine = queue.shift()
      if (machine) return this.replace(loadBalancer, machine, next)
      Object.assign(loadBalancer, {
        provisioning_status: 'ACTIVE',
        updated_at: octaviaTime(this.clock.now()),
      })
    }
    next()
  }

  traffic(listenerId: string, amphoraId?: string): Traffic {
    const sum: Traffic = {
      bytes_in: 0,
      bytes_out: 0,
      active_connections: 0,
      total_connections: 0,
      request_errors: 0,
    }
    for (const machine of this.machines.values()) {
      if (amphoraId !== undefined && machine.spec.amphoraId !== amphoraId) continue
      const counted = machine.haproxy.traffic.get(listenerId)
      sum.bytes_in += counted?.received ?? 0
      sum.bytes_out += counted?.sent ?? 0
      sum.active_connections += counted?.open ?? 0
      sum.total_connections += counted?.connections ?? 0
    }
    return sum
  }

  /** The replacement boots first, then the old amphora goes and the survivor learns of its new peer. */
  private replace(loadBalancer: LoadBalancerRecord, old: Machine, done: () => void): void {
    const { clock } = this
    const record = newRecord(loadBalancer, octaviaTime(clock.now()))
    Object.assign(record, { status: 'BOOTING', compute_id: newId(), role: null })
    this.database.amphorae.set(record.id, record)
    const previous = this.database.amphorae.get(old.spec.amphoraId)
    if (previous) previous.status = 'PENDING_DELETE'
    clock.later(6000, () => {
      const survivor = this.of(loadBalancer.id).find((machine) => machine !== old)
      const peer = survivor?.spec ?? old.spec
      const machine = this.makeMachine(loadBalancer, record, {
        role: old.spec.role,
        peer: { amphoraId: peer.amphoraId, vrrpAddress: peer.vrrpAddress },
        authPass: old.spec.authPass,
      })
      this.fill(record, machine, clock.now())
      Object.assign(record, { status: 'ALLOCATED', role: old.spec.role })
      this.drop(old)
      survivor?.meet(machine.spec)
      void machine.boot().then(() => this.configure(loadBalancer.id))
      clock.later(2000, done)
    })
  }

  private drop(machine: Machine): void {
    machine.powerOff()
    this.machines.delete(machine.spec.amphoraId)
    this.database.amphorae.delete(machine.spec.amphoraId)
    for (const port of this.networks.ports.values()) {
      if (port.deviceId === machine.spec.computeId) this.networks.ports.delete(port.id)
    }
    for (const listener of this.removed) listener(machine)
  }

  private fill(record: AmphoraRecord, { spec }: Machine, at: number): void {
    const port = [...this.networks.ports.values()].find(
      ({ name }) => name === `octavia-lb-vrrp-${record.id}`,
    )
    const loadBalancer = this.database.loadBalancers.get(spec.loadBalancerId)
    Object.assign(record, {
      compute_id: spec.computeId,
      lb_network_ip: spec.managementAddress,
      vrrp_ip: spec.vrrpAddress,
      ha_ip: spec.vip,
      vrrp_port_id: port?.id ?? null,
      ha_port_id: loadBalancer?.vip_port_id ?? null,
      role: spec.role,
      status: 'ALLOCATED',
      vrrp_interface: 'eth1',
      vrrp_priority: spec.priority,
      cached_zone: 'nova',
      updated_at: octaviaTime(at + 14_000),
    })
    this.database.amphorae.set(record.id, record)
  }

  private makePair(loadBalancer: LoadBalancerRecord, records: AmphoraRecord[]): Machine[] {
    const authPass = newHex(7)
    const ports = records.map((record) => {
      record.compute_id ??= newId()
      return this.vrrpPort(loadBalancer, record)
    })
    return records.map((record, index) => {
      const other = 1 - index
      return this.makeMachine(loadBalancer, record, {
        role: ROLES[index] ?? 'BACKUP',
        peer: { amphoraId: records[other]?.id ?? '', vrrpAddress: ports[other]?.address ?? '' },
        authPass,
      })
    })
  }

  private makeMachine(
    loadBalancer: LoadBalancerRecord,
    record: AmphoraRecord,
    {
      role,
      peer,
      authPass,
    }: { role: Role; peer: { amphoraId: string; vrrpAddress: string }; authPass: string },
  ): Machine {
    const computeId = record.compute_id ?? newId()
    record.cert_expiration ??= expiry(this.clock.now())
    const own = {
      project: this.place.serviceProject,
      deviceId: computeId,
      deviceOwner: 'compute:nova',
    }
    const vrrp = this.vrrpPort(loadBalancer, record)
    const management = this.port(this.place.management, own)
    const member = this.port(this.place.members, own)
    const subnet = vrrp.subnet
    const machine = new Machine(
      this.clock,
      {
        amphoraId: record.id,
        computeId,
        loadBalancerId: loadBalancer.id,
        projectId: loadBalancer.project_id,
        role,
        priority: PRIORITIES[role],
        managementAddress: management.address,
        managementMac: management.mac,
        vrrpAddress: vrrp.address,
        vrrpMac: vrrp.mac,
        memberAddress: member.address,
        memberMac: member.mac,
        peer,
        vip: loadBalancer.vip_address,
        vipSubnet: { cidr: subnet.cidr, gateway: subnet.gateway ?? undefined, prefix: 24 },
        memberSubnet: { cidr: this.place.members.cidr, gateway: undefined, prefix: 24 },
        authPass,
        certificateEnds: Date.parse(`${record.cert_expiration}Z`),
      },
      this.wire,
      (server: ServerConfiguration) => this.webServers.answer(loadBalancer.id, server),
    )
    this.machines.set(record.id, machine)
    return machine
  }

  private vrrpPort(loadBalancer: LoadBalancerRecord, record: AmphoraRecord): PortRecord {
    const name = `octavia-lb-vrrp-${record.id}`
    const known = [...this.networks.ports.values()].find((port) => port.name === name)
    if (known) return known
    const subnet = this.networks.subnets.find(({ id }) => id === loadBalancer.vip_subnet_id)
    const vip = this.networks.ports.get(loadBalancer.vip_port_id)
    return this.port(subnet ?? this.place.members, {
      name,
      project: this.place.serviceProject,
      deviceId: record.compute_id ?? '',
      deviceOwner: 'compute:nova',
      pair: loadBalancer.vip_address,
      securityGroups: vip?.securityGroups ?? [],
      mac: newMac(),
    })
  }

  private port(subnet: SubnetRecord, port: Parameters<Networks['addPort']>[1]): PortRecord {
    const made = this.networks.addPort(subnet, port)
    if (typeof made === 'string') throw new Error(`No port in ${subnet.name}: ${made}.`)
    return made
  }

  private hearHeartbeats(): void {
    for (const loadBalancer of this.database.loadBalancers.values()) {
      reportHealth(this.database, loadBalancer, this.of(loadBalancer.id))
    }
  }
}
