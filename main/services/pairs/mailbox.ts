import type { LogLine, Pair, PairEvent, PairItem } from '../../../preload/contract/pair'
import { Inbox, pieces } from '../../base/inbox'

type LogItem = Extract<PairItem, { kind: 'log' }>

/** Lines that may wait for a slow follower. */
const MOST_LINES = 50_000
const MOST_EVENTS = 10_000
/** Lines per item, so that one item stays small enough to be drawn in a frame. */
const LINES_PER_ITEM = 500

/**
 * What waits for one follower of a pair. Of the pair only the newest state waits; lines and events wait in
 * order. When a follower is so slow that lines had to go, it is told of the gap.
 */
export class Mailbox extends Inbox<PairItem> {
  private pair: Pair | undefined
  private lines: LogLine[] = []
  private logs: LogItem[] = []
  private events: PairEvent[] = []

  putPair(pair: Pair): void {
    this.pair = pair
    this.wake()
  }

  putLines(lines: readonly LogLine[]): void {
    for (const line of lines) this.lines.push(line)
    const surplus = this.lines.length - MOST_LINES
    if (surplus > 0) {
      const dropped = this.lines.splice(0, surplus)
      for (const amphoraId of new Set(dropped.map((line) => line.amphoraId))) {
        this.putLog({ kind: 'log', amphoraId, state: 'gap', at: Date.now(), source: 'journal' })
      }
    }
    this.wake()
  }

  putLog(item: LogItem): void {
    this.logs = [...this.logs.filter((other) => !supersedes(item, other)), item]
    this.wake()
  }

  putEvent(event: PairEvent): void {
    this.events.push(event)
    if (this.events.length > MOST_EVENTS) this.events.shift()
    this.wake()
  }

  protected override take(): PairItem[] {
    const { pair, lines, logs, events } = this
    this.pair = undefined
    this.lines = []
    this.logs = []
    this.events = []

    const items: PairItem[] = []
    if (pair) items.push({ kind: 'pair', pair })
    items.push(...logs)
    for (const piece of pieces(lines, LINES_PER_ITEM)) items.push({ kind: 'lines', lines: piece })
    if (events.length) items.push({ kind: 'events', events })
    return items
  }
}

/** Of one log only the newest state matters; a gap is told once, however many there were. */
const supersedes = (item: LogItem, other: LogItem): boolean =>
  item.amphoraId === other.amphoraId && (item.state === other.state || other.state !== 'gap')
