import { EvidenceStore } from '../../main/services/evidence'
import { LogFollower } from '../../main/services/logFollower'
import { Pairs } from '../../main/services/pairs/pairs'
import type { Pair, PairEvent, PairItem } from '../../preload/contract/pair'
import { LB, ScriptedAmphora, ScriptedHosts, ScriptedSource } from './scriptedAmphora'

/** Two scripted amphorae, the first one holding the VIP, and the services that watch them. */
export function pairBench() {
  const a = new ScriptedAmphora('amphora-a', '10.0.0.11')
  const b = new ScriptedAmphora('amphora-b', '10.0.0.12')
  a.holdsVip = true
  a.vrrp = 'MASTER'
  const hosts = new ScriptedHosts([a, b])
  const api = new ScriptedSource([a, b])
  const evidence = new EvidenceStore()
  const logs = new LogFollower(hosts, { firstPauseMs: 50, longestPauseMs: 200, pollMs: 50 })
  const known = new Set(['amphora-a', 'amphora-b'])
  const hostKeys = { needsNoAnswer: (_: string, id: string) => Promise.resolve(known.has(id)) }
  const source = { loadBalancer: () => api.loadBalancer(), amphorae: () => api.list() }
  const pairs = new Pairs({ hosts, hostKeys, evidence, logs, source }, 20)
  return { a, b, hosts, known, api, evidence, pairs }
}

/** A follower that remembers what it was told. */
export class Follower {
  readonly items: PairItem[] = []
  readonly pairs: Pair[] = []
  private readonly stop = new AbortController()
  private readonly done: Promise<void>

  constructor(pairs: Pairs, lines = 10) {
    this.done = this.read(pairs.follow('cloud', LB, lines, this.stop.signal))
  }

  get pair(): Pair | undefined {
    return this.pairs.at(-1)
  }

  get events(): PairEvent[] {
    return this.items.flatMap((item) => (item.kind === 'events' ? item.events : []))
  }

  get texts(): string[] {
    return this.items.flatMap((item) =>
      item.kind === 'lines' ? item.lines.map(({ text }) => text) : [],
    )
  }

  /** Waits until the newest state is as wanted. */
  async until(wanted: (pair: Pair) => boolean): Promise<Pair> {
    await until(() => this.pair !== undefined && wanted(this.pair))
    return this.pair!
  }

  async leave(): Promise<void> {
    this.stop.abort()
    await this.done
  }

  private async read(items: AsyncIterable<PairItem>): Promise<void> {
    for await (const item of items) {
      this.items.push(item)
      if (item.kind === 'pair') this.pairs.push(item.pair)
    }
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

export const side = (pair: Pair, amphoraId: string) =>
  pair.sides.find((each) => each.amphoraId === amphoraId)!
