import type { Clock } from '../clock'
import type { Advert } from './wire'

export type VrrpState = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT'

/** What an instance is configured with; times in milliseconds. */
export interface VrrpSettings {
  instance: string
  priority: number
  /** `state MASTER` clears nopreempt in keepalived 2.x. */
  preempts: boolean
  advertMs: number
}

/** What an instance does to its machine. */
export interface VrrpEffects {
  log: (message: string, at?: number) => void
  advertise: (priority: number) => void
  /** Adds the VIP with its rule and routes to the interface, or takes it away. */
  holdVip: (on: boolean) => void
  /** Gratuitous ARP. */
  announce: () => void
}

const GARP_REFRESH_MS = 5000
/** Least significant part of RFC 3768's skew. */
const skew = (priority: number): number => ((256 - priority) / 256) * 1000

/** One VRRP instance of keepalived 2.2.7: the same transitions, timers and words. */
export class Vrrp {
  state: VrrpState = 'INIT'
  wanted: VrrpState = 'INIT'
  lastTransition: number
  /** Of the master whose adverts arrive. */
  master: { address: string; priority: number } | undefined
  downAt: number | undefined
  readonly faults = new Set<'script' | 'link'>()
  readonly counters = {
    received: 0,
    sent: 0,
    becameMaster: 0,
    releasedMaster: 0,
    zeroReceived: 0,
    zeroSent: 0,
  }
  private cancelTimer: () => void = () => undefined
  private cancelRefresh: () => void = () => undefined

  constructor(
    private readonly clock: Clock,
    readonly settings: VrrpSettings,
    private readonly effects: VrrpEffects,
  ) {
    this.lastTransition = clock.now()
  }

  /** Continues as if it had been in this state since then. */
  restore(state: 'MASTER' | 'BACKUP', since: number, master?: Vrrp['master']): void {
    const seconds = Math.floor((this.clock.now() - since) / 1000)
    if (state === 'MASTER') {
      this.counters.sent = seconds
      this.counters.becameMaster = 1
      this.become('MASTER')
      this.effects.holdVip(true)
      this.beMaster()
    } else {
      this.counters.received = seconds
      this.become('BACKUP')
      this.master = master
      this.waitForMaster(this.masterDownMs)
    }
    this.lastTransition = since
  }

  /** The tracked script's verdict, once its rise or fall count is reached; the first one starts the instance. */
  scriptTurned(good: boolean): void {
    if (good) this.mend('script')
    else if (this.state === 'INIT') this.faults.add('script')
    else this.fault('script')
  }

  linkTurned(up: boolean): void {
    this.effects.log(`Netlink reports eth1 ${up ? 'up' : 'down'}`)
    if (up) this.mend('link')
    else this.fault('link')
  }

  receive({ from, priority }: Advert): void {
    if (this.state !== 'BACKUP' && this.state !== 'MASTER') return
    this.counters.received += 1
    if (priority === 0) this.counters.zeroReceived += 1
    const { preempts, priority: ours } = this.settings
    if (this.state === 'MASTER') {
      if (priority === 0) {
        this.advertise()
      } else if (priority > ours) {
        this.tell(
          `Master received advert from ${from} with higher priority ${priority}, ours ${ours}`,
        )
        this.master = { address: from, priority }
        this.step('BACKUP')
      } else if (priority < ours) {
        this.tell(
          `Received advert from ${from} with lower priority ${priority}, ours ${ours}, forcing new election`,
        )
        this.advertise()
        this.effects.announce()
      }
    } else if (priority === 0) {
      this.waitForMaster(skew(ours))
    } else if (priority >= ours || !preempts) {
      this.master = { address: from, priority }
      this.waitForMaster(this.masterDownMs)
    } else {
      this.tell(`received lower priority (${priority}) advert from ${from} - discarding`)
    }
  }

  /** The process ends in good order: resigns with priority 0. */
  resign(): void {
    this.halt()
    if (this.state !== 'MASTER') return
    this.counters.zeroSent += 1
    this.effects.advertise(0)
    this.effects.holdVip(false)
  }

  /** The process is gone. */
  halt(): void {
    this.cancelTimer()
    this.cancelRefresh()
  }

  /** After three adverts and the skew without a word, the master counts as gone. */
  get masterDownMs(): number {
    return 3 * this.settings.advertMs + skew(this.settings.priority)
  }

  private fault(reason: 'script' | 'link'): void {
    this.faults.add(reason)
    if (this.state === 'FAULT') return
    const wasMaster = this.state === 'MASTER'
    this.halt()
    this.tell('Entering FAULT STATE')
    this.become('FAULT')
    if (!wasMaster) return
    this.counters.releasedMaster += 1
    this.counters.zeroSent += 1
    this.effects.advertise(0)
    this.effects.holdVip(false)
  }

  private mend(reason: 'script' | 'link'): void {
    this.faults.delete(reason)
    if (this.faults.size || this.state === 'BACKUP' || this.state === 'MASTER') return
    this.step('BACKUP')
  }

  private step(next: 'BACKUP' | 'MASTER'): void {
    this.halt()
    this.tell(`Entering ${next} STATE`)
    const wasMaster = this.state === 'MASTER'
    this.become(next)
    if (next === 'MASTER') {
      this.counters.becameMaster += 1
      this.effects.holdVip(true)
      this.effects.announce()
      this.advertise()
      this.beMaster()
      return
    }
    if (wasMaster) {
      this.counters.releasedMaster += 1
      this.effects.holdVip(false)
    }
    this.waitForMaster(this.masterDownMs)
  }

  private become(state: VrrpState): void {
    this.state = state
    this.wanted = state
    this.lastTransition = this.clock.now()
    if (state === 'MASTER') this.master = undefined
  }

  private beMaster(): void {
    this.downAt = undefined
    this.cancelTimer = this.clock.every(this.settings.advertMs, () => this.advertise())
    this.cancelRefresh = this.clock.every(GARP_REFRESH_MS, () => this.effects.announce())
    this.effects.announce()
  }

  private waitForMaster(milliseconds: number): void {
    this.cancelTimer()
    this.downAt = this.clock.now() + milliseconds
    this.cancelTimer = this.clock.after(milliseconds, () => this.step('MASTER'))
  }

  private advertise(): void {
    this.counters.sent += 1
    this.effects.advertise(this.settings.priority)
  }

  private tell(message: string): void {
    this.effects.log(`(${this.settings.instance}) ${message}`)
  }
}
