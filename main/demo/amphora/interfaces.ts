import type { Clock } from '../clock'

export interface Address {
  local: string
  prefix: number
}

/** A network interface as `ip` knows it. */
export interface Interface {
  index: number
  /** Of the other end of the veth pair. */
  peer: number
  name: string
  mac: string
  mtu: number
  /** The switch port is up. */
  carrier: boolean
  addresses: Address[]
  receivedBytes: number
  sentBytes: number
}

/** What `ip monitor` tells. */
export type NetworkEvent =
  | { kind: 'address'; at: number; deleted: boolean; of: Interface; address: Address }
  | { kind: 'link'; at: number; of: Interface }
  | { kind: 'route' | 'rule'; at: number; deleted: boolean; line: string }

export interface Subnet {
  cidr: string
  gateway: string | undefined
  prefix: number
}

/** The namespace amphora-haproxy: its interfaces, and what keepalived adds when it is MASTER. */
export class Namespace {
  readonly links: Interface[]
  private readonly listeners = new Set<(event: NetworkEvent) => void>()
  private holding = false

  constructor(
    private readonly clock: Clock,
    readonly vip: string,
    readonly vipSubnet: Subnet,
    readonly memberSubnet: Subnet,
    readonly eth1: Interface,
    readonly eth2: Interface,
  ) {
    this.links = [eth1, eth2]
  }

  get holdsVip(): boolean {
    return this.holding
  }

  /** keepalived adds the VIP, its routes and its rule, or removes them. */
  hold(on: boolean): void {
    if (on === this.holding) return
    this.holding = on
    const at = this.clock.now()
    const address = { local: this.vip, prefix: 32 }
    const { eth1 } = this
    eth1.addresses = on
      ? [...eth1.addresses, address]
      : eth1.addresses.filter(({ local }) => local !== this.vip)
    const moved: NetworkEvent = { kind: 'address', at, deleted: !on, of: eth1, address }
    const rest: NetworkEvent[] = [
      {
        kind: 'route',
        at,
        deleted: !on,
        line: `local ${this.vip} dev eth1 table local proto kernel scope host src ${this.vip} `,
      },
      {
        kind: 'route',
        at,
        deleted: !on,
        line: `${this.vipSubnet.cidr} dev eth1 table 1 proto keepalived scope link src ${this.vip} `,
      },
      {
        kind: 'route',
        at,
        deleted: !on,
        line: `default via ${this.vipSubnet.gateway ?? ''} dev eth1 table 1 proto keepalived onlink `,
      },
    ]
    const rule: NetworkEvent = {
      kind: 'rule',
      at,
      deleted: !on,
      line: `100:\tfrom ${this.vip} lookup 1 proto keepalived`,
    }
    for (const event of on ? [moved, ...rest, rule] : [rule, ...rest, moved]) this.emit(event)
  }

  turnLink(up: boolean): void {
    this.eth1.carrier = up
    this.emit({ kind: 'link', at: this.clock.now(), of: this.eth1 })
  }

  /** Tells of each change. The answer ends it. */
  follow(listener: (event: NetworkEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private emit(event: NetworkEvent): void {
    for (const listener of this.listeners) listener(event)
  }
}

export const loopback = (): Interface => ({
  index: 1,
  peer: 0,
  name: 'lo',
  mac: '00:00:00:00:00:00',
  mtu: 65536,
  carrier: true,
  addresses: [{ local: '127.0.0.1', prefix: 8 }],
  receivedBytes: 4095,
  sentBytes: 4095,
})
