import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'
import type { Diagnosis } from '../../../preload/contract/finding'
import type { AmphoraFacts, InspectionPart } from '../../../preload/contract/inspect'
import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { LogLine, Pair } from '../../../preload/contract/pair'
import { delay } from '../../base/delay'
import { Live } from '../../base/live'
import { diagnose } from '../../domain/findings/diagnose'
import type {
  ComputeFacts,
  LoadBalancerFacts,
  NetworkFacts,
  SideFacts,
} from '../../domain/findings/facts'
import type { Amphorae } from '../amphorae'
import type { LoadBalancers } from '../loadBalancers'
import type { PairWatch } from '../pairs/pairWatch'
import { together } from '../pairs/together'
import { Trigger } from '../pairs/trigger'
import type { ComputeChecks } from '../surroundings/computeChecks'
import type { NetworkChecks } from '../surroundings/networkChecks'
import { lookTwice } from './counters'

/** Milliseconds between two looks at the same thing, while nothing happens. */
const API_MS = 15_000
const SURROUNDINGS_MS = 60_000
const INSPECTION_MS = 30_000
const AGENT_MS = 120_000
const COUNTERS_MS = 60_000
/** keepalived logs each look at its counters: not more often, whatever happens. */
const COUNTERS_AGAIN_MS = 5000
/** Milliseconds between two diagnoses while facts come in. */
const JUDGE_MS = 500
/** Milliseconds after which a diagnosis that says the same is told again, with its time. */
const SAME_AGAIN_MS = 5000
/** Lines of each log that are judged. */
const LINES = 1000

/** Quick to read, and what changes with a fault. The agent's part waits for heartbeats. */
const QUICK: readonly InspectionPart[] = ['namespace', 'services', 'files', 'haproxy', 'system']

export interface DiagnosisServices {
  loadBalancers: Pick<LoadBalancers, 'read'>
  amphorae: Pick<Amphorae, 'list'>
  network: Pick<NetworkChecks, 'read'>
  compute: Pick<ComputeChecks, 'read'>
  inspection: {
    read(
      cloud: string,
      loadBalancerId: string,
      amphoraId: string,
      parts: readonly InspectionPart[],
      signal: AbortSignal,
    ): Promise<AmphoraFacts>
  }
  /** What is compared is judged; without it drift is unknown. */
  comparisons?: {
    read(
      cloud: string,
      loadBalancerId: string,
      signal: AbortSignal,
    ): Promise<NonNullable<LoadBalancerFacts['comparisons']>>
  }
}

interface Known {
  detail: Fact<LoadBalancerDetail>
  amphorae: Fact<readonly Amphora[]>
  network?: NetworkFacts
  compute?: ComputeFacts
  comparisons?: LoadBalancerFacts['comparisons'] | undefined
}

/**
 * Gathers whatever the rules judge of one load balancer, for as long as it runs, and judges it after each change: the pair
 * live, its amphorae by inspection, the APIs around it.
 */
export class DiagnosisWatch {
  readonly diagnosis = new Live<Diagnosis | undefined>(undefined)
  private readonly known: Known = { detail: NOT_YET, amphorae: NOT_YET }
  private readonly inspections = new Map<string, AmphoraFacts>()
  private readonly counters = new Map<string, SideFacts['counters']>()
  private readonly triggers = { api: new Trigger(), sides: new Trigger(), counters: new Trigger() }
  private readonly dirty = new Trigger()
  private readonly first = new Map<string, PromiseWithResolvers>()
  private pair: Pair
  private told = ''

  constructor(
    private readonly services: DiagnosisServices,
    private readonly watch: PairWatch,
  ) {
    this.pair = watch.pair
    for (const name of ['api', 'sides', 'surroundings', 'counters'])
      this.first.set(name, withResolvers())
  }

  /** Resolves when everything has been looked at once, or could not be. */
  async complete(): Promise<void> {
    await Promise.all([...this.first.values()].map(({ promise }) => promise))
    this.judge()
  }

  /** Looks at everything anew. */
  refresh(): void {
    this.agentAt.clear()
    this.watch.refresh()
    for (const trigger of Object.values(this.triggers)) trigger.poke()
  }

