import type { Diagnosis } from '../../../preload/contract/finding'
import type { Pair } from '../../../preload/contract/pair'
import { delay } from '../../base/delay'
import { Live } from '../../base/live'
import { unlessAborted } from '../../base/unlessAborted'
import { diagnose } from '../../domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../domain/findings/facts'
import type { Comparisons } from '../compare/comparisons'
import type { Inspection } from '../inspect/inspection'
import type { PairWatch } from '../pairs/pairWatch'
import { together } from '../pairs/together'
import { Trigger } from '../pairs/trigger'
import { AmphoraLooks, LINES } from './amphoraLooks'
import { attempt } from './answers'
import { ApiLooks, type ApiServices } from './apiLooks'

/** Milliseconds between two looks at the same thing, while nothing happens. */
const API_MS = 15_000
const SURROUNDINGS_MS = 60_000
const INSPECTION_MS = 30_000
const COUNTERS_MS = 60_000
/** Members come and go without a word in any log that is followed. */
const MEMBERS_MS = 8000
/** keepalived logs each look at its counters: not more often, whatever happens. */
const COUNTERS_AGAIN_MS = 5000
/** Milliseconds between two diagnoses while facts come in. */
const JUDGE_MS = 500
/** Milliseconds after which a diagnosis that says the same is told again, with its time. */
const SAME_AGAIN_MS = 5000
/** How long the first connection to an amphora may take before it is judged without. */
const FIRST_CONNECTION_MS = 15_000

export interface DiagnosisServices extends ApiServices {
  inspection: Pick<Inspection, 'read'>
  comparisons: Pick<Comparisons, 'of'>
}

type Look = 'api' | 'amphorae' | 'surroundings' | 'counters' | 'members'

/**
 * Gathers whatever the rules judge of one load balancer, for as long as it runs, and judges it after each change: the pair
 * live, its amphorae by inspection, the APIs around it.
 */
export class DiagnosisWatch {
  readonly diagnosis = new Live<Diagnosis | undefined>(undefined)
  private readonly api: ApiLooks
  private readonly amphorae: AmphoraLooks
  private comparisons: LoadBalancerFacts['comparisons']
  private readonly looks: Record<Look, { again: Trigger; first: Settled }> = {
    api: aLook(),
    amphorae: aLook(),
    surroundings: aLook(),
    counters: aLook(),
    members: aLook(),
  }
  private readonly dirty = new Trigger()
  private pair: Pair
  private told = ''

  constructor(
    private readonly services: DiagnosisServices,
    private readonly watch: PairWatch,
  ) {
    this.pair = watch.pair
    this.api = new ApiLooks(services, watch)
    this.amphorae = new AmphoraLooks(services.inspection, watch, () => this.dirty.poke())
  }

  /** Resolves when everything has been looked at once, or could not be. */
  async complete(): Promise<void> {
    await Promise.all(Object.values(this.looks).map(({ first }) => first.promise))
    this.judge()
  }

  /** Looks at everything anew. */
  refresh(): void {
    this.amphorae.refresh()
    this.watch.refresh()
    for (const { again } of Object.values(this.looks)) again.poke()
  }

