import { AppError } from '../../../preload/contract/error'
import type {
  Episode,
  MonitorItem,
  Pair,
  PairItem,
  ProbeSample,
  ProbeSettings,
} from '../../../preload/contract/pair'
import { delay } from '../../base/delay'
import { adoptAmphorae } from '../../domain/vrrp/adoptAmphorae'
import {
  initialEpisodes,
  step,
  type EpisodeInput,
  type EpisodeState,
} from '../../domain/vrrp/episodes'
import type { PairWatch } from '../pairs/pairWatch'
import { together } from '../pairs/together'
import { OVERRUN } from '../probe/attempt'
import type { Prober } from '../probe/prober'
import { Balance } from './balance'
import { MonitorMailbox } from './monitorMailbox'

/** How often time passes for the reducer when nothing else happens, in milliseconds. */
const TICK_MS = 250
/** How late an event or a sample may come without a long probe timeout. */
const HOLD_BACK_MS = 2000
/** What a probe may take beyond its timeout until its sample is here. */
const DELIVERY_MS = 500
/** Samples that a new follower is given, so that its picture does not start empty. */
const REMEMBERED_SAMPLES = 6000
const REMEMBERED_EPISODES = 50
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000

export interface MonitorParts {
  prober: Prober
  /** Called for every episode that began, ended, or was corrected after its end. */
  keep: (episode: Episode) => void
}

/** One monitor of one pair: its probe and the episodes of both, for all who follow it. */
export class MonitorRun {
  private readonly ended = new AbortController()
  private readonly followers = new Set<MonitorMailbox>()
  private readonly balance = new Balance()
  private readonly episodes = new Map<string, Episode>()
  private samples: ProbeSample[] = []
  private probeState: Extract<MonitorItem, { kind: 'probeState' }> | undefined
  private state: EpisodeState
  private readonly work: Promise<void>

  constructor(
    private readonly parts: MonitorParts,
    private readonly watch: PairWatch,
    private readonly settings: ProbeSettings | undefined,
  ) {
    this.state = initialEpisodes({
      amphoraIds: idsOf(watch.pair),
      session: crypto.randomUUID(),
      holdBackMs: Math.max(HOLD_BACK_MS, (settings?.timeoutMs ?? 0) + DELIVERY_MS),
    })
    this.work = together(this.ended.signal, [
      (signal) => this.readPair(signal),
      (signal) => this.tick(signal),
      (signal) => this.keepProbing(signal),
    ]).catch(() => undefined)
  }

  /** Ids of episodes that have not ended. */
  get open(): string[] {
    return [...this.episodes.values()].flatMap(({ id, endedAt }) =>
      endedAt === undefined ? [id] : [],
    )
  }

  /** Probe, balance and episodes: first what there was lately, then what comes, until the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<MonitorItem, void> {
    const mailbox = new MonitorMailbox()
    if (this.probeState) mailbox.putState(this.probeState)
    if (this.samples.length) {
      mailbox.putSamples(this.samples)
      mailbox.putBalance(this.balance.item)
    }
    for (const episode of this.episodes.values()) mailbox.putEpisode(episode)
    this.followers.add(mailbox)
    try {
      yield* mailbox.items(signal)
    } finally {
      this.followers.delete(mailbox)
    }
  }

  /** Returns when nothing runs any more. */
  async stop(): Promise<void> {
    this.ended.abort()
    await this.work
  }

  private async readPair(signal: AbortSignal): Promise<void> {
    for await (const item of this.watch.follow(0, signal)) this.take(item)
  }

  private take(item: PairItem): void {
    if (item.kind === 'pair') {
      const ids = idsOf(item.pair)
      if (ids.join() !== this.state.setup.amphoraIds.join()) {
        this.state = adoptAmphorae(this.state, ids)
      }
    } else if (item.kind === 'events') {
      for (const event of item.events) this.feed({ kind: 'event', event })
    }
  }

  private async tick(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.feed({ kind: 'tick', now: Date.now() })
      await delay(TICK_MS, signal)
    }
  }

  private feed(input: EpisodeInput): void {
    const { state, changed } = step(this.state, input)
    this.state = state
    for (const episode of changed) {
      const before = this.episodes.get(episode.id)
      this.episodes.set(episode.id, episode)
      const [oldest] = this.episodes.keys()
      if (this.episodes.size > REMEMBERED_EPISODES && oldest) this.episodes.delete(oldest)
      for (const follower of this.followers) follower.putEpisode(episode)
      if (!before || episode.endedAt !== undefined) this.parts.keep(episode)
    }
  }

  private async keepProbing(signal: AbortSignal): Promise<void> {
    const { settings } = this
    const ended = () => signal.aborted
    if (!settings) return
    let next = 0
    let wait = FIRST_RETRY_MS
    while (!ended()) {
      try {
        const address = await this.vip(signal)
        if (address === undefined) return
        const order = { cloud: this.watch.cloud, address, settings, firstSequence: next }
        for await (const samples of this.parts.prober.probe(order, signal)) {
          if (this.probeState?.state !== 'running')
            this.tellState({ kind: 'probeState', state: 'running', at: Date.now() })
          wait = FIRST_RETRY_MS
          next = (samples.at(-1)?.sequence ?? next - 1) + 1
          this.takeSamples(samples)
        }
      } catch (error) {
        if (ended()) return
        const failure = AppError.from(error).toFailure()
        this.tellState({ kind: 'probeState', state: 'failed', at: Date.now(), failure })
        await delay(wait, signal)
        wait = Math.min(LAST_RETRY_MS, wait * 2)
      }
    }
  }

  /** The API may need its time to tell the VIP. */
  private async vip(signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      const known = await this.watch.until(({ vips }) => vips.length > 0, 60_000, signal)
      if (known) return this.watch.pair.vips[0]
      if (signal.aborted) return undefined
    }
  }

  private takeSamples(samples: readonly ProbeSample[]): void {
    this.samples = [...this.samples, ...samples].slice(-REMEMBERED_SAMPLES)
    this.balance.add(samples)
    const { item } = this.balance
    for (const follower of this.followers) {
      follower.putSamples(samples)
      follower.putBalance(item)
    }
    for (const sample of samples) {
      if (sample.error !== OVERRUN) this.feed({ kind: 'probe', sample })
    }
  }

  private tellState(state: Extract<MonitorItem, { kind: 'probeState' }>): void {
    this.probeState = state
    for (const follower of this.followers) follower.putState(state)
  }
}

/** Without a role it is still being built, and holds no VIP. */
const idsOf = (pair: Pair): string[] =>
  pair.sides
    .filter(({ role, vips }) => role !== undefined || 'value' in vips)
    .map(({ amphoraId }) => amphoraId)
