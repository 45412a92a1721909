import type { LogLine } from '../../preload/contract/pair'

/**
 * The logs of both amphorae as one, ordered by corrected time. Lines that come twice, as after following anew, are
 * kept once; beyond `limit` the oldest go.
 */
export class LogBook {
  /** Lines that had to go. */
  dropped = 0

  private lines: LogLine[] = []
  /** Lines at the front that are gone already; taking them away each time would move all others. */
  private gone = 0
  /** Cursors of the lines, by amphora. */
  private readonly known = new Map<string, Set<string>>()

  constructor(private readonly limit = 50_000) {}

  add(lines: readonly LogLine[]): void {
    const fresh = lines.filter((line) => this.isNew(line))
    const first = fresh.reduce((least, { at }) => Math.min(least, at), Infinity)
    if (first === Infinity) return

    // Sorting is stable: lines of one instant keep the order in which their amphora wrote them.
    const begin = this.indexAfter(first)
    const tail = [...this.lines.splice(begin), ...fresh].sort((a, b) => a.at - b.at)
    for (const line of tail) this.lines.push(line)

    const surplus = this.lines.length - this.gone - this.limit
    if (surplus <= 0) return
    for (const { amphoraId, cursor } of this.lines.slice(this.gone, this.gone + surplus))
      this.known.get(amphoraId)?.delete(cursor)
    this.gone += surplus
    this.dropped += surplus
    if (this.gone < this.limit / 4) return
    this.lines.splice(0, this.gone)
    this.gone = 0
  }

  /** All lines, oldest first; a copy that later lines do not change. */
  snapshot(): readonly LogLine[] {
    return this.lines.slice(this.gone)
  }

  private isNew({ amphoraId, cursor }: LogLine): boolean {
    let known = this.known.get(amphoraId)
    if (!known) this.known.set(amphoraId, (known = new Set()))
    const before = known.size
    return known.add(cursor).size > before
  }

  /** Index after every line that is not later than an instant. */
  private indexAfter(instant: number): number {
    let index = this.lines.length
    while (index > this.gone && (this.lines[index - 1]?.at ?? 0) > instant) index -= 1
    return index
  }
}
