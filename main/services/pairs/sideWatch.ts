import { AppError, type Reason } from '../../../preload/contract/error'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import type { LogLine, PairEvent, PairSide } from '../../../preload/contract/pair'
import type { AmphoraHosts } from '../amphoraHosts'
import type { EvidenceStore } from '../evidence'
import type { HostKeys } from '../hostKeys'
import type { LogFollower, LogItem } from '../logFollower'
import { AddressWatch, type HeldVips } from './addressWatch'
import { Ask } from './ask'
import { firstPulse, keepPulse, SideClock } from './clockWatch'
import { DumpReader, type DumpReading } from './dump'
import { notKnown } from '../../domain/fact'
import { allUnknown, type SideFacts } from './facts'
import { LogWatch } from './logWatch'
import { watchState } from './stateWatch'
import { together } from './together'
import { Trigger } from './trigger'
import { UnitReader } from './units'

const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000
/** The longest a timer can be set for: until somebody asks. */
const FOR_EVER_MS = 2 ** 31 - 1
/** Trying again changes nothing, and would ask the operator again and again: only a refresh does. */
const HOPELESS: readonly (Reason | undefined)[] = [
  ...(['ssh.authentication', 'ssh.hostKeyChanged', 'ssh.hostKeyRefused', 'ssh.keyFile'] as const),
  ...(['ssh.passphrase', 'ssh.agent', 'ssh.configFile', 'ssh.hostKeyUnknown'] as const),
]

export interface SideServices {
  hosts: AmphoraHosts
  hostKeys: Pick<HostKeys, 'needsNoAnswer'>
  evidence: EvidenceStore
  logs: Pick<LogFollower, 'follow'>
}

export interface SideListener {
  changed(): void
  event(event: PairEvent): void
  lines(lines: readonly LogLine[]): void
  log(item: Extract<LogItem, { kind: 'log' }>): void
}

/** Watches one amphora of a pair over SSH, for as long as it runs; connects again by itself when the connection is lost. */
export class SideWatch {
  readonly log: LogWatch
  /** Since when the VIP is, or is not, on the interface, by our clock; absent when that was not seen. */
  ownedSince: number | undefined
  /** Every unit of haproxy there: one, or one for each listener up to Stein. Empty while not known. */
  haproxyUnits: readonly string[] = []
  private readonly clock = new SideClock()
  private readonly retry = new Trigger()
  private readonly state = new Trigger()
  private readonly beat = new Trigger()
  private readonly firstLive = new Trigger()
  private addresses: AddressWatch | undefined
  private dumps: DumpReader | undefined
  private held: HeldVips | undefined
  private isWatched = false
  private current: PairSide

  constructor(
    private readonly services: SideServices,
    private readonly pair: { cloud: string; loadBalancerId: string; mayAsk: () => boolean },
    public amphora: Amphora,
    private readonly vips: () => readonly string[],
    private readonly listener: SideListener,
  ) {
    this.current = {
      ...described(amphora),
      connection: { state: 'connecting', since: Date.now() },
      ...allUnknown('notYet'),
    }
    this.log = new LogWatch(services.logs, this.clock, {
      lines: (lines) => listener.lines(lines),
      log: (item) => listener.log(item),
      event: (event) => listener.event(event),
      transition: () => this.state.poke(),
    })
  }

  /** What is known now. */
  get side(): PairSide {
    return this.current
  }

  /** Takes over what the API says now. */
  adopt(amphora: Amphora): void {
    const moved = amphora.managementAddress !== this.amphora.managementAddress
    this.amphora = amphora
    this.set(described(amphora))
    if (moved) this.retry.poke()
  }

  /** Asks everything anew, and connects at once where that waits. */
  refresh(): void {
    this.retry.poke()
    this.state.poke()
    this.beat.poke()
    this.log.retry()
    this.addresses?.reread()
  }

  /** The other side got a VIP that this one was known to hold: until the kernel answers, nobody knows. */
  doubt(address: string): void {
    const { vips } = this.current
    if (!('value' in vips) || !vips.value.includes(address)) return
    this.set({ vips: notKnown('stale', vips.at, vips.evidence) })
    this.addresses?.reread()
    this.beat.poke()
  }

