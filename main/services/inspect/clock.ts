import type { Fact } from '../../../preload/contract/common'
import type { ClockOffset } from '../../../preload/contract/pair'
import { measureOffset, parseRemoteClock, type ClockSample } from '../../domain/clock'
import { commands } from '../commands'
import { factOf, type Reader, type Reply } from './reader'

const ROUND_TRIPS = 3

/** How far the amphora's clock is ahead, by a few round trips; noted in all evidence from then on. @throws AppError `cancelled` */
export async function measureClock(reader: Reader): Promise<Fact<ClockOffset>> {
  const samples: ClockSample[] = []
  let reply: Reply
  do {
    reply = await reader.run(commands.clock())
    const remoteAt = reply.failure ? undefined : parseRemoteClock(reply.stdout)?.remoteAt
    if (remoteAt === undefined) break
    samples.push({ sentAt: reply.startedAt, receivedAt: reply.at, remoteAt })
  } while (samples.length < ROUND_TRIPS)
  const best = measureOffset(samples)
  if (!best) return factOf<ClockOffset>(reply, () => undefined)
  const value = { offsetMs: best.offsetMs, errorMs: best.errorMs }
  reader.ask.clock = value
  return { value, at: reply.at, ...(reply.evidence !== undefined && { evidence: reply.evidence }) }
}