  /** Ends when the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await together(signal, [
        (task) => this.followPair(task),
        (task) => this.repeat('api', API_MS, task, () => this.readApi(task)),
        (task) => this.repeat('sides', INSPECTION_MS, task, () => this.inspect(task)),
        (task) => this.readSurroundings(task),
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
          this.triggers.sides.poke()
          this.triggers.counters.poke()
        }
      } else if (item.kind === 'lines') {
        if (item.lines.some(({ meaning }) => meaning !== 'noise')) this.triggers.sides.poke()
      } else if (item.kind === 'events') {
        if (item.events.some(({ kind }) => kind === 'api')) {
          this.triggers.api.poke()
          this.triggers.sides.poke()
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
    const { pair, known } = this
    return {
      loadBalancerId: this.watch.loadBalancerId,
      now: Date.now(),
      detail: known.detail,
      amphorae: known.amphorae,
      sides: pair.sides.map((live) => this.sideFacts(live)),
      ownership: pair.ownership,
      ...(known.comparisons && { comparisons: known.comparisons }),
      network: known.network ?? UNKNOWN_NETWORK,
      compute: known.compute ?? UNKNOWN_COMPUTE,
    }
  }

  private sideFacts(live: Pair['sides'][number]): SideFacts {
    const { amphoraId, connection } = live
    const isLive = connection.state === 'live'
    const log = this.watch.side(amphoraId)?.log
    const inspection = this.inspections.get(amphoraId)
    const lines = log?.history.slice(-LINES) ?? []
    const gone = { unknown: connection.failure?.reason ?? 'notYet', at: connection.since } as const
    return {
      amphoraId,
      live,
      ...(inspection && isLive && { inspection }),
      lines:
        log?.state?.state === 'live' || log?.state?.state === 'resumed' || lines.length
          ? { value: inOrder(lines), at: Date.now() }
          : { unknown: log?.state?.failure?.reason ?? gone.unknown, at: Date.now() },
      counters: isLive ? (this.counters.get(amphoraId) ?? NOT_YET) : gone,
    }
  }

  private async readApi(signal: AbortSignal): Promise<void> {
    const { cloud, loadBalancerId } = this.watch
    const [detail, amphorae] = await Promise.all([
      fact(signal, this.services.loadBalancers.read(cloud, loadBalancerId, signal)),
      fact(signal, this.services.amphorae.list(cloud, loadBalancerId, signal)),
    ])
    this.known.detail = detail
    this.known.amphorae =
      'value' in amphorae ? { ...amphorae, value: amphorae.value.amphorae } : amphorae
  }

  private async readSurroundings(signal: AbortSignal): Promise<void> {
    const { cloud } = this.watch
    await this.first.get('api')?.promise
    await this.repeat('surroundings', SURROUNDINGS_MS, signal, async () => {
      const { detail, amphorae } = this.known
      if (!('value' in detail)) return
      const own = 'value' in amphorae ? amphorae.value : []
      const all = await fact(signal, this.services.amphorae.list(cloud, undefined, signal))
      const ids = 'value' in all ? new Set(all.value.amphorae.map(({ id }) => id)) : undefined
      const [network, compute] = await Promise.all([
        this.services.network.read(cloud, detail.value.loadBalancer, own, ids, signal),
        this.services.compute.read(cloud, own, ids, signal),
      ])
      this.known.network = network
      this.known.compute = compute
    })
  }

  private async inspect(signal: AbortSignal): Promise<void> {
    const { cloud, loadBalancerId } = this.watch
    await this.watch.until(isAnswered, FIRST_CONNECTION_MS, signal)
    const live = this.pair.sides.filter(({ connection }) => connection.state === 'live')
    await Promise.all(
      live.map(async ({ amphoraId }) => {
        const before = this.inspections.get(amphoraId)
        const read = (parts: readonly InspectionPart[]) =>
          this.services.inspection.read(cloud, loadBalancerId, amphoraId, parts, signal)
        const quick = await attempt(signal, read(QUICK))
        if (!quick) return
        this.inspections.set(amphoraId, { ...quick, agent: before?.agent ?? quick.agent })
        this.dirty.poke()
        const isOld = (this.agentAt.get(amphoraId) ?? -Infinity) < performance.now() - AGENT_MS
        if (isOld) {
          this.agentAt.set(amphoraId, performance.now())
          // It waits for heartbeats: nothing else waits for it.
          void attempt(signal, read(['agent'])).then((slow) => {
            const now = this.inspections.get(amphoraId)
            if (slow && now) this.inspections.set(amphoraId, { ...now, agent: slow.agent })
            this.dirty.poke()
          })
        }
      }),
    )
    // It connects by itself: where the operator has refused that, or it cannot be had, it would ask again and again.
    const all = live.length > 0 && live.length === this.pair.sides.length
    const comparing = all && this.services.comparisons?.read(cloud, loadBalancerId, signal)
    this.known.comparisons = comparing ? await attempt(signal, comparing) : undefined
  }

  private readonly agentAt = new Map<string, number>()

  private async readCounters(signal: AbortSignal): Promise<void> {
    await this.watch.until(isAnswered, FIRST_CONNECTION_MS, signal)
    await Promise.all(
      this.pair.sides.map(async ({ amphoraId, connection }) => {
        const side = this.watch.side(amphoraId)
        if (connection.state !== 'live' || !side) return
        this.counters.set(amphoraId, await lookTwice(side, signal))
      }),
    )
    await delay(COUNTERS_AGAIN_MS, signal)
  }

  /** Does the work at once, then again after a while or when its trigger is poked. */
  private async repeat(
    name: 'api' | 'sides' | 'surroundings' | 'counters',
    milliseconds: number,
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    const trigger = name === 'surroundings' ? new Trigger() : this.triggers[name]
    while (!signal.aborted) {
      await work()
      this.first.get(name)?.resolve()
      this.dirty.poke()
      await trigger.wait(milliseconds, signal)
    }
  }
}

/** How long the first connection to an amphora may take before it is judged without. */
const FIRST_CONNECTION_MS = 15_000

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

const inOrder = (lines: readonly LogLine[]): readonly LogLine[] =>
  lines.toSorted((one, other) => one.rawAt - other.rawAt)

const NOT_YET = { unknown: 'notYet' } as const
const UNKNOWN_NETWORK: NetworkFacts = {
  vipPort: NOT_YET,
  vrrpPorts: {},
  securityGroups: NOT_YET,
  orphans: NOT_YET,
  freeAddresses: NOT_YET,
}
const UNKNOWN_COMPUTE: ComputeFacts = { servers: {}, groupPolicies: NOT_YET, strays: NOT_YET }

/** An answer as a fact; why there is none, otherwise. */
async function fact<T extends { at: number }>(
  signal: AbortSignal,
  answer: Promise<T>,
): Promise<Fact<T>> {
  try {
    const value = await answer
    return { value, at: value.at }
  } catch (error) {
    if (signal.aborted) throw error
    return { unknown: AppError.from(error).reason ?? 'answer.malformed', at: Date.now() }
  }
}

/** The answer; undefined when there is none. */
async function attempt<T>(signal: AbortSignal, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

interface PromiseWithResolvers {
  promise: Promise<void>
  resolve: () => void
}

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => (resolve = settle))
  return { promise, resolve }
}
