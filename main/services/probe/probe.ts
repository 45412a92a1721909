import type { ProbeSample, ProbeSettings } from '../../../preload/contract/pair'
import { Queue } from '../../base/queue'
import type { Dial } from '../../platform/dial'
import { attempt, OVERRUN, type Outcome } from './attempt'
import { beat, steadyClock, type Slot } from './schedule'

/** Connections that may be open at once; a dead service with a long timeout would take all there are. */
const MOST_IN_FLIGHT = 256
/** Milliseconds between two batches. */
const BATCH_MS = 50
/** Batches that wait for the reader; 30 minutes of them. */
const MOST_BATCHES = 36_000

/**
 * Asks an address over and over, each time on a new connection, and yields what came of it in batches,
 * in the order in which the probes started. No sequence number is left out: a probe that could not be
 * sent is a failed sample with error `overrun`, which tells nothing of the service.
 *
 * Runs until the signal is aborted. @throws AppError `ssh.*` when the way to its starting point is lost
 */
export async function* probe(
  dial: Dial,
  address: string,
  settings: ProbeSettings,
  signal: AbortSignal,
  firstSequence = 0,
): AsyncGenerator<ProbeSample[], void> {
  const now = steadyClock()
  const batches = new Queue<ProbeSample[]>(MOST_BATCHES)
  const inOrder = new InOrder(firstSequence)
  // One for each connection: a signal that all share would have hundreds of listeners.
  const inFlight = new Set<AbortController>()

  const start = async ({ sequence, dueAt }: Slot) => {
    const at = now()
    const abort = new AbortController()
    inFlight.add(abort)
    inOrder.started(sequence, Math.max(at, dueAt))
    try {
      const outcome = await attempt(dial, address, settings, abort)
      inOrder.finished(sequence, now() - at, outcome)
    } catch (error) {
      if (!abort.signal.aborted) batches.fail(error)
    } finally {
      inFlight.delete(abort)
    }
  }
  const stopBeat = beat(settings.intervalMs, firstSequence, now, (slot, missed) => {
    if (!missed && inFlight.size < MOST_IN_FLIGHT) {
      void start(slot)
    } else {
      inOrder.started(slot.sequence, slot.dueAt)
      inOrder.finished(slot.sequence, 0, { ok: false, error: OVERRUN })
    }
  })
  const flush = setInterval(() => {
    const samples = inOrder.take()
    if (samples.length) batches.push(samples)
  }, BATCH_MS)

  try {
    for await (const waiting of batches.batches(signal)) yield waiting.flat()
  } finally {
    stopBeat()
    clearInterval(flush)
    for (const abort of inFlight) abort.abort()
  }
}

/** Holds back what finished early until everything that started before it has finished too. */
class InOrder {
  private readonly waiting = new Map<number, ProbeSample | { sequence: number; at: number }>()

  constructor(private next: number) {}

  started(sequence: number, at: number): void {
    this.waiting.set(sequence, { sequence, at })
  }

  finished(sequence: number, durationMs: number, outcome: Outcome): void {
    const begun = this.waiting.get(sequence)
    if (begun) this.waiting.set(sequence, { ...begun, durationMs, ...outcome })
  }

  take(): ProbeSample[] {
    const samples: ProbeSample[] = []
    for (;;) {
      const sample = this.waiting.get(this.next)
      if (!sample || !('ok' in sample)) return samples
      samples.push(sample)
      this.waiting.delete(this.next)
      this.next += 1
    }
  }
}
