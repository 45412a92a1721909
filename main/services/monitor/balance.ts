import type { MonitorItem, ProbeSample } from '../../../preload/contract/pair'
import { OVERRUN } from '../probe/attempt'

/** Bodies to tell apart; a page that prints the time would have no end of them. */
const MOST_BODIES = 20
/** Stands for all others. */
const OTHERS = '…'

/** Counts how many good answers had which body. */
export class Balance {
  private readonly counts = new Map<string, number>()
  private failed = 0

  add(samples: readonly ProbeSample[]): void {
    for (const { ok, body = '', error } of samples) {
      // One that was not sent tells nothing of the service.
      if (error === OVERRUN) continue
      if (!ok) {
        this.failed += 1
        continue
      }
      const name = this.counts.has(body) || this.counts.size < MOST_BODIES ? body : OTHERS
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    }
  }

  /** Most frequent first. */
  get item(): Extract<MonitorItem, { kind: 'balance' }> {
    const bodies = Array.from(this.counts, ([body, count]) => ({ body, count }))
    bodies.sort((a, b) => b.count - a.count)
    return { kind: 'balance', bodies, failed: this.failed }
  }
}
