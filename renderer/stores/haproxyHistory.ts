import type { HaproxyRow } from '../../preload/contract/inspect'

/** How fast something went between two readings; undefined where a counter began anew. */
export interface HaproxyRate {
  at: number
  /** Sessions per second; for an HTTP frontend its requests. */
  sessions: number | undefined
  /** Octets per second, from clients and to them. */
  received: number | undefined
  sent: number | undefined
}

/** Names a row of `show stat` for as long as haproxy lives. */
export const rowKey = ({ proxy, name }: Pick<HaproxyRow, 'proxy' | 'name'>): string =>
  `${proxy}/${name}`

interface Counters {
  at: number
  sessions: number
  received: number
  sent: number
}

/** Rates of every row of `show stat` over the last readings, from its counters. Bounded. */
export class HaproxyHistory {
  private readonly last = new Map<string, Counters>()
  private readonly rates = new Map<string, HaproxyRate[]>()

  /** @param limit how many rates of each row are kept */
  constructor(private readonly limit = 120) {}

  /** Takes a reading. Rows that are gone are forgotten. `at` in milliseconds, ascending. */
  add(at: number, rows: readonly HaproxyRow[]): void {
    const seen = new Set<string>()
    for (const row of rows) {
      const key = rowKey(row)
      seen.add(key)
      const now = countersOf(at, row)
      const before = this.last.get(key)
      this.last.set(key, now)
      if (before && at > before.at) this.append(key, rateOf(before, now))
    }
    for (const key of [...this.last.keys()].filter((one) => !seen.has(one))) {
      this.last.delete(key)
      this.rates.delete(key)
    }
  }

  /** The rates of a row, oldest first. */
  of(key: string): readonly HaproxyRate[] {
    return this.rates.get(key) ?? []
  }

  private append(key: string, rate: HaproxyRate): void {
    const before = this.rates.get(key) ?? []
    this.rates.set(key, [...before, rate].slice(-this.limit))
  }
}

function countersOf(at: number, { kind, columns }: HaproxyRow): Counters {
  const number = (name: string): number => {
    const text = columns[name]
    return text ? Number(text) : Number.NaN
  }
  const requests = kind === 'frontend' ? number('req_tot') : Number.NaN
  return {
    at,
    sessions: requests > 0 ? requests : number('stot'),
    received: number('bin'),
    sent: number('bout'),
  }
}

function rateOf(before: Counters, now: Counters): HaproxyRate {
  const seconds = (now.at - before.at) / 1000
  const of = (name: 'sessions' | 'received' | 'sent'): number | undefined => {
    const grown = now[name] - before[name]
    // A counter that went back belongs to another process: haproxy was reloaded in between.
    return grown >= 0 ? grown / seconds : undefined
  }
  return { at: now.at, sessions: of('sessions'), received: of('received'), sent: of('sent') }
}
