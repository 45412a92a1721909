import { mapFact, valueOf } from '../fact'
import { quoteAmphora, quoteApi, quoteUnit } from './proof'
import { eachSide, eachSideOfPair, inspected, othersOf, unitsOf } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, listed, unjudged } from './verdict'
import { isYoung } from './vrrpOwner'

const DAY_MS = 86_400_000
/** Controllers renew 14 days before the end and look every hour: whoever is later than this is forgotten. */
const RENEWED_DAYS = 13
const URGENT_DAYS = 7
const RESTART_MS = 10_000
const TARGETS = 'health_manager.controller_ip_port_list'

/** Without its agent an amphora hears no controller and sends no heartbeat: it will be replaced. */
const stopped: Rule = {
  id: 'agent.stopped',
  modes: [27],
  explains: ['agent.heartbeat-silent', 'lb.offline'],
  judge: eachSide((side, { facts: { now } }) =>
    judged(side.subject, { services: unitsOf(side, 'agent') }, ({ services: [unit] }) => {
      if (!unit || (unit.active !== 'inactive' && unit.active !== 'failed')) return fine
      if (isYoung(unit.since, now, RESTART_MS)) {
        return unjudged(side.subject, 'services', 'notYet')
      }
      return holds(
        'high',
        side.subject,
        { amphora: side.id, unit: unit.unit, state: unit.active },
        [quoteUnit(side.id, unit, side.services)],
        unit.since,
      )
    }),
  ),
}

/** The agent has no controller to send heartbeats to, or another one than its neighbour. */
const heartbeatTarget: Rule = {
  id: 'agent.heartbeat-target',
  modes: [27],
  explains: ['agent.heartbeat-silent', 'lb.offline'],
  judge: eachSide((side, reading) => {
    const settings = inspected(side, ({ agent }) => agent.settings)
    return judged(side.subject, { agent: mapFact(settings, targetsOf) }, ({ agent: targets }) => {
      const other = othersOf(side, reading)
        .map((each) => valueOf(inspected(each, ({ agent }) => agent.settings)))
        .find((each) => each !== undefined)
      const expected = other && targetsOf(other)
      const same = !expected || expected.join() === targets.join()
      if (targets.length && (same || !isFirst(side.id, reading))) return fine
      return holds(
        targets.length ? 'medium' : 'high',
        side.subject,
        { amphora: side.id, targets: listed(targets), expected: listed(expected ?? []) },
        [
          quoteAmphora(
            side.id,
            '/etc/octavia/amphora-agent.conf',
            `controller_ip_port_list = ${targets.join(', ')}`,
            settings,
          ),
        ],
      )
    })
  }),
}

/** No heartbeat left the amphora while the console looked. */
const heartbeatSilent: Rule = {
  id: 'agent.heartbeat-silent',
  modes: [27],
  explains: ['lb.offline'],
  judge: eachSide((side) => {
    const heartbeats = inspected(side, ({ agent }) => agent.heartbeats)
    const settings = valueOf(inspected(side, ({ agent }) => agent.settings))
    return judged(side.subject, { heartbeats }, ({ heartbeats: { seconds, targets } }) => {
      const interval = Number(settings?.['health_manager.heartbeat_interval'] ?? 10)
      const sent = targets.reduce((sum, { count }) => sum + count, 0)
      if (sent > 0) return fine
      if (!(seconds >= 2 * interval)) {
        return unjudged(side.subject, 'heartbeats', 'notMeasured')
      }
      return holds('high', side.subject, { amphora: side.id, seconds: Math.round(seconds) }, [
        quoteAmphora(side.id, 'tcpdump udp port 5555', `0 packets in ${seconds} s`, heartbeats),
      ])
    })
  }),
}

/** Both sign their heartbeats with another key: the controller throws those of one away. */
const heartbeatKey: Rule = {
  id: 'agent.heartbeat-key',
  modes: [27],
  explains: ['lb.offline'],
  judge: eachSideOfPair((side, reading) => {
    if (!isFirst(side.id, reading)) return undefined
    const [other] = othersOf(side, reading)
    const digest = inspected(side, ({ agent }) => agent.heartbeatKeyDigest)
    const theirs = other
      ? inspected(other, ({ agent }) => agent.heartbeatKeyDigest)
      : ({ unknown: 'notMeasured' } as const)
    return judged(reading.pair, { agent: digest, heartbeats: theirs }, (known) => {
      if (known.agent === known.heartbeats) return fine
      return holds('high', reading.pair, { first: side.id, second: other?.id ?? '' }, [
        quoteAmphora(side.id, 'amphora-agent.conf', 'heartbeat_key: one', digest),
        quoteAmphora(other?.id ?? '', 'amphora-agent.conf', 'heartbeat_key: another', theirs),
      ])
    })
  }),
}

