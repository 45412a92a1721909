import type { DemoFault, DemoState } from '../../preload/contract/app'
import { AppError } from '../../preload/contract/error'
import { Live } from '../base/live'
import type { Machine } from './amphora/machine'
import type { Database, MemberRecord } from './octavia/records'
import type { Pairs } from './pairs'

/** What somebody writes into keepalived's configuration by hand. */
const EDITED_PRIORITY = 80

interface ActiveFault {
  loadBalancerId: string
  fault: DemoFault
  /** An amphora id, or the name of a member. */
  target: string
  mend: () => void
}

/** Breaks load balancers of the demo cloud on request, and mends them. */
export class Faults {
  private readonly active: ActiveFault[] = []
  private readonly state: Live<DemoState>

  constructor(
    private readonly database: Database,
    private readonly pairs: Pairs,
  ) {
    this.state = new Live<DemoState>({ loadBalancers: [] })
    this.publish()
  }

  list(): DemoState {
    this.publish()
    return this.state.value
  }

  follow(signal: AbortSignal): AsyncGenerator<DemoState, void> {
    this.publish()
    return this.state.follow(signal)
  }

  /**
   * Puts a fault on the VIP's present owner, or the first member; or takes it away where it was put.
   * A fault that is on stays on. @throws AppError `octavia.notFound`, or `conflict` when there is nothing to break
   */
  set(loadBalancerId: string, fault: DemoFault, on: boolean): void {
    if (!this.database.loadBalancers.has(loadBalancerId)) {
      throw AppError.because('octavia.notFound', `Load Balancer ${loadBalancerId} not found.`)
    }
    const index = this.active.findIndex(
      (each) => each.loadBalancerId === loadBalancerId && each.fault === fault,
    )
    if (on && index < 0) {
      const begun =
        fault === 'member-down'
          ? this.stopMember(loadBalancerId)
          : this.breakOwner(loadBalancerId, fault)
      this.active.push({ loadBalancerId, fault, ...begun })
    } else if (!on && index >= 0) {
      const [gone] = this.active.splice(index, 1)
      gone?.mend()
    }
    this.publish()
  }

  /** To be called when load balancers come or go. */
  publish(): void {
    const { loadBalancers } = this.database
    for (let index = this.active.length - 1; index >= 0; index -= 1) {
      if (!loadBalancers.has(this.active[index]?.loadBalancerId ?? '')) this.active.splice(index, 1)
    }
    this.state.set({
      loadBalancers: [...loadBalancers.values()].map(({ id, name }) => ({
        id,
        name,
        faults: this.active
          .filter((each) => each.loadBalancerId === id)
          .map(({ fault, target }) => ({ fault, target })),
      })),
    })
  }

  private stopMember(loadBalancerId: string): { target: string; mend: () => void } {
    const { webServers } = this.pairs
    const member = this.database
      .poolsOf(loadBalancerId)
      .flatMap(({ id }): MemberRecord[] => this.database.membersOf(id))
      .at(0)
    if (!member) throw new AppError('conflict', 'This load balancer has no member.')
    webServers.turn(loadBalancerId, member.address, false)
    return {
      target: member.name || member.address,
      mend: () => webServers.turn(loadBalancerId, member.address, true),
    }
  }

  private breakOwner(
    loadBalancerId: string,
    fault: Exclude<DemoFault, 'member-down'>,
  ): { target: string; mend: () => void } {
    const machines = this.pairs.of(loadBalancerId)
    const owner =
      machines.find(({ namespace }) => namespace.holdsVip) ??
      machines.find(({ powered }) => powered)
    if (!owner) throw new AppError('conflict', 'This load balancer has no amphora to break.')
    return { target: owner.spec.amphoraId, mend: this.breakMachine(owner, fault) }
  }

  /** Answers how to mend it. */
  private breakMachine(machine: Machine, fault: Exclude<DemoFault, 'member-down'>): () => void {
    const { keepalived, haproxy } = machine
    const restart = () =>
      void machine.run(async () => {
        await keepalived.stop()
        await keepalived.start()
      })
    switch (fault) {
      case 'keepalived-stop':
        void machine.run(() => keepalived.stop())
        return restart
      case 'keepalived-kill':
        keepalived.kill()
        return restart
      case 'haproxy-stop':
        void machine.run(() => haproxy.stop())
        return () => void machine.run(() => haproxy.start())
      case 'link-down':
        machine.turnLink(false)
        return () => machine.turnLink(true)
      case 'priority-change': {
        const { priority } = machine.spec
        machine.prioritize(EDITED_PRIORITY)
        return () => machine.prioritize(priority)
      }
      case 'vrrp-block':
        this.pairs.wire.block(machine.spec.vrrpAddress, true)
        return () => this.pairs.wire.block(machine.spec.vrrpAddress, false)
      case 'amphora-off':
        machine.powerOff()
        return () => void machine.run(() => machine.boot())
    }
  }
}
