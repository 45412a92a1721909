import type { Connection } from '../../../preload/contract/pair'
import { valueOf } from '../fact'
import { quoteAmphora, quoteApi, quoteUnit } from './proof'
import { eachSide, inspected, othersOf, owns, vrrpInterface, whole } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, unjudged } from './verdict'
import { isYoung } from './vrrpOwner'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Units that are restarted together are back within this. */
const SHUT_DOWN_MS = 2000
/** An amphora boots within minutes of its making; a later boot is another one. */
const FIRST_BOOT_MS = 15 * MINUTE_MS

/** Automatic failover leaves an amphora in ERROR alone. */
const inError: Rule = {
  id: 'amphora.error',
  modes: [29],
  judge: whole(({ facts, pending }) =>
    everyAmphora(facts, ({ id, status, role }) =>
      status !== 'ERROR' || pending
        ? undefined
        : holds('high', subjectOf(id, role), { amphora: id, role: role ?? '–' }, [
            quoteApi(`GET /v2/octavia/amphorae/${id}`, 'status', status, facts.amphorae),
          ]),
    ),
  ),
}

/** Too many fell silent at once: the controller has stopped replacing them. */
const failoverStopped: Rule = {
  id: 'amphora.failover-stopped',
  modes: [28],
  judge: whole(({ facts }) =>
    everyAmphora(facts, ({ id, status, role }) =>
      status !== 'FAILOVER_STOPPED'
        ? undefined
        : holds('high', subjectOf(id, role), { amphora: id }, [
            quoteApi(`GET /v2/octavia/amphorae/${id}`, 'status', status, facts.amphorae),
          ]),
    ),
  ),
}

/** The load balancer has fewer amphorae than it needs. */
const missing: Rule = {
  id: 'amphora.missing',
  modes: [48],
  explains: ['vrrp.no-owner', 'lb.offline'],
  judge: whole(({ facts, pending, loadBalancer }) => {
    const subject = { kind: 'loadBalancer', id: facts.loadBalancerId } as const
    return judged(
      subject,
      { amphorae: facts.amphorae, loadBalancer: facts.detail },
      ({ amphorae }) => {
        const serving = amphorae.filter(
          ({ status }) => status === 'ALLOCATED' || status === 'FAILOVER_STOPPED',
        )
        const single = amphorae.some(({ role }) => role === 'STANDALONE')
        const wanted = single ? 1 : amphorae.length ? 2 : 1
        const ours =
          !loadBalancer ||
          loadBalancer.provider.startsWith('amphora') ||
          loadBalancer.provider === 'octavia'
        const building = loadBalancer?.provisioningStatus === 'ERROR' ? false : pending
        if (serving.length >= wanted || building || !ours) return fine
        return holds(
          serving.length ? 'high' : 'critical',
          subject,
          { count: serving.length, wanted },
          [
            quoteApi(
              `GET /v2/octavia/amphorae?load_balancer_id=${facts.loadBalancerId}`,
              'amphorae',
              amphorae.slice(0, 6).map(({ id, status, role }) => [id, role ?? null, status]),
              facts.amphorae,
            ),
          ],
        )
      },
    )
  }),
}

/** One amphora cannot be reached while its neighbour can: it is down, or cut off from management. */
const unreachable: Rule = {
  id: 'amphora.unreachable',
  modes: [48],
  explains: ['lb.offline'],
  judge: eachSide((side, reading) => {
    const connection = side.facts.live?.connection
    if (!connection) return undefined
    if (connection.state === 'connecting') return unjudged(side.subject, 'connection', 'notYet')
    if (connection.state === 'live') return fine
    const reason = connection.failure?.reason
    if (reason === 'ssh.hostKeyUnknown') return unjudged(side.subject, 'connection', reason)
    const others = othersOf(side, reading)
    const gone =
      isGone(connection) && others.some(({ facts }) => facts.live?.connection.state === 'live')
    if (!gone || reason === undefined || reading.pending) return fine
    return holds(
      'high',
      side.subject,
      { amphora: side.id, address: side.facts.live?.managementAddress ?? '', reason },
      [quoteAmphora(side.id, 'ssh', connection.failure?.message ?? reason)],
      connection.since,
    )
  }),
}

