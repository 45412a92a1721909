import type { Unknown } from '../../../preload/contract/common'
import type { HaproxyRow } from '../../../preload/contract/inspect'
import { valueOf } from '../fact'
import { quoteAmphora, quoteLine, quoteUnit } from './proof'
import {
  eachSide,
  inspected,
  isDatagram,
  othersOf,
  owns,
  unitsOf,
  type Reading,
  type Side,
} from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, listed, unjudged } from './verdict'
import { isYoung } from './vrrpOwner'

/** systemd starts a killed haproxy anew within this. */
const RESTART_MS = 2000
const CRASH_TOLD_MS = 60 * 60_000
const FULL_PERCENT = 95

/** haproxy does not run although there is something to serve. */
const stopped: Rule = {
  id: 'haproxy.stopped',
  modes: [11],
  explains: ['vrrp.fault-check-script', 'vrrp.no-owner', 'members.all-down', 'lb.offline'],
  judge: eachSide((side, reading) =>
    judged(
      side.subject,
      { services: side.haproxy, loadBalancer: reading.served },
      ({ services, loadBalancer: { byHaproxy } }) => {
        if (!byHaproxy || (services.active !== 'inactive' && services.active !== 'failed')) {
          return fine
        }
        if (isYoung(services.since, reading.facts.now, RESTART_MS)) {
          return unjudged(side.subject, 'services', 'notYet')
        }
        return holds(
          severityOf(side, reading),
          side.subject,
          { amphora: side.id, unit: services.unit, state: services.active },
          [quoteUnit(side.id, services, side.haproxy), scriptLine(side)],
          services.since,
        )
      },
    ),
  ),
}

/** haproxy runs and does not answer: its socket is silent, and the check script fails. */
const hung: Rule = {
  id: 'haproxy.hung',
  modes: [11],
  explains: ['vrrp.fault-check-script', 'vrrp.no-owner', 'lb.offline'],
  judge: eachSide((side, reading) => {
    const info = inspected(side, ({ haproxy }) => haproxy.info)
    return judged(
      side.subject,
      { services: side.haproxy, loadBalancer: reading.served },
      ({ services, loadBalancer: { byHaproxy } }) => {
        if ('value' in info || !byHaproxy || services.active !== 'active') return fine
        if (!SILENT.has(info.unknown)) return unjudged(side.subject, 'haproxy', info.unknown)
        return holds(
          severityOf(side, reading),
          side.subject,
          { amphora: side.id, unit: services.unit },
          [
            quoteUnit(side.id, services, side.haproxy),
            quoteAmphora(side.id, 'show info', 'no answer', info),
            scriptLine(side),
          ],
        )
      },
    )
  }),
}

/** haproxy ended by itself and was started anew: every connection was cut. */
const crashed: Rule = {
  id: 'haproxy.crashed',
  modes: [40],
  judge: eachSide((side, { facts: { now } }) =>
    judged(side.subject, { services: unitsOf(side, 'haproxy') }, ({ services }) => {
      const unit = services.find(
        ({ restarts, since }) =>
          (restarts ?? 0) > 0 && since !== undefined && now - since <= CRASH_TOLD_MS,
      )
      if (!unit) return fine
      return holds(
        (unit.restarts ?? 0) > 1 ? 'medium' : 'low',
        side.subject,
        { amphora: side.id, unit: unit.unit, times: unit.restarts ?? 0 },
        [quoteUnit(side.id, unit, side.services), killed(side)],
        unit.since,
      )
    }),
  ),
}

/** A listener has reached its connection limit: the next client waits or is refused. */
const connectionLimit: Rule = {
  id: 'haproxy.connection-limit',
  modes: [],
  judge: eachSide((side) => {
    const stat = inspected(side, ({ haproxy }) => haproxy.stat)
    return judged(side.subject, { haproxy: stat }, ({ haproxy: rows }) => {
      const full = rows.filter((row) => isListener(row) && isFull(row))
      const [first] = full
      if (!first) return fine
      return holds(
        owns(side) === false ? 'low' : 'critical',
        side.subject,
        {
          amphora: side.id,
          listeners: listed(full.map(({ proxy }) => proxy)),
          connections: first.columns['scur'] ?? '',
          limit: first.columns['slim'] ?? '',
        },
        [
          quoteAmphora(
            side.id,
            'show stat',
            `${first.proxy},FRONTEND scur=${first.columns['scur'] ?? ''} slim=${first.columns['slim'] ?? ''} status=${first.status}`,
            stat,
          ),
        ],
      )
    })
  }),
}

