import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import type { LogLine, PairSide } from '../../../preload/contract/pair'
import { notKnown } from '../../domain/fact'
import type { SideFacts } from '../../domain/findings/facts'
import { LINES } from '../diagnosis/amphoraLooks'
import { lookTwice } from '../diagnosis/counters'
import { commands } from '../commands'
import { LogFollower } from '../logFollower'
import { vipsIn } from '../pairs/addressWatch'
import { Ask, proven } from '../pairs/ask'
import { firstPulse, SideClock } from '../pairs/clockWatch'
import { DumpReader } from '../pairs/dump'
import { allUnknown, type SideFacts as StateFacts } from '../pairs/facts'
import { described } from '../pairs/sideWatch'
import { askKeepalived } from '../pairs/stateWatch'
import { UnitReader } from '../pairs/units'
import type { DossierPorts } from './dossier'

/** Round trips by which the clock is measured. */
const ROUND_TRIPS = 3

/** One amphora at one time. */
export interface SideReading {
  amphora: Amphora
  side: PairSide
  lines: SideFacts['lines']
  counters: SideFacts['counters']
}

type Ports = Pick<DossierPorts, 'hosts' | 'evidence' | 'now' | 'betweenLooksMs'>

/** Reads the present state and the VRRP log of one amphora. What cannot be read is unknown. @throws AppError `cancelled` */
export async function readSide(
  { hosts, evidence, now, betweenLooksMs }: Ports,
  subject: { cloud: string; loadBalancerId: string; vips: readonly string[] },
  amphora: Amphora,
  signal: AbortSignal,
): Promise<SideReading> {
  const { id, managementAddress } = amphora
  const clock = new SideClock(now)
  try {
    if (managementAddress === undefined) throw AppError.because('ssh.noAddress', id)
    const address = { amphoraId: id, managementAddress }
    const host = await hosts.connect(subject.cloud, address, signal)
    const ask = new Ask(host, id, evidence)
    const measured = await measure(ask, clock, signal)
    const dumps = new DumpReader(ask, subject.loadBalancerId.replaceAll('-', ''))
    const [vips, state, lines] = await Promise.all([
      known(signal, () => readVips(ask, subject.vips, signal)),
      readState(ask, clock, dumps, signal),
      known(signal, () => readLines({ hosts, now }, subject.cloud, address, clock, signal)),
    ])
    const side = {
      ...{ ...described(amphora), ...state, clock: measured, vips },
      connection: { state: 'live', since: now() } as const,
    }
    // After the others: each look at the counters is a line in the log.
    const counters = await lookTwice(
      { readDump: (aborted) => dumps.read(aborted) },
      signal,
      betweenLooksMs,
    )
    return { amphora, side, lines, counters }
  } catch (error) {
    const failure = failureOf(error, signal)
    const unknown = failure.reason ?? 'ssh.lost'
    const connection = { state: 'failed', since: now(), failure: failure.toFailure() } as const
    const side = { ...described(amphora), ...allUnknown(unknown, now()), connection }
    return { amphora, side, lines: notKnown(unknown), counters: notKnown(unknown) }
  }
}

async function measure(
  ask: Ask,
  clock: SideClock,
  signal: AbortSignal,
): Promise<StateFacts['clock']> {
  let measured: StateFacts['clock'] = notKnown('notYet')
  const sink = {
    clock: (fact: StateFacts['clock']) => (measured = fact),
    silent: () => undefined,
    answered: () => undefined,
  }
  for (let round = 0; round < ROUND_TRIPS; round += 1) await firstPulse(ask, clock, sink, signal)
  return measured
}

async function readVips(
  ask: Ask,
  vips: readonly string[],
  signal: AbortSignal,
): Promise<Fact<readonly string[]>> {
  const answer = await ask.run(commands.addresses(), signal)
  if (answer.failure) return notKnown(answer.failure, answer.at, answer.evidence)
  return proven([...vipsIn(answer.stdout, vips)], answer)
}

/** systemd first: it tells whether there is a keepalived to ask. */
async function readState(
  ask: Ask,
  clock: SideClock,
  dumps: DumpReader,
  signal: AbortSignal,
): Promise<Omit<StateFacts, 'clock' | 'vips'>> {
  try {
    const { keepalived, haproxy } = await new UnitReader(ask, clock).read(signal)
    return { keepalived, haproxy, ...(await askKeepalived(dumps, clock, keepalived, signal)) }
  } catch (error) {
    return allUnknown(failureOf(error, signal).reason ?? 'ssh.commandFailed')
  }
}

/** The log as a live watch begins with it: its last lines, from the first source that can be read. */
async function readLines(
  { hosts, now }: Pick<Ports, 'hosts' | 'now'>,
  cloud: string,
  amphora: { amphoraId: string; managementAddress: string },
  clock: SideClock,
  signal: AbortSignal,
): Promise<Fact<readonly LogLine[]>> {
  const subject = { cloud, amphora, lines: LINES, clock: () => clock.offset, now }
  const lines: LogLine[] = []
  for await (const item of new LogFollower(hosts).follow(subject, signal)) {
    if (item.kind === 'lines') lines.push(...item.lines)
    else if (item.state === 'live' || item.state === 'resumed') break
    else if (item.failure) return notKnown(item.failure.reason ?? 'ssh.commandFailed')
  }
  const inOrder = lines.toSorted((one, other) => one.rawAt - other.rawAt)
  return { value: inOrder.slice(-LINES), at: now() }
}

/** A fact, or why it is none. @throws AppError `cancelled` */
async function known<T>(signal: AbortSignal, read: () => Promise<Fact<T>>): Promise<Fact<T>> {
  try {
    return await read()
  } catch (error) {
    return notKnown(failureOf(error, signal).reason ?? 'ssh.commandFailed')
  }
}

/** Rethrows what is no answer: the caller has gone, or it is a bug. */
function failureOf(error: unknown, signal: AbortSignal): AppError {
  const failure = AppError.from(error)
  if (signal.aborted || failure.code === 'cancelled' || !failure.reason) throw error
  return failure
}