/** The console may not or cannot look inside: what only SSH tells stays unknown. */
const noSsh: Rule = {
  id: 'amphora.no-ssh',
  modes: [50],
  judge: eachSide((side, reading) => {
    const connection = side.facts.live?.connection
    if (!connection) return undefined
    if (connection.state === 'connecting') return unjudged(side.subject, 'connection', 'notYet')
    const reason = connection.failure?.reason
    if (reason === 'ssh.hostKeyUnknown') return unjudged(side.subject, 'connection', reason)
    if (connection.state === 'live' || !reason || reason === 'ssh.hostKeyChanged') return fine
    const others = othersOf(side, reading)
    const aloneGone =
      isGone(connection) && others.some(({ facts }) => facts.live?.connection.state === 'live')
    if (aloneGone || side.amphora?.status !== 'ALLOCATED') return fine
    return holds(
      'low',
      side.subject,
      { amphora: side.id, address: side.facts.live?.managementAddress ?? '', reason },
      [quoteAmphora(side.id, 'ssh', connection.failure?.message ?? reason)],
      connection.since,
    )
  }),
}

/** The same amphora shows another host key than before. Replacements have another id, and are no alarm. */
const hostKeyChanged: Rule = {
  id: 'amphora.host-key-changed',
  modes: [52],
  judge: eachSide((side) => {
    const connection = side.facts.live?.connection
    if (!connection) return undefined
    if (connection.state === 'connecting') return unjudged(side.subject, 'connection', 'notYet')
    const reason = connection.failure?.reason
    if (reason === 'ssh.hostKeyUnknown') return unjudged(side.subject, 'connection', reason)
    if (connection.failure?.reason !== 'ssh.hostKeyChanged') return fine
    return holds(
      'medium',
      side.subject,
      { amphora: side.id, address: side.facts.live?.managementAddress ?? '' },
      [quoteAmphora(side.id, 'ssh', connection.failure.message)],
      connection.since,
    )
  }),
}

/** The machine was started anew some time after it was made. */
const restarted: Rule = {
  id: 'amphora.restarted',
  modes: [14, 47],
  judge: eachSide((side, { facts: { now } }) => {
    const bootedAt = inspected(side, ({ system }) => system.bootedAt)
    return judged(side.subject, { system: bootedAt }, ({ system: booted }) => {
      const madeAt = side.amphora?.createdAt
      const late = madeAt !== undefined && booted - madeAt > FIRST_BOOT_MS
      if (!late || now - booted > DAY_MS) return fine
      return holds(
        'info',
        side.subject,
        { amphora: side.id, minutes: Math.max(0, Math.floor((now - booted) / MINUTE_MS)) },
        [quoteAmphora(side.id, '/proc/stat', `btime ${Math.floor(booted / 1000)}`, bootedAt)],
        booted,
      )
    })
  }),
}

/** Everything that Octavia brings was stopped, the namespace last, which goes only when nobody needs it: the machine goes down. */
const shutDown: Rule = {
  id: 'amphora.shut-down',
  modes: [48],
  explains: [
    'keepalived.stopped',
    'haproxy.stopped',
    'agent.stopped',
    'vrrp.no-owner',
    'lb.offline',
  ],
  judge: eachSide((side, { facts: { now } }) =>
    judged(side.subject, { services: side.services }, ({ services }) => {
      const stopped = services.filter(({ active }) => active === 'inactive')
      const namespace = stopped.find(({ role }) => role === 'netns')
      const needed = stopped.filter(({ role }) => role === 'keepalived' || role === 'haproxy')
      if (!namespace || needed.length < 2) return fine
      if (isYoung(namespace.since, now, SHUT_DOWN_MS)) {
        return unjudged(side.subject, 'services', 'notYet')
      }
      return holds(
        'high',
        side.subject,
        { amphora: side.id },
        [namespace, ...needed].map((unit) => quoteUnit(side.id, unit, side.services)),
        namespace.since,
      )
    }),
  ),
}