/** The agent's certificate ends, or has ended: then no controller can change anything here. */
const certificateExpiry: Rule = {
  id: 'agent.certificate-expiry',
  modes: [33],
  judge: eachSide((side, { facts }) => {
    const read = inspected(side, ({ agent }) => agent.certificate)
    const byApi = mapFact(facts.amphorae, () => side.amphora?.certificateExpiresAt)
    const end = valueOf(read)?.notAfter ?? valueOf(byApi)
    if (end === undefined || !Number.isFinite(end)) {
      const reason = 'unknown' in read ? read.unknown : 'notMeasured'
      return unjudged(side.subject, 'certificate', reason)
    }
    const days = Math.floor((end - facts.now) / DAY_MS)
    if (days >= RENEWED_DAYS) return fine
    const certificate = valueOf(read)
    const severity = days < 0 ? 'high' : days < URGENT_DAYS ? 'medium' : 'low'
    return holds(severity, side.subject, { amphora: side.id, days, end: dateOf(end) }, [
      certificate
        ? quoteAmphora(side.id, certificate.path, `notAfter=${dateOf(end)}`, read)
        : quoteApi(
            `GET /v2/octavia/amphorae/${side.id}`,
            'cert_expiration',
            dateOf(end),
            facts.amphorae,
          ),
    ])
  }),
}

/** The certificate lacks the key identifiers that strict TLS libraries ask for. */
const keyIdentifiers: Rule = {
  id: 'agent.certificate-key-identifiers',
  modes: [34],
  judge: eachSide((side) => {
    const read = inspected(side, ({ agent }) => agent.certificate)
    return judged(side.subject, { certificate: read }, ({ certificate }) => {
      if (certificate.keyIdentifiers === undefined) {
        return unjudged(side.subject, 'certificate', 'notMeasured')
      }
      if (certificate.keyIdentifiers) return fine
      return holds('info', side.subject, { amphora: side.id, path: certificate.path }, [
        quoteAmphora(
          side.id,
          certificate.path,
          `serial ${certificate.serial}: no key identifiers`,
          read,
        ),
      ])
    })
  }),
}

/** What the agent accepts controllers by has ended, or is not what its neighbour has. */
const clientCa: Rule = {
  id: 'agent.client-ca',
  modes: [35],
  judge: eachSide((side, reading) => {
    const read = inspected(side, ({ agent }) => agent.clientCa)
    return judged(side.subject, { certificate: read }, ({ certificate }) => {
      const other = othersOf(side, reading)
        .map((each) => valueOf(inspected(each, ({ agent }) => agent.clientCa)))
        .find((each) => each !== undefined)
      const ended = certificate.notAfter < reading.facts.now
      const differs = other && other.serial !== certificate.serial && isFirst(side.id, reading)
      if (!ended && !differs) return fine
      return holds(
        ended ? 'high' : 'medium',
        side.subject,
        {
          amphora: side.id,
          serial: certificate.serial,
          expected: other?.serial ?? '–',
          end: dateOf(certificate.notAfter),
        },
        [
          quoteAmphora(
            side.id,
            certificate.path,
            `serial=${certificate.serial} notAfter=${dateOf(certificate.notAfter)}`,
            read,
          ),
        ],
      )
    })
  }),
}

/** Rules about the amphora's agent and its heartbeats. */
export const agentRules: readonly Rule[] = [
  stopped,
  heartbeatTarget,
  heartbeatKey,
  heartbeatSilent,
  certificateExpiry,
  keyIdentifiers,
  clientCa,
]

const targetsOf = (settings: Readonly<Record<string, string>>): string[] =>
  (settings[TARGETS] ?? '')
    .split(',')
    .map((target) => target.trim())
    .filter(Boolean)
    .sort()

/** A difference is told once, at the first of both. */
const isFirst = (amphoraId: string, { sides }: Parameters<typeof othersOf>[1]): boolean =>
  sides[0]?.id === amphoraId

const dateOf = (at: number): string =>
  Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().slice(0, 10) : '?'
