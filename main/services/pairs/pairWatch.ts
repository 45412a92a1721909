import { AppError, type Failure } from '../../../preload/contract/error'
import type { Amphora, LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { LogLine, Pair, PairEvent, PairItem } from '../../../preload/contract/pair'
import { composePair, vipsOf } from './composePair'
import { Mailbox } from './mailbox'
import { SideWatch, type SideServices } from './sideWatch'
import type { PairSource } from './source'
import { Trigger } from './trigger'

/** Milliseconds between two questions to the API: while all is steady, and while something changes. */
const STEADY_MS = 15_000
const CHANGING_MS = 3000
const LONGEST_MS = 120_000
/** Events that a new follower is told, so that it knows how the pair came to be as it is. */
const REMEMBERED_EVENTS = 500

export interface PairServices extends SideServices {
  source: PairSource
}

/** Everything that is watched of one pair, for all who follow it. */
export class PairWatch {
  private readonly sides = new Map<string, { watch: SideWatch; stop: AbortController }>()
  private readonly followers = new Set<Mailbox>()
  private readonly poll = new Trigger()
  private readonly changes = new Set<() => void>()
  private readonly ended = new AbortController()
  private readonly work = new Set<Promise<void>>()
  private events: PairEvent[] = []
  private vips: readonly string[] = []
  private failure: Failure | undefined
  private api: LoadBalancer | undefined
  private lines = 0
  private attending = 0
  private asked = false
  private publishing = false
  private current: Pair

  constructor(
    private readonly services: PairServices,
    readonly cloud: string,
    readonly loadBalancerId: string,
  ) {
    this.current = this.compose()
    this.keep(this.askApi())
  }

  /** What is known now. */
  get pair(): Pair {
    return this.current
  }

  /** The load balancer as the API told it last. */
  get loadBalancer(): LoadBalancer | undefined {
    return this.api
  }

  side(amphoraId: string): SideWatch | undefined {
    return this.sides.get(amphoraId)?.watch
  }

  /** The other amphora of the pair; undefined when there is none, or more than one. */
  peerOf(amphoraId: string): SideWatch | undefined {
    const others = [...this.sides.values()].filter(({ watch }) => watch.amphora.id !== amphoraId)
    return others.length === 1 ? others[0]?.watch : undefined
  }

  /** The pair and each change of it, the logs' last lines and each new one, events; until the signal is aborted. */
  async *follow(lines: number, signal: AbortSignal): AsyncGenerator<PairItem, void> {
    const mailbox = new Mailbox()
    mailbox.putPair(this.current)
    for (const event of this.events) mailbox.putEvent(event)
    for (const { watch } of this.sides.values()) {
      const { state, history } = watch.log
      if (state) mailbox.putLog(state)
      mailbox.putLines(lines === 0 ? [] : history.slice(-lines))
    }
    this.followers.add(mailbox)
    this.lines = Math.max(this.lines, lines)
    for (const { watch } of this.sides.values()) watch.log.want(this.lines)
    try {
      yield* mailbox.items(signal)
    } finally {
      this.followers.delete(mailbox)
    }
  }

  /** Asks the API and both sides anew, and connects at once where that waits. */
  refresh(): void {
    this.poll.poke()
    for (const { watch } of this.sides.values()) watch.refresh()
  }

  /**
   * Lets it ask the operator for host keys that were never accepted, until the answer is called. While nobody attends, an
   * amphora with such a key is not connected to.
   */
  attend(): () => void {
    this.attending += 1
    if (this.attending === 1)
      for (const { watch } of this.sides.values())
        if (watch.side.connection.failure?.reason === 'ssh.hostKeyUnknown') watch.refresh()
    let isHere = true
    return () => {
      if (isHere) this.attending -= 1
      isHere = false
    }
  }

  /** Tells everybody of something that the console did. */
  note(event: PairEvent): void {
    this.tell(event)
  }

  /** Waits until the pair is as wanted, or for so long at most. Answers whether it is. */
  async until(
    wanted: (pair: Pair) => boolean,
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const limit = Date.now() + milliseconds
    const changed = new Trigger()
    const listener = () => changed.poke()
    this.changes.add(listener)
    try {
      for (;;) {
        if (wanted(this.current)) return true
        const left = limit - Date.now()
        if (left <= 0 || signal.aborted || this.ended.signal.aborted) return false
        await changed.wait(left, signal)
      }
    } finally {
      this.changes.delete(listener)
    }
  }

  /** Ends everything; returns when nothing runs any more. */
  async stop(): Promise<void> {
    this.ended.abort()
    for (const { stop } of this.sides.values()) stop.abort()
    await Promise.all(this.work)
  }

  private async askApi(): Promise<void> {
    const { signal } = this.ended
    const { cloud, loadBalancerId } = this
    let failures = 0
    while (!signal.aborted) {
      try {
        const [loadBalancer, amphorae] = await Promise.all([
          this.services.source.loadBalancer(cloud, loadBalancerId, signal),
          this.services.source.amphorae(cloud, loadBalancerId, signal),
        ])
        failures = 0
        this.failure = undefined
        this.learn(loadBalancer)
        this.adopt(amphorae)
      } catch (error) {
        if (this.stopped()) return
        failures += 1
        this.failure = AppError.from(error).toFailure()
      }
      this.asked = true
      this.publish()
      const pause = this.isSteady() ? STEADY_MS : CHANGING_MS
      await this.poll.wait(Math.min(LONGEST_MS, failures ? STEADY_MS * failures : pause), signal)
    }
  }

  private stopped(): boolean {
    return this.ended.signal.aborted
  }

  /** A rebuild or a lost side: a replacement may appear at any moment. */
  private isSteady(): boolean {
    const pending = this.api?.provisioningStatus.startsWith('PENDING') ?? false
    return (
      !pending &&
      [...this.sides.values()].every(({ watch }) => watch.side.connection.state === 'live')
    )
  }

  private learn(loadBalancer: LoadBalancer): void {
    const { provisioningStatus, operatingStatus } = loadBalancer
    const before = this.api
    this.api = loadBalancer
    this.vips = vipsOf(loadBalancer)
    if (
      before?.provisioningStatus !== provisioningStatus ||
      before.operatingStatus !== operatingStatus
    ) {
      this.tell({ kind: 'api', provisioningStatus, operatingStatus, at: Date.now(), errorMs: 0 })
    }
  }

  private adopt(amphorae: readonly Amphora[]): void {
    const present = amphorae.filter(({ status }) => status !== 'DELETED')
    for (const [id, { stop }] of this.sides) {
      if (present.some((amphora) => amphora.id === id)) continue
      stop.abort()
      this.sides.delete(id)
    }
    for (const amphora of present) {
      const known = this.sides.get(amphora.id)
      if (known) known.watch.adopt(amphora)
      else this.begin(amphora)
    }
  }

  private begin(amphora: Amphora): void {
    const stop = new AbortController()
    const watch = new SideWatch(
      this.services,
      {
        cloud: this.cloud,
        loadBalancerId: this.loadBalancerId,
        mayAsk: () => this.attending > 0,
      },
      amphora,
      () => this.vips,
      {
        changed: () => this.publish(),
        event: (event) => this.tell(event),
        lines: (lines) => this.tellLines(lines),
        log: (item) => {
          for (const follower of this.followers) follower.putLog(item)
        },
      },
    )
    watch.log.want(this.lines)
    this.sides.set(amphora.id, { watch, stop })
    this.keep(watch.run(stop.signal))
  }

  private keep(work: Promise<void>): void {
    const done = work.catch(() => undefined).then(() => void this.work.delete(done))
    this.work.add(done)
  }

  private tell(event: PairEvent): void {
    this.events = [...this.events.slice(1 - REMEMBERED_EVENTS), event]
    for (const follower of this.followers) follower.putEvent(event)
    if (event.kind !== 'vipGained') return
    for (const { watch } of this.sides.values()) {
      if (watch.amphora.id !== event.amphoraId) watch.doubt(event.address)
    }
  }

  private tellLines(lines: readonly LogLine[]): void {
    for (const follower of this.followers) follower.putLines(lines)
  }

  /** Many facts change at once; one state is told for all of them. */
  private publish(): void {
    if (this.publishing) return
    this.publishing = true
    queueMicrotask(() => {
      this.publishing = false
      this.current = this.compose()
      for (const follower of this.followers) follower.putPair(this.current)
      for (const listener of this.changes) listener()
    })
  }

  private compose(): Pair {
    const { loadBalancerId, vips, failure } = this
    const watches = Array.from(this.sides.values(), ({ watch }) => watch)
    return composePair({ loadBalancerId, vips, failure }, watches, Date.now())
  }
}
