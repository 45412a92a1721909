import {
  amphora,
  because,
  editFile,
  fact,
  inspection,
  loadBalancer,
  noAmphorae,
  noDetail,
  noFiles,
  noServices,
  NO_SSH,
  setUnit,
  value,
  type Cases,
} from './draft'
import type { FactsDraft } from './healthyFacts'
import { LISTENER, NOW } from './healthyPair'

const agent = (facts: FactsDraft): void => {
  for (const index of [0, 1]) {
    const known = inspection(facts, index).agent
    known.settings = NO_SSH
    known.heartbeatKeyDigest = NO_SSH
    known.certificate = NO_SSH
    known.clientCa = NO_SSH
    known.heartbeats = NO_SSH
    known.complaints = NO_SSH
  }
}
const haproxy = (facts: FactsDraft): void => {
  for (const index of [0, 1]) {
    const known = inspection(facts, index).haproxy
    known.info = NO_SSH
    known.stat = NO_SSH
  }
}
const TARGETS = 'health_manager.controller_ip_port_list'

/** Rules about haproxy, members and the agent. */
export const serviceCases: Readonly<Record<string, Cases>> = {
  'haproxy.stopped': {
    holds: (facts) => setUnit(facts, 0, 'haproxy', 'inactive'),
    fine: (facts) => {
      setUnit(facts, 0, 'haproxy', 'inactive')
      value(facts.detail).listeners = []
    },
    unknown: noServices,
  },
  'haproxy.hung': {
    holds: (facts) => {
      inspection(facts).haproxy.info = because('amphora.haproxySilent')
    },
    unknown: haproxy,
  },
  'haproxy.crashed': {
    holds: (facts) => {
      const unit = value(inspection(facts).services).find(({ role }) => role === 'haproxy')!
      Object.assign(unit, { restarts: 2, since: NOW - 60_000 })
    },
    unknown: noServices,
  },
  'haproxy.connection-limit': {
    holds: (facts) => {
      value(inspection(facts).haproxy.stat)[0]!.columns['scur'] = '1999'
    },
    unknown: haproxy,
  },
  'haproxy.peers-apart': {
    holds: (facts) => {
      value(inspection(facts).haproxy.info)['ConnectedPeers'] = '0'
    },
    fine: (facts) => {
      Object.assign(value(inspection(facts).haproxy.info), { ConnectedPeers: '0', Uptime_sec: '5' })
    },
    unknown: haproxy,
  },
  'lvs.stopped': {
    holds: (facts) => {
      value(facts.detail).listeners[0]!.protocol = 'UDP'
      value(inspection(facts).services).push({
        role: 'lvs',
        unit: `octavia-keepalivedlvs-${LISTENER}.service`,
        load: 'loaded',
        active: 'failed',
        sub: 'failed',
        since: NOW - 60_000,
      })
    },
    unknown: noServices,
  },
  'haproxy.drift': {
    holds: (facts) => {
      value(facts.comparisons!.find(({ what }) => what === 'haproxyApi')!).differences.push({
        path: 'backend.server',
        right: '10.77.2.23:8080',
        rightLine: 47,
        kind: 'drift',
        why: 'missing',
      })
    },
    unknown: (facts) => {
      facts.comparisons = facts.comparisons!.map(({ what }) => ({ what, ...NO_SSH }))
    },
  },
  'lvs.drift': {
    holds: (facts) => {
      value(facts.comparisons!.find(({ what }) => what === 'lvs')!).differences.push({
        path: 'listener.group ipv4-group member.weight',
        left: '1',
        leftLine: 23,
        right: '2',
        rightLine: 23,
        kind: 'drift',
        why: 'memberSetting',
      })
    },
    unknown: (facts) => {
      facts.comparisons = facts.comparisons!.map(({ what }) => ({ what, ...NO_SSH }))
    },
  },
  'haproxy.peers-incomplete': {
    holds: (facts) =>
      editFile(facts, 0, 'haproxy', (text) =>
        text.replace(/ {4}peer \S+ 10\.77\.1\.12:1025\n/, ''),
      ),
    unknown: noFiles,
  },
  'haproxy.config-refused': {
    holds: (facts) => {
      loadBalancer(facts).provisioningStatus = 'ERROR'
      inspection(facts).agent.complaints = fact([
        'ERROR octavia: [ALERT] (3902) : config : Error(s) found in configuration file : haproxy.cfg.new',
      ])
    },
    unknown: agent,
  },
  'haproxy.foreign-lines': {
    holds: (facts) =>
      editFile(facts, 0, 'haproxy', (text) => `${text}\n    compression algo gzip\n`),
    unknown: noFiles,
  },
  'members.all-down': {
    holds: [
      (facts) => {
        for (const row of value(inspection(facts).haproxy.stat))
          if (row.kind === 'server') row.status = 'DOWN'
      },
      (facts) => {
        haproxy(facts)
        for (const member of value(facts.detail).pools[0]!.members) member.operatingStatus = 'ERROR'
      },
    ],
    fine: (facts) => {
      // Taken out of service by a person.
      for (const row of value(inspection(facts).haproxy.stat))
        if (row.kind === 'server') row.status = 'MAINT'
    },
    unknown: noDetail,
  },
  'members.some-down': {
    holds: (facts) => {
      value(inspection(facts).haproxy.stat).find(({ kind }) => kind === 'server')!.status =
        'DOWN 1/2'
    },
    unknown: noDetail,
  },
  'agent.stopped': {
    holds: (facts) => setUnit(facts, 1, 'agent', 'failed'),
    unknown: noServices,
  },
  'agent.heartbeat-target': {
    holds: [
      (facts) => {
        value(inspection(facts, 1).agent.settings)[TARGETS] = ''
      },
      (facts) => {
        value(inspection(facts).agent.settings)[TARGETS] = '10.77.0.9:5555'
      },
    ],
    unknown: agent,
  },
  'agent.heartbeat-silent': {
    holds: (facts) => {
      inspection(facts).agent.heartbeats = fact({ seconds: 25, targets: [] })
    },
    unknown: (facts) => {
      // Too short a look.
      for (const index of [0, 1])
        inspection(facts, index).agent.heartbeats = fact({ seconds: 3, targets: [] })
    },
  },
  'agent.heartbeat-key': {
    holds: (facts) => {
      inspection(facts, 1).agent.heartbeatKeyDigest = fact('another')
    },
    unknown: agent,
  },
  'agent.certificate-expiry': {
    holds: [
      (facts) => {
        value(inspection(facts).agent.certificate).notAfter = NOW - 1
      },
      (facts) => {
        agent(facts)
        amphora(facts, 1).certificateExpiresAt = NOW + 3 * 86_400_000
      },
    ],
    unknown: (facts) => {
      agent(facts)
      noAmphorae(facts)
    },
  },
  'agent.certificate-key-identifiers': {
    holds: (facts) => {
      value(inspection(facts).agent.certificate).keyIdentifiers = false
    },
    unknown: (facts) => {
      for (const index of [0, 1])
        delete value(inspection(facts, index).agent.certificate).keyIdentifiers
    },
  },
  'agent.client-ca': {
    holds: (facts) => {
      value(inspection(facts, 1).agent.clientCa).serial = '02'
    },
    unknown: agent,
  },
}
