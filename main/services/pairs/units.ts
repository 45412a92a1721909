import type { Fact } from '../../../preload/contract/common'
import type { Reason } from '../../../preload/contract/error'
import type { UnitState } from '../../../preload/contract/pair'
import { ageOffset, combineOffsets, measureOffset, type MeasuredOffset } from '../../domain/clock'
import { parseUnits, STAMP_ERROR_MS, type UnitReport } from '../../domain/systemd'
import { commands, KEEPALIVED_UNIT } from '../commands'
import { proven, type Answer, type Ask } from './ask'
import type { SideClock } from './clockWatch'
import { notKnown } from '../../domain/fact'

/** The units of an amphora that serve the pair, as systemd reports them. */
export interface Units {
  keepalived: Fact<UnitState>
  /** The one that is worst off where each listener has its own. */
  haproxy: Fact<UnitState>
  /** Every unit of haproxy that exists: one, or one for each listener up to Stein. */
  haproxyUnits: readonly string[]
}

/** From worst to best; words that are not here come first. */
const ORDER = ['failed', 'inactive', 'deactivating', 'activating', 'reloading', 'active']

/** Milliseconds for which the names of the units are taken as they were. */
const NAMES_MS = 60_000
/** `/proc/uptime` counts hundredths of a second. */
const UPTIME_ROUNDS_MS = 10

/** Since when a unit is as it is, by our clock. */
type Since = Required<Pick<UnitState, 'since' | 'sinceErrorMs'>>

/** Asks the systemd of one amphora how its units are. */
export class UnitReader {
  private names: { list: readonly string[]; at: number } | undefined
  /** The amphora's monotonic clock: stamps by it have microseconds where systemd prints whole seconds. */
  private monotonic: MeasuredOffset | undefined
  /** By unit, what its last stamp was found to mean: a stamp that stays keeps its meaning while clocks drift. */
  private readonly sinces = new Map<string, Since & { sinceBootMs: number }>()

  constructor(
    private readonly ask: Ask,
    private readonly clock: SideClock,
  ) {}

  /** @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
  async read(signal: AbortSignal): Promise<Units> {
    if (!this.names || Date.now() - this.names.at > NAMES_MS) {
      const listed = await this.ask.run(commands.listUnits(), signal)
      if (listed.failure) return unknownUnits(listed.failure, listed)
      const list = listed.stdout.split('\n').flatMap((line) => OURS.exec(line)?.[1] ?? [])
      if (!list.length) return unknownUnits('amphora.unitMissing', listed)
      this.names = { list, at: listed.at }
      this.measure(await this.ask.run(commands.uptime(), signal))
    }
    const answer = await this.ask.run(commands.unitStates(this.names.list), signal)
    if (answer.failure) return unknownUnits(answer.failure, answer)

    const states = parseUnits(answer.stdout, this.clock.zoneOffsetMinutes)
      .filter(({ load }) => load === 'loaded')
      .map((report) => this.stateOf(report, answer))
    const haproxy = states.filter(({ unit }) => unit !== KEEPALIVED_UNIT)
    return {
      keepalived: worst(
        states.filter(({ unit }) => unit === KEEPALIVED_UNIT),
        answer,
      ),
      haproxy: worst(haproxy, answer),
      haproxyUnits: haproxy.map(({ unit }) => unit),
    }
  }

  private measure({ startedAt, at, stdout }: Answer): void {
    const seconds = /^\d+\.\d+/.exec(stdout)?.[0]
    const measured =
      seconds &&
      measureOffset([{ sentAt: startedAt, receivedAt: at, remoteAt: Number(seconds) * 1000 }])
    if (measured) this.monotonic = combineOffsets(this.monotonic, measured)
  }

  private stateOf(report: UnitReport, answer: Answer): UnitState {
    const { unit, active, sub, restarts } = report
    return {
      unit,
      active,
      sub,
      ...this.sinceOf(report, answer),
      ...(restarts !== undefined && { restarts }),
    }
  }

  private sinceOf(report: UnitReport, answer: Answer): Since | undefined {
    const { unit, since, sinceBootMs } = report
    if (since === undefined) return undefined
    const known = this.sinces.get(unit)
    if (known && known.sinceBootMs === sinceBootMs) {
      return { since: known.since, sinceErrorMs: known.sinceErrorMs }
    }
    const { at, errorMs } = this.clock.correct(since, answer.at)
    const stamped = { since: at, sinceErrorMs: errorMs + STAMP_ERROR_MS }
    const found = this.finer(sinceBootMs, stamped) ?? stamped
    if (sinceBootMs !== undefined && this.clock.offset)
      this.sinces.set(unit, { ...found, sinceBootMs })
    return found
  }

  /** The same by the monotonic clock, where that is more exact and does not contradict the stamp, as it may after a pause of the host. */
  private finer(sinceBootMs: number | undefined, stamped: Since): Since | undefined {
    if (sinceBootMs === undefined || !this.monotonic) return undefined
    const { offsetMs, errorMs } = ageOffset(this.monotonic, stamped.since)
    const finer = { since: sinceBootMs - offsetMs, sinceErrorMs: errorMs + UPTIME_ROUNDS_MS }
    const apart = Math.abs(finer.since - stamped.since)
    const agree = apart <= finer.sinceErrorMs + stamped.sinceErrorMs
    return agree && finer.sinceErrorMs < stamped.sinceErrorMs ? finer : undefined
  }
}

/** Units of keepalived and haproxy in the answer of `systemctl list-units`. */
const OURS = /^(?:[●*] )?\s*(octavia-keepalived\.service|haproxy-[0-9A-Za-z-]+\.service)\s/

function unknownUnits(reason: Reason, { at, evidence }: Answer): Units {
  const fact = notKnown(reason, at, evidence)
  return { keepalived: fact, haproxy: fact, haproxyUnits: [] }
}

function worst(states: readonly UnitState[], answer: Answer): Fact<UnitState> {
  const [first] = [...states].sort((a, b) => ORDER.indexOf(a.active) - ORDER.indexOf(b.active))
  return first ? proven(first, answer) : notKnown('amphora.unitMissing', answer.at, answer.evidence)
}
