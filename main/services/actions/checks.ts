import type { Check } from '../../../preload/contract/action'
import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'
import type { UnitState } from '../../../preload/contract/pair'
import { delay } from '../../base/delay'
import type { SideWatch } from '../pairs/sideWatch'
import { isKeepalived, isStart, isStop, type Situation } from './situation'

/** Longer than one advert interval of Octavia's configuration. */
const ADVERTS_MS = 1200
/** An interval may be configured longer; nobody waits for ever. */
const LONGEST_ADVERTS_MS = 6000

/**
 * Runs the pre-checks that an action needs, each with what proves it. What starts something needs few:
 * it is the way back. Unknown is never a pass.
 */
export async function check(
  situation: Situation,
  peer: SideWatch | undefined,
  signal: AbortSignal,
): Promise<Check[]> {
  const known = unitKnown(situation)
  if (isStart(situation.action)) return [known]
  const base = [known, notPending(situation)]
  if (situation.pair.topology === 'standalone') return base

  const needed = [...base, peerReachable(situation), oneOwner(situation)]
  if (takesVipAway(situation)) needed.push(await peerReceivesAdverts(peer, signal))
  needed.push(peerHaproxyRuns(situation))
  return needed
}

/** Whether the other amphora will have to take the VIP. */
const takesVipAway = ({ action, part }: Situation): boolean =>
  part !== 'standby' && (isKeepalived(action) || isStop(action))

function unitKnown({ action, side, hasCommand }: Situation): Check {
  const fact = isKeepalived(action) ? side.keepalived : side.haproxy
  if ('value' in fact) {
    return result('unitKnown', hasCommand ? 'pass' : 'unknown', { unit: fact.value.unit }, fact)
  }
  const missing = fact.unknown === 'amphora.unitMissing'
  return result('unitKnown', missing ? 'fail' : 'unknown', { reason: fact.unknown }, fact)
}

function notPending({ loadBalancer, pair }: Situation): Check {
  // A failed question says that what was known of the status is old.
  if (!loadBalancer || pair.failure) return result('notPending', 'unknown', {})
  const { provisioningStatus: status } = loadBalancer
  return result('notPending', status.startsWith('PENDING') ? 'fail' : 'pass', { status })
}

function peerReachable({ peer }: Situation): Check {
  if (!peer) return result('peerReachable', 'fail', {})
  const { state } = peer.connection
  const values = { amphoraId: peer.amphoraId, state }
  if (state === 'connecting') return result('peerReachable', 'unknown', values)
  if (state !== 'live') return result('peerReachable', 'fail', values)
  return result('peerReachable', 'value' in peer.vips ? 'pass' : 'unknown', values, peer.vips)
}

function oneOwner({ pair }: Situation): Check {
  const { ownership, sides } = pair
  if (ownership.kind === 'unknown') return result('oneOwner', 'unknown', {})
  if (ownership.kind !== 'one') return result('oneOwner', 'fail', { kind: ownership.kind })
  const owner = sides.find(({ amphoraId }) => amphoraId === ownership.amphoraId)
  const outcome = ownership.confirmed ? 'pass' : 'unknown'
  return result('oneOwner', outcome, { amphoraId: ownership.amphoraId }, owner?.vips)
}

function peerHaproxyRuns({ peer }: Situation): Check {
  if (!peer) return result('peerHaproxyRuns', 'unknown', {})
  const { haproxy } = peer
  if (!('value' in haproxy)) {
    return result('peerHaproxyRuns', 'unknown', { reason: haproxy.unknown }, haproxy)
  }
  const { unit, active }: UnitState = haproxy.value
  const outcome = active === 'active' ? 'pass' : 'fail'
  return result('peerHaproxyRuns', outcome, { unit, active }, haproxy)
}

/** The peer can only take over when it is BACKUP and hears the master: its counter has to grow between two looks. */
async function peerReceivesAdverts(
  peer: SideWatch | undefined,
  signal: AbortSignal,
): Promise<Check> {
  const id = 'peerReceivesAdverts'
  if (!peer) return result(id, 'unknown', {})
  try {
    const first = await peer.readDump(signal)
    if (first.failure) return result(id, 'unknown', { reason: first.failure }, first)
    const interval = 1.2 * (first.instance.advertIntervalMs ?? 0)
    await delay(Math.min(LONGEST_ADVERTS_MS, Math.max(ADVERTS_MS, interval)), signal)
    const second = await peer.readDump(signal)
    if (second.failure) return result(id, 'unknown', { reason: second.failure }, second)

    const { state, counters } = second.instance
    const before = first.instance.counters.advertsReceived
    const after = counters.advertsReceived
    if (state === undefined || before === undefined || after === undefined) {
      return result(id, 'unknown', { reason: 'notSupported' }, second)
    }
    const hears = state === 'BACKUP' && after > before
    return result(id, hears ? 'pass' : 'fail', { state, received: after - before }, second)
  } catch (error) {
    if (signal.aborted) throw error
    const { reason, code } = AppError.from(error)
    return result(id, 'unknown', { reason: reason ?? code })
  }
}

const result = (
  id: Check['id'],
  outcome: Check['outcome'],
  values: Check['values'],
  proof?: Fact<unknown> | { evidence: string },
): Check => ({ id, outcome, values, ...(proof?.evidence && { evidence: proof.evidence }) })
