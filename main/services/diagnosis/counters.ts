import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'
import { delay } from '../../base/delay'
import type { SideFacts, VrrpCounters } from '../../domain/findings/facts'
import type { VrrpInstance } from '../../domain/keepalived/dump'
import type { SideWatch } from '../pairs/sideWatch'

/** Milliseconds between the two looks: some adverts, which come every second, lie between them. */
const BETWEEN_MS = 4000

/**
 * Looks at keepalived's counters twice. What cannot be read is unknown, with its reason.
 * @param betweenMs milliseconds from the end of the first look to the second
 */
export async function lookTwice(
  side: Pick<SideWatch, 'readDump'>,
  signal: AbortSignal,
  betweenMs = BETWEEN_MS,
): Promise<SideFacts['counters']> {
  const first = await look(side, signal)
  if (!('value' in first)) return first
  await delay(betweenMs, signal)
  const last = await look(side, signal)
  if (!('value' in last)) return last
  return {
    ...last,
    value: { first: first.value, last: last.value, seconds: (last.at - first.at) / 1000 },
  }
}

async function look(
  side: Pick<SideWatch, 'readDump'>,
  signal: AbortSignal,
): Promise<Fact<VrrpCounters>> {
  try {
    const reading = await side.readDump(signal)
    const { at, evidence } = reading
    if (reading.failure) return { unknown: reading.failure, at, evidence }
    const value = countersOf(reading.instance)
    return value ? { value, at, evidence } : { unknown: 'notSupported', at, evidence }
  } catch (error) {
    if (signal.aborted) throw error
    return { unknown: AppError.from(error).reason ?? 'ssh.commandFailed', at: Date.now() }
  }
}

/** Undefined where the release does not count all of them: a counter that is not there is not zero. */
function countersOf({ counters }: VrrpInstance): VrrpCounters | undefined {
  const found = {
    sent: counters.advertsSent,
    received: counters.advertsReceived,
    becameMaster: counters.becameMaster,
    releasedMaster: counters.releasedMaster,
    authenticationFailures: counters.authFailure,
    authenticationTypeMismatches: counters.authTypeMismatch,
    advertIntervalErrors: counters.advertIntervalErrors,
    addressListErrors: counters.addressListErrors,
    ttlErrors: counters.ttlErrors,
    lengthErrors: counters.packetLengthErrors,
    priorityZeroReceived: counters.priorityZeroReceived,
    priorityZeroSent: counters.priorityZeroSent,
  }
  return isWhole(found) ? found : undefined
}

const isWhole = (
  counters: Record<keyof VrrpCounters, number | undefined>,
): counters is Record<keyof VrrpCounters, number> =>
  Object.values(counters).every((value) => value !== undefined)
