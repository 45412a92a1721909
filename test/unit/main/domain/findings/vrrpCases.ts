import {
  fact,
  inspection,
  keepalived,
  live,
  loadBalancer,
  log,
  noAddresses,
  noAmphorae,
  noDetail,
  noFiles,
  noInterfaces,
  noLog,
  noOwner,
  noServices,
  noState,
  NO_SSH,
  setState,
  setUnit,
  side,
  twoOwners,
  value,
  type Cases,
} from './draft'
import { counters } from './healthyFacts'
import { NOW } from './healthyPair'

const NAME = '(7a1f3c5294c44d6e9a1b0c5d3e7f8a10)'
const CONFIG = '/var/lib/octavia/vrrp/octavia-keepalived.conf'

/** Rules about VRRP. */
export const vrrpCases: Readonly<Record<string, Cases>> = {
  'vrrp.two-owners': { holds: twoOwners, unknown: noAddresses },
  'vrrp.no-owner': { holds: noOwner, unknown: noAddresses },
  'vrrp.keepalived-dead-vip-kept': {
    holds: (facts) => setUnit(facts, 0, 'keepalived', 'failed'),
    unknown: noServices,
  },
  'vrrp.vip-removed': {
    holds: (facts) => {
      live(facts).vips = fact([])
      live(facts).vrrp = fact('MASTER')
    },
    fine: (facts) => {
      live(facts).vips = fact([])
      live(facts).vrrp = fact('BACKUP')
    },
    unknown: noState,
  },
  'vrrp.role-is-not-state': {
    holds: (facts) => {
      facts.ownership = { kind: 'one', amphoraId: side(facts, 1).amphoraId, confirmed: true }
      live(facts, 1).vips = live(facts).vips
      live(facts).vips = fact([])
    },
    unknown: noAmphorae,
  },
  'vrrp.auth-mismatch': {
    holds: [
      (facts) => log(facts, 0, `${NAME} received an invalid passwd!`),
      (facts) => log(facts, 1, `${NAME} received an invalid passwd from 10.77.1.11!`),
      (facts) => {
        const last = counters({ sent: 5, authenticationFailures: 5 })
        side(facts, 1).counters = fact({ first: counters({}), last, seconds: 5 })
      },
    ],
    fine: (facts) =>
      log(
        facts,
        1,
        `${NAME} received an invalid passwd!`,
        `${NAME} Master received advert from 10.77.1.11 with higher priority 100, ours 90`,
        `${NAME} Entering BACKUP STATE`,
      ),
    unknown: (facts) => {
      noLog(facts)
      for (const each of facts.sides) each.counters = NO_SSH
    },
  },
  'vrrp.router-id-mismatch': {
    holds: (facts) => keepalived(facts, /virtual_router_id 1/, 'virtual_router_id 99'),
    unknown: noFiles,
  },
  'vrrp.peer-mismatch': {
    holds: (facts) => keepalived(facts, /10\.77\.1\.12/, '10.77.1.99'),
    unknown: noFiles,
  },
  'vrrp.advert-interval-mismatch': {
    holds: [
      (facts) => keepalived(facts, /advert_int 1/, 'advert_int 5', 1),
      (facts) => log(facts, 0, `${NAME} advertisement interval mismatch mine=5 sec rcv'd=1 sec`),
    ],
    unknown: (facts) => {
      noFiles(facts)
      noLog(facts)
      for (const each of facts.sides) each.counters = NO_SSH
    },
  },
  'vrrp.vip-set-mismatch': {
    holds: (facts) => keepalived(facts, /(virtual_ipaddress \{\s+)10\.77\.1\.100/, '$110.77.1.200'),
    unknown: noFiles,
  },
  'vrrp.adverts-blocked': {
    holds: twoOwners,
    unknown: (facts) => {
      twoOwners(facts)
      side(facts).counters = NO_SSH
    },
  },
  'vrrp.adverts-one-way': {
    holds: (facts) => {
      twoOwners(facts)
      const last = counters({ sent: 5, received: 5 })
      side(facts).counters = fact({ first: counters({}), last, seconds: 5 })
    },
    unknown: noState,
  },
  'vrrp.started-before-network': {
    holds: (facts) => {
      setUnit(facts, 1, 'keepalived', 'failed')
      log(
        facts,
        1,
        `Configuration file ${CONFIG}`,
        `(${CONFIG}: Line 10) WARNING - interface eth1 for vrrp_instance 7a1f doesn't exist`,
        'Non-existent interface specified in configuration',
        'pid 119 exited with permanent error CONFIG. Terminating',
      )
    },
    unknown: noLog,
  },
  'vrrp.config-rejected': {
    holds: (facts) =>
      log(
        facts,
        0,
        `Configuration file ${CONFIG}`,
        `(${CONFIG}: Line 14) Unknown keyword 'acceptt'`,
      ),
    fine: (facts) =>
      log(
        facts,
        0,
        `(${CONFIG}: Line 14) Unknown keyword 'acceptt'`,
        `Configuration file ${CONFIG}`,
        'Reload complete',
      ),
    unknown: noLog,
  },
  'keepalived.stopped': {
    holds: (facts) => setUnit(facts, 1, 'keepalived', 'inactive'),
    unknown: noServices,
  },
  'vrrp.fault-interface': {
    holds: [
      (facts) => {
        setState(facts, 1, 'FAULT')
        value(inspection(facts, 1).namespace.interfaces)[1]!.carrier = false
      },
      (facts) => {
        setState(facts, 1, 'FAULT')
        noInterfaces(facts)
        log(facts, 1, 'Netlink reports eth1 down', `${NAME} Entering FAULT STATE`)
      },
    ],
    unknown: (facts) => {
      noState(facts)
      noInterfaces(facts)
    },
  },
  'vrrp.source-missing': {
    holds: (facts) => {
      value(inspection(facts, 1).namespace.interfaces)[1]!.addresses = []
    },
    unknown: noInterfaces,
  },
  'vrrp.check-script-broken': {
    holds: (facts) =>
      log(facts, 1, 'Error exec-ing command "check_script.sh", error 8: Exec format error'),
    unknown: noLog,
  },
  'vrrp.fault-check-script': {
    holds: (facts) => {
      setState(facts, 1, 'FAULT')
      log(facts, 1, 'VRRP_Script(check_script) failed (exited with status 1)')
    },
    fine: (facts) => {
      // Without a listener the script fails by design.
      setState(facts, 1, 'FAULT')
      value(facts.detail).listeners = []
      log(facts, 1, 'VRRP_Script(check_script) failed (exited with status 1)')
    },
    unknown: noState,
  },
  'vrrp.duplicate-address': {
    holds: (facts) => {
      value(inspection(facts).namespace.interfaces)[1]!.addresses.push({
        address: '2001:db8::100',
        prefixLength: 128,
        family: 6,
        flags: ['dadfailed', 'tentative'],
      })
    },
    fine: (facts) => {
      // The kernel looks for duplicates for a second.
      value(inspection(facts).namespace.interfaces)[1]!.addresses[0]!.flags = ['tentative']
    },
    unknown: noInterfaces,
  },
  'vrrp.priority-changed': {
    holds: (facts) => keepalived(facts, /priority 100/, 'priority 80'),
    unknown: noFiles,
  },
  'vrrp.nopreempt-cleared': {
    holds: () => undefined,
    fine: (facts) => keepalived(facts, / {4}state MASTER\n/, ''),
    unknown: noFiles,
  },
  'vrrp.garp-refresh-off': {
    holds: (facts) => keepalived(facts, /garp_master_refresh 5/, 'garp_master_refresh 0'),
    unknown: noFiles,
  },
  'vrrp.frozen': {
    holds: [
      (facts) => log(facts, 0, 'A thread timer expired 5.655203 seconds ago'),
      (facts) => {
        side(facts).counters = fact({ first: counters({}), last: counters({}), seconds: 5 })
      },
    ],
    fine: (facts) => {
      log(facts, 0, 'A thread timer expired 1.200000 seconds ago')
      // It became MASTER after its counters were looked at.
      live(facts).lastTransition = fact(NOW - 2000)
      side(facts).counters = fact({ first: counters({}), last: counters({}), seconds: 5 })
    },
    unknown: noLog,
  },
  'vrrp.child-died': {
    holds: (facts) => log(facts, 0, 'VRRP child process(508) died: Respawning'),
    unknown: noLog,
  },
  'vrrp.stepped-down-unexplained': {
    holds: (facts) => log(facts, 0, `${NAME} Entering BACKUP STATE`),
    fine: (facts) =>
      log(
        facts,
        0,
        `${NAME} Master received advert from 10.77.1.12 with higher priority 110, ours 100`,
        `${NAME} Entering BACKUP STATE`,
      ),
    unknown: noLog,
  },
  'vrrp.flapping': {
    holds: (facts) => {
      for (const index of [0, 1])
        log(facts, index, ...Array<string>(3).fill(`${NAME} Entering MASTER STATE`))
    },
    unknown: noLog,
  },
  'vrrp.config-drift': {
    holds: (facts) => {
      value(facts.comparisons![0]!).differences.push({
        path: 'vrrp_instance.accept',
        left: 'accept',
        leftLine: 7,
        kind: 'drift',
        why: 'missing',
      })
    },
    unknown: (facts) => {
      delete facts.comparisons
    },
  },
  'lb.no-listener-no-vip': {
    holds: (facts) => {
      noOwner(facts)
      value(facts.detail).listeners = []
      loadBalancer(facts).listenerIds = []
    },
    unknown: noDetail,
  },
}
