import type { Reason } from '../../../../../preload/contract/error'
import {
  amphora,
  editFile,
  fact,
  inspection,
  live,
  loadBalancer,
  noAmphorae,
  noFiles,
  noInterfaces,
  NO_SSH,
  noServices,
  setUnit,
  side,
  value,
  type Cases,
} from './draft'
import type { FactsDraft } from './healthyFacts'
import { NOW } from './healthyPair'

const cut = (facts: FactsDraft, reason: Reason, ...indices: number[]): void => {
  for (const index of indices) {
    live(facts, index).connection = {
      state: 'failed',
      since: NOW - 60_000,
      failure: { code: 'unreachable', reason, message: reason },
    }
    delete side(facts, index).inspection
  }
}
const connecting = (facts: FactsDraft): void => {
  for (const each of facts.sides) each.live!.connection = { state: 'connecting', since: NOW }
}
const system = (facts: FactsDraft): void => {
  for (const index of [0, 1]) {
    const { system: known, namespace } = inspection(facts, index)
    known.bootedAt = NO_SSH
    known.versions = NO_SSH
    known.memory = NO_SSH
    known.disks = NO_SSH
    known.steal = NO_SSH
    namespace.conntrack = NO_SSH
    inspection(facts, index).clock = NO_SSH
    live(facts, index).clock = NO_SSH
  }
}

/** Rules about an amphora as a machine, and the release it runs. */
export const amphoraCases: Readonly<Record<string, Cases>> = {
  'amphora.missing': {
    holds: [
      (facts) => {
        value(facts.amphorae).pop()
      },
      (facts) => {
        facts.amphorae = fact([])
      },
    ],
    fine: (facts) => {
      // A failover is under way.
      value(facts.amphorae).pop()
      loadBalancer(facts).provisioningStatus = 'PENDING_UPDATE'
    },
    unknown: noAmphorae,
  },
  'amphora.error': {
    holds: (facts) => {
      amphora(facts, 1).status = 'ERROR'
    },
    unknown: noAmphorae,
  },
  'amphora.failover-stopped': {
    holds: (facts) => {
      amphora(facts).status = 'FAILOVER_STOPPED'
    },
    unknown: noAmphorae,
  },
  'amphora.interface-missing': {
    holds: (facts) => {
      value(inspection(facts).namespace.interfaces).splice(1, 1)
    },
    unknown: noInterfaces,
  },
  'amphora.certificates-lost': {
    holds: (facts) => {
      value(facts.detail).listeners[0]!.protocol = 'TERMINATED_HTTPS'
      inspection(facts).system.bootedAt = fact(NOW - 120_000)
      setUnit(facts, 0, 'haproxy', 'failed')
    },
    unknown: system,
  },
  'amphora.unreachable': {
    holds: (facts) => cut(facts, 'network.timeout', 1),
    unknown: connecting,
  },
  'amphora.shut-down': {
    holds: (facts) => {
      for (const role of ['keepalived', 'haproxy', 'netns'] as const)
        setUnit(facts, 1, role, 'inactive')
    },
    unknown: noServices,
  },
  'amphora.no-ssh': {
    holds: (facts) => cut(facts, 'ssh.refused', 0, 1),
    unknown: connecting,
  },
  'amphora.host-key-changed': {
    holds: (facts) => cut(facts, 'ssh.hostKeyChanged', 0),
    unknown: connecting,
  },
  'amphora.restarted': {
    holds: (facts) => {
      inspection(facts).system.bootedAt = fact(NOW - 120_000)
    },
    unknown: system,
  },
  'system.conntrack-full': {
    holds: (facts) => {
      inspection(facts).namespace.conntrack = fact({ count: 124_990, limit: 125_000 })
    },
    unknown: system,
  },
  'system.out-of-memory': {
    holds: (facts) => {
      inspection(facts).system.kernelMessages = fact([
        { at: NOW - 60_000, text: 'Out of memory: Killed process 805 (haproxy)' },
      ])
    },
    unknown: system,
  },
  'system.disk-full': {
    holds: (facts) => {
      value(inspection(facts).system.disks)[0]!.used = 1_990_000_000
    },
    unknown: system,
  },
  'system.cpu-steal': {
    holds: (facts) => {
      inspection(facts).system.steal = fact(34)
    },
    unknown: system,
  },
  'system.clock-skew': {
    holds: (facts) => {
      live(facts).clock = fact({ offsetMs: 4000, errorMs: 6 })
    },
    fine: (facts) => {
      // Apart by less than can be measured.
      live(facts).clock = fact({ offsetMs: 4000, errorMs: 3500 })
    },
    unknown: system,
  },
  'system.local-logs-off': {
    holds: (facts) => editFile(facts, 0, 'rsyslog', (text) => `${text}*.* stop\n`),
    unknown: noFiles,
  },
  'bug.ssl-cache-size': {
    holds: (facts) =>
      editFile(facts, 0, 'haproxy', (text) =>
        text.replace('    maxconn', '    tune.ssl.cachesize 93721\n    maxconn'),
      ),
    fine: (facts) => {
      value(inspection(facts).system.versions).agent = '15.1.0'
      editFile(facts, 0, 'haproxy', (text) => `${text}\n    tune.ssl.cachesize 1\n`)
    },
    unknown: system,
  },
  'bug.udp-rebalance': {
    holds: (facts) => {
      value(facts.detail).listeners[0]!.protocol = 'UDP'
    },
    unknown: system,
  },
  'bug.heartbeat-update': {
    holds: (facts) => {
      value(inspection(facts).agent.heartbeats).targets[0]!.address = '10.77.0.9:5555'
    },
    unknown: system,
  },
}