  /** Asks keepalived now, beside the regular readings. @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
  readDump(signal: AbortSignal): Promise<DumpReading> {
    return this.dumps
      ? this.dumps.read(signal)
      : Promise.reject(AppError.because('ssh.lost', 'Not connected.'))
  }

  /** Ends when the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const address = () => this.address
    try {
      await together(signal, [
        (task) => this.stayConnected(task),
        async (task) => {
          // Only once connected: an unknown host key would be asked for twice.
          await this.firstLive.wait(FOR_EVER_MS, task)
          if (!task.aborted) await this.log.run(this.pair.cloud, address, task)
        },
      ])
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  private async stayConnected(signal: AbortSignal): Promise<void> {
    const ended = () => signal.aborted
    let wait = FIRST_RETRY_MS
    while (!ended()) {
      let live = false
      try {
        await this.connectAndWatch(signal, () => {
          live = true
          wait = FIRST_RETRY_MS
        })
      } catch (error) {
        if (ended()) return
        const failure = AppError.from(error)
        const pause = HOPELESS.includes(failure.reason) ? FOR_EVER_MS : wait
        this.disconnected(failure, live, pause)
        await this.retry.wait(pause, signal)
        wait = Math.min(LAST_RETRY_MS, wait * 2)
      }
    }
  }

  private get address() {
    const { id: amphoraId, managementAddress } = this.amphora
    return managementAddress === undefined ? undefined : { amphoraId, managementAddress }
  }

  private async connectAndWatch(signal: AbortSignal, onLive: () => void): Promise<void> {
    const { id } = this.amphora
    const { address, sink, clock, services } = this
    if (!address) throw AppError.because('ssh.noAddress', id)
    const { state, since, failure } = this.current.connection
    this.set({ connection: { state, since, ...(failure && { failure }) } })

    if (!this.pair.mayAsk() && !(await services.hostKeys.needsNoAnswer(this.pair.cloud, id)))
      throw AppError.because('ssh.hostKeyUnknown', id, { values: { subject: id } })
    const ask = new Ask(
      await services.hosts.connect(this.pair.cloud, address, signal),
      id,
      services.evidence,
    )
    // The first round trip proves that the connection lives, and dates all that follows.
    await firstPulse(ask, clock, sink, signal)
    onLive()
    const dumps = new DumpReader(ask, this.pair.loadBalancerId.replaceAll('-', ''))
    const units = new UnitReader(ask, clock)
    const addresses = new AddressWatch(ask, id, this.vips, clock, sink, this.held)
    this.dumps = dumps
    this.addresses = addresses
    this.set({ connection: { state: 'live', since: Date.now() } })
    this.firstLive.poke()
    try {
      await together(signal, [
        (task) => keepPulse(ask, clock, sink, this.beat, task),
        (task) => addresses.run(task),
        (task) => watchState({ amphoraId: id, units, dumps, clock }, sink, this.state, task),
      ])
    } finally {
      this.held = addresses.held
      this.dumps = undefined
      this.addresses = undefined
    }
  }

  private disconnected(failure: AppError, wasLive: boolean, pause: number): void {
    const now = Date.now()
    const { state, since } = this.current.connection
    const lost = wasLive || state === 'lost'
    this.watched(false)
    this.ownedSince = undefined
    this.haproxyUnits = []
    this.set({
      ...allUnknown(failure.reason ?? 'ssh.lost', now),
      connection: {
        state: lost ? 'lost' : 'failed',
        since: wasLive || state === 'connecting' ? now : since,
        failure: failure.toFailure(),
        ...(pause !== FOR_EVER_MS && { retryAt: now + pause }),
      },
    })
  }

  private readonly sink = {
    clock: (clock: SideFacts['clock']) => this.set({ clock }),
    vips: (vips: SideFacts['vips']) => {
      this.watched('value' in vips)
      this.set({ vips })
    },
    facts: (facts: Partial<SideFacts>) => this.set(facts),
    haproxyUnits: (names: readonly string[]) => {
      this.haproxyUnits = names
    },
    event: (event: PairEvent) => {
      if (event.kind === 'vipGained' || event.kind === 'vipLost') {
        if (event.address === this.vips()[0]) this.ownedSince = event.at
        this.state.poke()
      }
      this.listener.event(event)
    },
    standing: (event: PairEvent) => this.listener.event(event),
    silent: () => {
      this.watched(false)
      const { vips } = this.current
      if ('value' in vips) this.set({ vips: notKnown('ssh.timeout', vips.at, vips.evidence) })
    },
    answered: () => {
      if (!this.isWatched) this.addresses?.introduceAgain()
    },
  }

  /** Whether the kernel of this side tells us what it does. */
  private watched(live: boolean): void {
    if (this.isWatched === live) return
    this.isWatched = live
    const amphoraId = this.amphora.id
    this.listener.event({ kind: 'watch', amphoraId, live, at: Date.now(), errorMs: 0 })
  }

  private set(change: Partial<PairSide>): void {
    this.current = { ...this.current, ...change }
    this.listener.changed()
  }
}

/** What the API says of an amphora. */
export const described = ({ id, role, managementAddress }: Amphora) => ({
  amphoraId: id,
  ...(role !== undefined && { role }),
  ...(managementAddress !== undefined && { managementAddress }),
})
