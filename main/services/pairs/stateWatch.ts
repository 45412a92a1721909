import type { Fact } from '../../../preload/contract/common'
import type { PairEvent, UnitState } from '../../../preload/contract/pair'
import { proven } from './ask'
import type { SideClock } from './clockWatch'
import type { DumpReader, DumpReading } from './dump'
import { notKnown } from '../../domain/fact'
import type { SideFacts } from './facts'
import type { Trigger } from './trigger'
import type { UnitReader, Units } from './units'

const PERIOD_MS = 10_000
/** keepalived logs every dump that it is asked for; nobody wants a log full of us. */
const DUMP_PERIOD_MS = 60_000

type VrrpFacts = Pick<SideFacts, 'vrrp' | 'lastTransition' | 'effectivePriority' | 'adverts'>

export interface StateSink {
  facts(facts: Partial<SideFacts>): void
  haproxyUnits(names: readonly string[]): void
  event(event: Extract<PairEvent, { kind: 'unit' }>): void
}

/**
 * Asks systemd and keepalived how they are: at once and whenever it is poked; systemd every ten seconds, and keepalived
 * again when its unit has changed, or after a minute.
 * @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled`
 */
export async function watchState(
  side: { amphoraId: string; units: UnitReader; dumps: DumpReader; clock: SideClock },
  sink: StateSink,
  trigger: Trigger,
  signal: AbortSignal,
): Promise<void> {
  let before: Units | undefined
  let poked = true
  let dumpedAt = -Infinity
  while (!signal.aborted) {
    const units = await side.units.read(signal)
    const { keepalived, haproxy, haproxyUnits } = units
    sink.haproxyUnits(haproxyUnits)
    sink.facts({ keepalived, haproxy })
    for (const unit of ['keepalived', 'haproxy'] as const) {
      const event = changeOf(before?.[unit], units[unit], unit, side.amphoraId)
      if (event) sink.event(event)
    }
    const changed = activeOf(before?.keepalived) !== activeOf(keepalived)
    before = units
    if (poked || changed || performance.now() - dumpedAt >= DUMP_PERIOD_MS) {
      sink.facts(await askKeepalived(side.dumps, side.clock, keepalived, signal))
      dumpedAt = performance.now()
    }
    poked = await trigger.wait(PERIOD_MS, signal)
  }
}

const activeOf = (unit: Fact<UnitState> | undefined): string | undefined =>
  unit && 'value' in unit ? unit.value.active : undefined

/** What keepalived says of itself, where systemd says that it runs. @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
export async function askKeepalived(
  dumps: DumpReader,
  clock: SideClock,
  keepalived: Fact<UnitState>,
  signal: AbortSignal,
): Promise<VrrpFacts> {
  if (!('value' in keepalived)) {
    return allAs(notKnown(keepalived.unknown, keepalived.at, keepalived.evidence))
  }
  const { value: unit, at, evidence } = keepalived
  if (unit.active === 'inactive' || unit.active === 'failed') {
    return {
      ...allAs(notKnown('keepalivedStopped', at, evidence)),
      vrrp: { ...keepalived, value: 'STOPPED' },
    }
  }
  return factsOf(await dumps.read(signal), clock)
}

/** What a dump proves. */
function factsOf(reading: DumpReading, clock: SideClock): VrrpFacts {
  if (reading.failure) return allAs(notKnown(reading.failure, reading.at, reading.evidence))
  const { state, lastTransition, effectivePriority, counters } = reading.instance
  const { advertsSent: sent, advertsReceived: received } = counters
  const told = <T>(value: T | undefined): Fact<T> =>
    value === undefined
      ? notKnown('notSupported', reading.at, reading.evidence)
      : proven(value, reading)
  return {
    vrrp: told(state),
    lastTransition: told(lastTransition && clock.correct(lastTransition, reading.at).at),
    effectivePriority: told(effectivePriority),
    adverts: told(sent === undefined || received === undefined ? undefined : { sent, received }),
  }
}

const allAs = (fact: ReturnType<typeof notKnown>): VrrpFacts => ({
  vrrp: fact,
  lastTransition: fact,
  effectivePriority: fact,
  adverts: fact,
})

/** A unit that is not as it was. When it changed is systemd's word. */
function changeOf(
  before: Fact<UnitState> | undefined,
  after: Fact<UnitState>,
  unit: 'keepalived' | 'haproxy',
  amphoraId: string,
): Extract<PairEvent, { kind: 'unit' }> | undefined {
  if (!before || !('value' in before) || !('value' in after)) return undefined
  const old = before.value
  const { active, since, sinceErrorMs } = after.value
  const moved = Math.abs((old.since ?? 0) - (since ?? 0)) > SAME_MS
  if (old.active === active && !moved) return undefined
  const learned = before.at
  return {
    kind: 'unit',
    amphoraId,
    unit,
    active,
    at: since ?? (learned + after.at) / 2,
    errorMs: sinceErrorMs ?? (after.at - learned) / 2,
    ...(after.evidence !== undefined && { evidence: after.evidence }),
  }
}

/** Without a monotonic stamp, the same one moves a little with each new measurement of the amphora's clock. */
const SAME_MS = 500