  /** Ends when the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await together(signal, [
        (task) => this.followPair(task),
        (task) => this.repeat('api', API_MS, task, () => this.api.read(task)),
        (task) => this.repeat('amphorae', INSPECTION_MS, task, () => this.inspect(task)),
        (task) => this.readSurroundings(task),
        (task) => this.repeat('members', MEMBERS_MS, task, () => this.amphorae.readHaproxy(task)),
        (task) => this.repeat('counters', COUNTERS_MS, task, () => this.readCounters(task)),
        (task) => this.keepJudging(task),
      ])
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  private async followPair(signal: AbortSignal): Promise<void> {
    for await (const item of this.watch.follow(LINES, signal)) {
      if (item.kind === 'pair') {
        const before = this.pair
        this.pair = item.pair
        if (signature(before) !== signature(item.pair)) {
          this.looks.amphorae.again.poke()
          this.looks.counters.again.poke()
        }
      } else if (item.kind === 'lines') {
        if (item.lines.some(({ meaning }) => meaning !== 'noise')) this.looks.amphorae.again.poke()
      } else if (item.kind === 'events') {
        if (item.events.some(({ kind }) => kind === 'api')) {
          this.looks.api.again.poke()
          this.looks.amphorae.again.poke()
        }
      }
      this.dirty.poke()
    }
  }

  private async keepJudging(signal: AbortSignal): Promise<void> {
    const ended = () => signal.aborted
    while (!ended()) {
      await this.dirty.wait(INSPECTION_MS, signal)
      if (ended()) return
      this.judge()
      await delay(JUDGE_MS, signal)
    }
  }

  private judge(): void {
    const facts = this.facts()
    const loadBalancer = 'value' in facts.detail ? facts.detail.value.loadBalancer : undefined
    const inspected = facts.sides.some(({ inspection }) => inspection)
    const times = facts.sides.flatMap(({ inspection }) => (inspection ? [inspection.endedAt] : []))
    const judged = {
      loadBalancerId: facts.loadBalancerId,
      name: loadBalancer?.name ?? '',
      ...diagnose(facts),
      depth: inspected ? ('ssh' as const) : ('api' as const),
    }
    const at = Math.min(facts.now, 'value' in facts.detail ? facts.detail.at : facts.now, ...times)
    const signature = JSON.stringify(judged)
    const isOld = at - (this.diagnosis.value?.at ?? -Infinity) >= SAME_AGAIN_MS
    if (signature === this.told && !isOld) return
    this.told = signature
    this.diagnosis.set({ ...judged, at })
  }

  private facts(): LoadBalancerFacts {
    const { pair, comparisons } = this
    const { detail, amphorae, network, compute } = this.api
    return {
      loadBalancerId: this.watch.loadBalancerId,
      now: Date.now(),
      ...{ detail, amphorae, network, compute },
      sides: pair.sides.map((live) => this.amphorae.factsOf(live)),
      ownership: pair.ownership,
      ...(comparisons && { comparisons }),
    }
  }

  private async readSurroundings(signal: AbortSignal): Promise<void> {
    await unlessAborted(this.looks.api.first.promise, signal)
    await this.repeat('surroundings', SURROUNDINGS_MS, signal, () =>
      this.api.readSurroundings(signal),
    )
  }

  private async inspect(signal: AbortSignal): Promise<void> {
    await this.watch.until(isAnswered, FIRST_CONNECTION_MS, signal)
    await this.amphorae.inspect(signal)
    await unlessAborted(this.looks.api.first.promise, signal)
    const { detail, amphorae } = this.api
    const { inspected } = this.amphorae
    const read = { detail, amphorae, inspections: inspected }
    this.comparisons = inspected.size
      ? await attempt(signal, this.services.comparisons.of(this.watch.cloud, read, signal))
      : undefined
  }

  private async readCounters(signal: AbortSignal): Promise<void> {
    await this.watch.until(isAnswered, FIRST_CONNECTION_MS, signal)
    await this.amphorae.count(signal)
    await delay(COUNTERS_AGAIN_MS, signal)
  }

  /** Looks at once, then again after a while or when it is poked. */
  private async repeat(
    name: Look,
    milliseconds: number,
    signal: AbortSignal,
    look: () => Promise<void>,
  ): Promise<void> {
    const { again, first } = this.looks[name]
    while (!signal.aborted) {
      await look()
      first.resolve()
      this.dirty.poke()
      await again.wait(milliseconds, signal)
    }
  }
}

const isAnswered = (pair: Pair): boolean =>
  pair.sides.length > 0 && pair.sides.every(({ connection }) => connection.state !== 'connecting')

/** What of a pair calls for a closer look when it changes. */
const signature = ({ ownership, sides }: Pair): string =>
  JSON.stringify([
    ownership.kind,
    sides.map(({ amphoraId, connection, vrrp, keepalived, haproxy }) => [
      amphoraId,
      connection.state,
      'value' in vrrp ? vrrp.value : undefined,
      'value' in keepalived ? keepalived.value.active : undefined,
      'value' in haproxy ? haproxy.value.active : undefined,
    ]),
  ])

interface Settled {
  promise: Promise<void>
  resolve: () => void
}

function aLook(): { again: Trigger; first: Settled } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => (resolve = settle))
  return { again: new Trigger(), first: { promise, resolve } }
}
