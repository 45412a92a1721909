import type { Fact } from '../../../preload/contract/common'
import type { Reason } from '../../../preload/contract/error'
import type { UnitState } from '../../../preload/contract/pair'
import { parseUnits, type UnitReport } from '../../domain/systemd'
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

/** Asks the systemd of one amphora how its units are. */
export class UnitReader {
  private names: { list: readonly string[]; at: number } | undefined

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
    }
    const answer = await this.ask.run(commands.unitStates(this.names.list), signal)
    if (answer.failure) return unknownUnits(answer.failure, answer)

    const states = parseUnits(answer.stdout, this.clock)
      .filter(({ load }) => load === 'loaded')
      .map((report) => unitOf(report, this.clock, answer))
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

/** systemd tells when by the amphora's clock. */
function unitOf(report: UnitReport, clock: SideClock, { at }: Answer): UnitState {
  const { unit, active, sub, since, restarts } = report
  return {
    unit,
    active,
    sub,
    ...(since !== undefined && { since: clock.correct(since, at).at }),
    ...(restarts !== undefined && { restarts }),
  }
}