/** The two haproxy do not exchange their tables: clients lose their member at the next failover. */
const peersApart: Rule = {
  id: 'haproxy.peers-apart',
  modes: [38, 39],
  judge: eachSide((side, reading) => {
    if (!reading.isPair) return undefined
    const info = inspected(side, ({ haproxy }) => haproxy.info)
    return judged(side.subject, { haproxy: info }, ({ haproxy: told }) => {
      const active = Number(told['ActivePeers'] ?? 0)
      const connected = told['ConnectedPeers']
      if (reading.pending || active < 1 || connected !== '0') return fine
      // A fresh haproxy needs some seconds to find its peer.
      if (Number(told['Uptime_sec'] ?? 0) < 60) return fine
      // Whom it cannot reach is ill itself, and that is told there.
      if (othersOf(side, reading).some((other) => !runs(other))) return fine
      return holds('medium', side.subject, { amphora: side.id }, [
        quoteAmphora(side.id, 'show info', `ActivePeers: ${active} ConnectedPeers: 0`, info),
      ])
    })
  }),
}

/** Whether haproxy runs there and can be reached, as far as anybody knows. */
const runs = ({ haproxy, facts: { live } }: Side): boolean =>
  (valueOf(haproxy)?.active ?? 'active') === 'active' &&
  (live === undefined || live.connection.state === 'live')

/** UDP and SCTP listeners are served by a keepalived of their own, and it does not run. */
const lvsStopped: Rule = {
  id: 'lvs.stopped',
  modes: [43],
  judge: eachSide((side, reading) =>
    judged(
      side.subject,
      { services: unitsOf(side, 'lvs'), loadBalancer: reading.enabledListeners },
      ({ services, loadBalancer }) => {
        const datagrams = loadBalancer.filter(({ protocol }) => isDatagram(protocol))
        if (!datagrams.length) return fine
        const dead = services.filter(
          ({ active, unit }) =>
            active !== 'active' && datagrams.some(({ id }) => unit.includes(id)),
        )
        const [first] = dead
        if (!first) return fine
        if (isYoung(first.since, reading.facts.now, RESTART_MS)) {
          return unjudged(side.subject, 'services', 'notYet')
        }
        return holds(
          owns(side) === false ? 'high' : 'critical',
          side.subject,
          { amphora: side.id, unit: first.unit, units: listed(dead.map(({ unit }) => unit)) },
          dead.slice(0, 3).map((unit) => quoteUnit(side.id, unit, side.services)),
          first.since,
        )
      },
    ),
  ),
}

/** Rules about haproxy, and the LVS that stands beside it. */
export const haproxyRules: readonly Rule[] = [
  stopped,
  hung,
  crashed,
  connectionLimit,
  peersApart,
  lvsStopped,
]

/** Reasons that mean that somebody was asked and did not answer. */
const SILENT = new Set<Unknown>(['amphora.haproxySilent', 'ssh.timeout', 'network.timeout'])

/** Clients suffer where the VIP is; elsewhere at the next failover. */
const severityOf = (side: Side, reading: Reading) =>
  owns(side) === true || reading.ownership.kind === 'none' ? 'critical' : 'high'

const isListener = ({ kind, proxy }: HaproxyRow): boolean =>
  kind === 'frontend' && !proxy.includes('prometheus')

function isFull({ status, columns }: HaproxyRow): boolean {
  const limit = Number(columns['slim'])
  return status === 'FULL' || (limit > 0 && (Number(columns['scur']) / limit) * 100 >= FULL_PERCENT)
}

const lastScriptLine = ({ facts }: Side) =>
  valueOf(facts.lines)?.findLast(
    ({ meaning }) => meaning === 'scriptFailed' || meaning === 'scriptSucceeded',
  )

function scriptLine(side: Side) {
  const line = lastScriptLine(side)
  return line?.meaning === 'scriptFailed' ? quoteLine(line, side.facts.lines) : undefined
}

function killed(side: Side) {
  const messages = inspected(side, ({ system }) => system.kernelMessages)
  const message = valueOf(messages)?.findLast(({ text }) => /oom|Out of memory/i.test(text))
  return message && quoteAmphora(side.id, 'kernel', message.text, messages)
}
