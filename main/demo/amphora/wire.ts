import type { Clock } from '../clock'

/** A VRRP advertisement, as much of it as matters here. */
export interface Advert {
  from: string
  priority: number
}

interface Port {
  /** The interface is up on this machine. */
  up: () => boolean
  receive: (advert: Advert) => void
  /** haproxy listens for its peer there. */
  peers: () => boolean
}

/** An advertisement as it passes an interface. */
export interface Passing extends Advert {
  to: string
}

/** The VIP network: carries adverts between amphorae and knows who answers for a VIP. */
export class Wire {
  private readonly ports = new Map<string, Port>()
  private readonly blocked = new Set<string>()
  /** Who announced an address last by gratuitous ARP. */
  private readonly neighbours = new Map<string, string>()
  private readonly taps = new Map<string, Set<(passing: Passing) => void>>()

  constructor(private readonly clock: Clock) {}

  join(address: string, port: Port): void {
    this.ports.set(address, port)
  }

  leave(address: string): void {
    this.ports.delete(address)
    this.blocked.delete(address)
  }

  /** Drops protocol 112 to and from an address, as a missing security group rule does. */
  block(address: string, on: boolean): void {
    if (on) this.blocked.add(address)
    else this.blocked.delete(address)
  }

  send(to: string, advert: Advert): void {
    const sender = this.ports.get(advert.from)
    if (sender?.up()) this.tell(advert.from, { ...advert, to })
    if (!sender?.up() || this.blocked.has(advert.from) || this.blocked.has(to)) return
    this.clock.after(0, () => {
      const receiver = this.ports.get(to)
      if (!receiver?.up()) return
      this.tell(to, { ...advert, to })
      receiver.receive(advert)
    })
  }

  /** Tells of each advertisement that passes an amphora's interface: what it sends, and what reaches it. The answer ends it. */
  tap(address: string, listener: (passing: Passing) => void): () => void {
    const taps = this.taps.get(address) ?? new Set()
    this.taps.set(address, taps.add(listener))
    return () => taps.delete(listener)
  }

  /** Whether haproxy at one address reaches its peer at another. */
  peersMeet(one: string, other: string): boolean {
    return [one, other].every((address) => {
      const port = this.ports.get(address)
      return port !== undefined && port.up() && port.peers()
    })
  }

  private tell(address: string, passing: Passing): void {
    for (const listener of this.taps.get(address) ?? []) listener(passing)
  }

  announce(vip: string, from: string): void {
    if (this.ports.get(from)?.up()) this.neighbours.set(vip, from)
  }

  /** Which address the switch would send the VIP's frames to. */
  owner(vip: string): string | undefined {
    return this.neighbours.get(vip)
  }
}
