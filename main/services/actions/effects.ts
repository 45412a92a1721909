import type { ActionPreview } from '../../../preload/contract/action'
import { gracefulGapMs, scriptGapMs, type Span } from '../../domain/vrrp/timers'
import { valueOf } from '../../domain/fact'
import { isKeepalived, isStart, isStop, type Situation } from './situation'

type Effect = ActionPreview['effects'][number]

/** Priority of the amphora with the role BACKUP; the longer wait of the two. */
const BACKUP_PRIORITY = 90
/** Octavia's `heartbeat_timeout`: seconds of silence after which the controller builds the amphora anew. */
const HEARTBEAT_TIMEOUT_SECONDS = 60
/** Octavia's check script runs every five seconds and has to fail twice. */
const CHECKS = { fromSeconds: 5, toSeconds: 10 }
/** A stopped haproxy refuses at once: no run of the check script hangs. */
const REFUSED_AT_ONCE = { scriptTimeoutMs: 0 }
/** How long haproxy 2.6 needs to end, check its configuration and listen again. */
const HAPROXY_RESTART_MS: Span = { from: 300, to: 1500 }

/** What an action will do, and how long clients will go without. */
export function foresee(
  situation: Situation,
  peerCanTakeOver: boolean,
): Pick<ActionPreview, 'effects' | 'expectedGapMs'> {
  const { action, pair, part } = situation
  if (isStart(action)) return { effects: startEffects(situation) }
  if (pair.topology === 'standalone') return { effects: [effect('serviceInterrupted')] }
  if (part === 'standby') return { effects: [effect('vipStays'), ...losses(situation)] }
  if (part === 'unknown') return { effects: [effect('unknownOwner'), ...losses(situation)] }
  if (action === 'haproxy.restart') {
    return {
      effects: [effect('vipStays'), effect('serviceInterrupted')],
      expectedGapMs: HAPROXY_RESTART_MS,
    }
  }
  const checks = isKeepalived(action) ? [] : [effect('faultAfterChecks', CHECKS)]
  if (!peerCanTakeOver) {
    return { effects: [...checks, effect('serviceInterrupted'), ...losses(situation)] }
  }
  const priority = situation.peer && valueOf(situation.peer.effectivePriority)
  const waits = priority ?? BACKUP_PRIORITY
  return {
    effects: [
      ...checks,
      effect('vipMoves', { to: situation.peer?.amphoraId ?? '' }),
      ...losses(situation),
      ...mayReturn(situation),
    ],
    expectedGapMs: isKeepalived(action)
      ? gracefulGapMs(waits)
      : scriptGapMs(waits, REFUSED_AT_ONCE),
  }
}

/** Whether clients may notice: then the name has to be typed. */
export const interruptsService = ({ action, part }: Situation): boolean =>
  !isStart(action) && part !== 'standby'

function startEffects(situation: Situation): Effect[] {
  const { action, pair, side } = situation
  if (isKeepalived(action) && pair.ownership.kind === 'none') {
    return [effect('redundancyBack'), effect('vipMoves', { to: side.amphoraId })]
  }
  const back = isKeepalived(action) ? mayReturn(situation) : []
  return [effect('redundancyBack'), ...(back.length ? back : [effect('vipStays')])]
}

/** A restart gives back what it takes; a stop does not, and without keepalived the agent sends no heartbeats. */
function losses({ action, side }: Situation): Effect[] {
  if (!isStop(action)) return []
  const unit = isKeepalived(action) ? 'keepalived' : 'haproxy'
  const rebuild = effect('rebuildMayFollow', { seconds: HEARTBEAT_TIMEOUT_SECONDS })
  return [
    effect('redundancyLost', { unit, amphoraId: side.amphoraId }),
    ...(isKeepalived(action) ? [rebuild] : []),
  ]
}

/** `state MASTER` in the configuration, as Octavia wrote it until 14, clears `nopreempt`. */
const mayReturn = ({ side }: Situation): Effect[] =>
  side.role === 'MASTER' ? [effect('vipMayReturn', { to: side.amphoraId })] : []

const effect = (name: Effect['effect'], values: Effect['values'] = {}): Effect => ({
  effect: name,
  values,
})
