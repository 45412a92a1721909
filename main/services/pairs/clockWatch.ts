import type { Fact } from '../../../preload/contract/common'
import type { ClockOffset } from '../../../preload/contract/pair'
import {
  ageOffset,
  combineOffsets,
  correctTime,
  measureOffset,
  parseRemoteClock,
  type MeasuredOffset,
} from '../../domain/clock'
import { commands } from '../commands'
import { proven, type Answer, type Ask } from './ask'
import { notKnown } from '../../domain/fact'
import type { Trigger } from './trigger'

/** Round trips measured one after the other when the connection is new. */
const FIRST_ROUND_TRIPS = 5
/** Milliseconds between two round trips later on; each one also proves that the connection lives. */
const PULSE_MS = 5000
/** No answer for so long, and what was known of the amphora is in doubt. */
const DOUBT_MS = 2000
/** No answer for so long, and the connection counts as lost. */
const SILENCE_MS = 8000
/** Half width for times of a clock that could not be measured: what the way through SSH may take. */
const UNMEASURED_MS = 1000

/** The clock of one amphora, compared to ours. */
export class SideClock {
  private best: MeasuredOffset | undefined
  /** How far the amphora's local time is ahead of UTC. */
  zoneOffsetMinutes = 0

  /** @param now our clock: an offset is worth less the older it is */
  constructor(private readonly now: () => number = Date.now) {}

  /** What the offset is worth now; undefined until the first measurement. */
  get offset(): ClockOffset | undefined {
    return this.best && ageOffset(this.best, this.now())
  }

  add(offset: MeasuredOffset): void {
    this.best = combineOffsets(this.best, offset)
  }

  /** A time of the amphora's clock as ours; while the offset is not known, when it arrived here. */
  correct(rawAt: number, arrivedAt: number): { at: number; errorMs: number } {
    const { offset } = this
    const { at, errorMs } = correctTime(rawAt, offset)
    return errorMs === undefined ? { at: arrivedAt, errorMs: UNMEASURED_MS } : { at, errorMs }
  }
}

export interface PulseSink {
  clock(fact: Fact<ClockOffset>): void
  /** No answer for a while: what was known is no longer sure. */
  silent(): void
  answered(): void
}

/** The first round trip over a new connection. @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
export async function firstPulse(
  ask: Ask,
  clock: SideClock,
  sink: PulseSink,
  signal: AbortSignal,
): Promise<void> {
  sink.clock(read(await ask.run(commands.clock(), signal, SILENCE_MS), clock, ask))
  await readZone(ask, clock, signal)
}

/**
 * Measures the clock over and over: some round trips at once, later one every few seconds. A host that falls
 * silent is in doubt after two seconds and lost after eight, long before TCP would notice.
 * @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled`
 */
export async function keepPulse(
  ask: Ask,
  clock: SideClock,
  sink: PulseSink,
  beat: Trigger,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 2; !signal.aborted; count += 1) {
    const silence = setTimeout(() => sink.silent(), DOUBT_MS)
    try {
      const answer = await ask.run(commands.clock(), signal, SILENCE_MS)
      sink.clock(read(answer, clock, ask))
    } finally {
      clearTimeout(silence)
    }
    sink.answered()
    if (count >= FIRST_ROUND_TRIPS) await beat.wait(PULSE_MS, signal)
  }
}

function read(answer: Answer, clock: SideClock, ask: Ask): Fact<ClockOffset> {
  const { startedAt: sentAt, at: receivedAt, evidence, failure } = answer
  const remote = failure ? undefined : parseRemoteClock(answer.stdout)
  const offset = remote && measureOffset([{ sentAt, receivedAt, remoteAt: remote.remoteAt }])
  if (!offset) return notKnown(failure ?? 'answer.malformed', receivedAt, evidence)
  clock.add(offset)
  ask.clock = clock.offset
  return proven(ask.clock ?? offset, answer)
}

async function readZone(ask: Ask, clock: SideClock, signal: AbortSignal): Promise<void> {
  const { stdout } = await ask.run(commands.zone(), signal, SILENCE_MS)
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)/.exec(stdout) ?? []
  const ahead = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
  clock.zoneOffsetMinutes = sign === '-' ? -ahead : ahead
}