/** Certificates of TLS listeners lie in memory: a restart loses them, and haproxy does not start without. */
const certificatesLost: Rule = {
  id: 'amphora.certificates-lost',
  modes: [47],
  explains: ['haproxy.stopped', 'amphora.restarted', 'vrrp.fault-check-script', 'vrrp.no-owner'],
  judge: eachSide((side, reading) => {
    const bootedAt = inspected(side, ({ system }) => system.bootedAt)
    return judged(
      side.subject,
      { system: bootedAt, services: side.haproxy, loadBalancer: reading.enabledListeners },
      ({ system: booted, services, loadBalancer: listeners }) => {
        const tls = listeners.some(({ protocol }) => protocol === 'TERMINATED_HTTPS')
        const madeAt = side.amphora?.createdAt
        const late = madeAt !== undefined && booted - madeAt > FIRST_BOOT_MS
        if (!tls || !late || services.active === 'active') return fine
        return holds(
          owns(side) === true ? 'critical' : 'high',
          side.subject,
          { amphora: side.id, unit: services.unit },
          [
            quoteAmphora(side.id, '/proc/stat', `btime ${Math.floor(booted / 1000)}`, bootedAt),
            quoteAmphora(
              side.id,
              `systemctl show ${services.unit}`,
              `ActiveState=${services.active}`,
              side.haproxy,
            ),
          ],
          booted,
        )
      },
    )
  }),
}

/** The interface of the VIP is not in the namespace. */
const interfaceMissing: Rule = {
  id: 'amphora.interface-missing',
  modes: [15],
  explains: [
    'vrrp.started-before-network',
    'keepalived.stopped',
    'vrrp.fault-interface',
    'vrrp.no-owner',
  ],
  judge: eachSide((side) => {
    const interfaces = inspected(side, ({ namespace }) => namespace.interfaces)
    const outer = valueOf(inspected(side, ({ namespace }) => namespace.outerInterfaces))
    return judged(side.subject, { interfaces }, ({ interfaces: all }) => {
      const name = vrrpInterface(side)
      if (all.some((each) => each.name === name)) return fine
      const strayed = outer?.some((each) => each.name === name)
      return holds('high', side.subject, { amphora: side.id, interface: name }, [
        quoteAmphora(
          side.id,
          'ip -n amphora-haproxy -j addr',
          `${
            all
              .map((each) => each.name)
              .slice(0, 20)
              .join(', ') || 'no interface'
          }${strayed ? `; ${name} is outside` : ''}`,
          interfaces,
        ),
      ])
    })
  }),
}

/** Rules about a single amphora. */
export const amphoraRules: readonly Rule[] = [
  missing,
  interfaceMissing,
  shutDown,
  certificatesLost,
  unreachable,
  inError,
  failoverStopped,
  hostKeyChanged,
  noSsh,
  restarted,
]

type Facts = Parameters<Rule['judge']>[0]
type Amphora = Extract<Facts['amphorae'], { value: unknown }>['value'][number]

const GONE = new Set<string>([
  'network.timeout',
  'network.unreachable',
  'ssh.timeout',
  'ssh.lost',
  'network.lost',
])

/** Whether nobody answers there. Who refuses now, and did not before, has lost its sshd: it is down or on its way. */
const isGone = ({ state, failure }: Connection): boolean =>
  failure?.reason !== undefined &&
  (GONE.has(failure.reason) || (state === 'lost' && failure.reason === 'ssh.refused'))

const subjectOf = (id: string, role?: string) =>
  ({ kind: 'amphora', id, ...(role && { name: role }) }) as const

/** One verdict for each amphora that the controller knows. */
function everyAmphora(
  { amphorae, loadBalancerId }: Facts,
  decide: (amphora: Amphora) => ReturnType<typeof holds> | undefined,
) {
  const known = valueOf(amphorae)
  if (!known) return judged({ kind: 'loadBalancer', id: loadBalancerId }, { amphorae }, () => fine)
  const found = known.flatMap((amphora) => decide(amphora) ?? [])
  return found.length ? found : fine
}
