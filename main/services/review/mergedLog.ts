import {
  searchedText,
  weightOf,
  wordTest,
  type LineWeight,
} from '../../../preload/contract/logQuery'
import type { LineMeaning } from '../../../preload/contract/pair'
import type {
  HostClocks,
  LogPlace,
  ReviewLogLine,
  ReviewLogPage,
  ReviewLogQuery,
} from '../../../preload/contract/review'
import { meaningOf } from '../../domain/keepalived/classify'
import { redact } from '../../domain/redact'
import type { LogEntry } from '../../domain/review/evidence'
import type { Scene } from '../../domain/review/scene'
import { matchAll } from '../../platform/boundedPattern'

/** Queries whose results are kept. */
const KEPT = 4
/** Longest line that is told, in characters. */
const LONGEST = 4000

interface Line {
  hostId: string
  entry: LogEntry
  meaning: LineMeaning
}

/** What a query shows: places in the whole log, and which of them match. */
interface Shown {
  indexes: readonly number[]
  matches: ReadonlySet<number>
  noise: number
}

/** The logs of all machines of a review as one, by corrected time. */
export class MergedLog {
  private readonly lines: readonly Line[]
  private readonly results = new Map<string, Shown>()

  constructor(
    scenes: readonly Scene[],
    private readonly clocks: HostClocks,
  ) {
    this.lines = scenes
      .flatMap(({ actors }) =>
        actors.flatMap(({ id, entries }) =>
          entries.map((entry) => ({ hostId: id, entry, meaning: meaningOf(entry.message) })),
        ),
      )
      .sort((one, other) => one.entry.at - other.entry.at)
  }

  /**
   * The lines of a query around a place; `count` at most, beginning at an index, or with a time or place in their middle.
   * @throws AppError `review.pattern`, `review.patternSlow`
   */
  page(query: ReviewLogQuery, place: LogPlace, count: number): ReviewLogPage {
    const shown = this.shownBy(query)
    const at = 'index' in place ? undefined : this.indexOf(shown, place)
    const wanted = 'index' in place ? place.index : (at ?? 0) - Math.floor(count / 2)
    const first = Math.max(0, Math.min(wanted, shown.indexes.length - 1))
    return {
      total: shown.indexes.length,
      noise: shown.noise,
      first,
      lines: shown.indexes
        .slice(first, first + count)
        .flatMap((index) => this.lineAt(index, shown.matches)),
      ...(at !== undefined && { at }),
    }
  }

  /** The next line that matches, or weighs something, behind (or before) an index. @throws AppError as `page` */
  find(
    query: ReviewLogQuery,
    what: 'match' | Extract<LineWeight, 'transition' | 'problem'>,
    from: number,
    direction: 1 | -1,
  ): number | undefined {
    const { indexes, matches } = this.shownBy(query)
    const start = from < 0 && direction < 0 ? indexes.length : from
    for (let i = start + direction; i >= 0 && i < indexes.length; i += direction) {
      const index = indexes[i] ?? 0
      const line = this.lines[index]
      if (what === 'match' ? matches.has(index) : line && weightOf(line.meaning) === what) return i
    }
    return undefined
  }

  private lineAt(index: number, matches: ReadonlySet<number>): ReviewLogLine[] {
    const line = this.lines[index]
    if (!line) return []
    const { hostId, entry, meaning } = line
    const { at, precisionMs, identifier, pid, message, place } = entry
    const { offsetMs } = this.clocks[hostId] ?? {}
    return [
      {
        ...{ amphoraId: hostId, at, identifier, meaning },
        rawAt: at + (offsetMs ?? 0),
        cursor: `${place.file}:${String(place.line)}`,
        text: redact(message.slice(0, LONGEST)).text,
        ...{ file: place.file, line: place.line, matches: matches.has(index) },
        ...(pid !== undefined && { pid }),
        // Without the offset of its clock nobody knows how far a time is from the truth.
        ...(offsetMs !== undefined && { errorMs: Math.max(1, precisionMs) }),
      },
    ]
  }

  /** The line at a place of a file, or the first one that is not before a time; the last one where all are. */
  private indexOf(
    { indexes }: Shown,
    place: Exclude<LogPlace, { index: number }>,
  ): number | undefined {
    if (!indexes.length) return undefined
    const found = indexes.findIndex((index) => {
      const entry = this.lines[index]?.entry
      if (!entry) return false
      if ('time' in place) return entry.at >= place.time
      return entry.place.file === place.file && entry.place.line === place.line
    })
    if (found >= 0) return found
    return 'time' in place ? indexes.length - 1 : undefined
  }

  private shownBy(query: ReviewLogQuery): Shown {
    const key = JSON.stringify(query)
    const known = this.results.get(key)
    if (known) return known
    const shown = this.filter(query)
    this.results.set(key, shown)
    const [oldest] = this.results.keys()
    if (this.results.size > KEPT && oldest !== undefined) this.results.delete(oldest)
    return shown
  }

  private filter(query: ReviewLogQuery): Shown {
    const { amphoraIds, from = -Infinity, until = Infinity, hideNoise, others, regex } = query
    const hosts = new Set(amphoraIds)
    const near: number[] = []
    for (const [index, { hostId, entry }] of this.lines.entries()) {
      const isIn = entry.at >= from && entry.at <= until
      if (isIn && (!hosts.size || hosts.has(hostId))) near.push(index)
    }
    const unwanted = this.matching(near, query.exclude, regex, 'some')
    const left = unwanted ? near.filter((_index, place) => !unwanted[place]) : near
    const wanted = this.matching(left, query.include, regex, 'every')
    const found = wanted && !others ? left.filter((_index, place) => wanted[place]) : left
    const indexes = hideNoise ? found.filter((index) => !this.isNoise(index)) : found
    return {
      indexes,
      matches: new Set(wanted ? left.filter((_index, place) => wanted[place]) : []),
      noise: found.length - indexes.length,
    }
  }

  private isNoise(index: number): boolean {
    const line = this.lines[index]
    return !!line && weightOf(line.meaning) === 'noise'
  }

  /** Which of some lines have an expression; undefined where there is none. */
  private matching(
    indexes: readonly number[],
    expression: string,
    regex: boolean,
    quantity: 'every' | 'some',
  ): readonly boolean[] | undefined {
    const trimmed = expression.trim()
    if (!trimmed) return undefined
    const texts = indexes.map((index) => {
      const { identifier = '', pid, message = '' } = this.lines[index]?.entry ?? {}
      const text = message.slice(0, LONGEST)
      return searchedText({ identifier, text, ...(pid !== undefined && { pid }) })
    })
    if (regex) return matchAll(trimmed, texts)
    const test = wordTest(trimmed, quantity)
    return test && texts.map(test)
  }
}
