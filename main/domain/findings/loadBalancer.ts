import { quoteApi } from './proof'
import { whole, type Reading } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged, listed } from './verdict'
import { quoteFile } from './proof'
import { valueOf } from '../fact'

const MINUTE_MS = 60_000
/** A failover takes up to five minutes where Nova is slow; four times that is no failover any more. */
const STUCK_MINUTES = 20
/** The first heartbeats need their time. */
const FIRST_HEARTBEAT_MS = 5 * MINUTE_MS

/** Nothing to serve: Octavia makes the check script fail, and no amphora takes the VIP. That is how it should be. */
const noListener: Rule = {
  id: 'lb.no-listener-no-vip',
  modes: [10],
  explains: ['vrrp.no-owner', 'vrrp.fault-check-script'],
  judge: whole((reading) =>
    about(reading, ({ loadBalancer, listeners }, subject) => {
      const none = !listeners.some(({ adminStateUp }) => adminStateUp)
      if (!none || !loadBalancer.adminStateUp) return fine
      return holds('info', subject, { vip: loadBalancer.vipAddress, listeners: listeners.length }, [
        quoteApi(
          requestOf(reading),
          'listeners',
          listeners.slice(0, 5).map(brief),
          reading.facts.detail,
        ),
        checkScript(reading),
      ])
    }),
  ),
}

/** An operation has not ended: everything else waits, automatic failover too. */
const stuckPending: Rule = {
  id: 'lb.stuck-pending',
  modes: [30],
  judge: whole((reading) =>
    about(reading, ({ loadBalancer }, subject) => {
      const { provisioningStatus: status, updatedAt, createdAt } = loadBalancer
      const since = updatedAt ?? createdAt
      const minutes = since === undefined ? 0 : (reading.facts.now - since) / MINUTE_MS
      if (!reading.pending || !(minutes >= STUCK_MINUTES)) return fine
      return holds(
        'high',
        subject,
        { status, minutes: Math.floor(minutes) },
        [quoteApi(requestOf(reading), 'provisioning_status', status, reading.facts.detail)],
        since,
      )
    }),
  ),
}

/** The last change failed. */
const inError: Rule = {
  id: 'lb.error',
  modes: [22, 41],
  judge: whole((reading) =>
    about(reading, ({ loadBalancer }, subject) => {
      if (loadBalancer.provisioningStatus !== 'ERROR') return fine
      return holds(
        'high',
        subject,
        { operating: loadBalancer.operatingStatus },
        [
          quoteApi(
            requestOf(reading),
            'provisioning_status, operating_status',
            [loadBalancer.provisioningStatus, loadBalancer.operatingStatus],
            reading.facts.detail,
          ),
        ],
        loadBalancer.updatedAt,
      )
    }),
  ),
}

/** The controller hears no heartbeat of a load balancer that has something to serve. */
const offline: Rule = {
  id: 'lb.offline',
  modes: [27],
  judge: whole((reading) =>
    about(reading, ({ loadBalancer, listeners }, subject) => {
      const { operatingStatus, provisioningStatus, adminStateUp, createdAt } = loadBalancer
      const serving = adminStateUp && listeners.some((listener) => listener.adminStateUp)
      const changed = Math.max(createdAt ?? 0, loadBalancer.updatedAt ?? 0)
      const settled = reading.facts.now - changed > FIRST_HEARTBEAT_MS
      if (
        operatingStatus !== 'OFFLINE' ||
        provisioningStatus !== 'ACTIVE' ||
        !serving ||
        !settled
      ) {
        return fine
      }
      return holds('high', subject, { status: operatingStatus }, [
        quoteApi(requestOf(reading), 'operating_status', operatingStatus, reading.facts.detail),
      ])
    }),
  ),
}

/** Parts stay PENDING while the load balancer is ACTIVE: a known fault of 11.0.0 with single-call creates. */
const partsPending: Rule = {
  id: 'lb.parts-pending',
  modes: [30],
  judge: whole((reading) =>
    about(reading, ({ loadBalancer, listeners, pools }, subject) => {
      if (loadBalancer.provisioningStatus !== 'ACTIVE') return fine
      const parts = [
        ...listeners,
        ...pools.flatMap((pool) => [pool, ...pool.members, ...[pool.healthMonitor ?? []].flat()]),
      ]
      const stuck = parts.filter(
        ({ provisioningStatus, updatedAt, createdAt }) =>
          provisioningStatus.startsWith('PENDING_') &&
          reading.facts.now - (updatedAt ?? createdAt ?? Infinity) > STUCK_MINUTES * MINUTE_MS,
      )
      const [first] = stuck
      if (!first) return fine
      return holds(
        'medium',
        subject,
        {
          count: stuck.length,
          parts: listed(stuck.map(({ name, id }) => name || id)),
          status: first.provisioningStatus,
        },
        [quoteApi(requestOf(reading), first.id, first.provisioningStatus, reading.facts.detail)],
      )
    }),
  ),
}

/** Rules about what the API says of the load balancer. */
export const loadBalancerRules: readonly Rule[] = [
  noListener,
  stuckPending,
  inError,
  offline,
  partsPending,
]

type Detail = Extract<Reading['facts']['detail'], { value: unknown }>['value']

/** Judges the load balancer as the API shows it. */
const about = (
  { facts, loadBalancer }: Reading,
  decide: (detail: Detail, subject: Reading['pair']) => Verdict,
): Verdict => {
  const subject = {
    kind: 'loadBalancer',
    id: facts.loadBalancerId,
    ...(loadBalancer?.name && { name: loadBalancer.name }),
  } as const
  return judged(subject, { loadBalancer: facts.detail }, ({ loadBalancer: detail }) =>
    decide(detail, subject),
  )
}

const requestOf = ({ facts }: Reading): string =>
  `GET /v2/lbaas/loadbalancers/${facts.loadBalancerId}`

const brief = ({ id, adminStateUp }: Detail['listeners'][number]) => ({ id, adminStateUp })

function checkScript({ sides }: Reading) {
  for (const side of sides) {
    const file = valueOf(side.files)?.find(
      ({ kind, text }) => kind === 'checkScript' && /^exit 1\s*$/m.test(text),
    )
    if (file) return quoteFile(side.id, file, 1, side.files)
  }
  return undefined
}
