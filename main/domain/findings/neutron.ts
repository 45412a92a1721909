import type { Fact } from '../../../preload/contract/common'
import { canonicalAddress } from '../ip'
import type { PortFacts, SecurityGroupFacts } from './facts'
import { notKnown, valueOf } from '../fact'
import { covers, isIpv6 } from './prefix'
import { quoteApi } from './proof'
import { eachSide, owns, whole, type Reading, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged, listed } from './verdict'

/** The VRRP port does not let the VIP through: port security drops whatever is sent from it. */
const addressPairs: Rule = {
  id: 'neutron.address-pairs',
  modes: [4],
  judge: eachSide((side, reading) =>
    judged(
      side.subject,
      { vrrpPort: portOf(side, reading), loadBalancer: reading.vips },
      ({ vrrpPort: port, loadBalancer: vips }) => {
        if (port.portSecurityEnabled === false) return fine
        const own = new Set(port.fixedAddresses.map(({ address }) => canonicalAddress(address)))
        const missing = vips.filter(
          (vip) => !own.has(vip) && !port.allowedAddresses.some((pair) => covers(pair, vip)),
        )
        if (!missing.length) return fine
        return holds(
          owns(side) === true ? 'critical' : 'high',
          side.subject,
          { amphora: side.id, port: port.id, vip: listed(missing), address: missing[0] ?? '' },
          [
            quoteApi(
              `GET /v2.0/ports/${port.id}`,
              'allowed_address_pairs',
              port.allowedAddresses.slice(0, 10),
              portOf(side, reading),
            ),
          ],
        )
      },
    ),
  ),
}

/** No rule lets VRRP in: both amphorae become MASTER. */
const securityGroup: Rule = {
  id: 'neutron.security-group',
  modes: [2],
  explains: ['vrrp.adverts-blocked', 'vrrp.adverts-one-way', 'vrrp.two-owners', 'vrrp.flapping'],
  judge: eachSide((side, reading) => {
    if (!reading.isPair) return undefined
    return withGroups(side, reading, (port, groups, proofs) => {
      const ethertype = isIpv6(reading.loadBalancer?.vipAddress ?? '') ? 'IPv6' : 'IPv4'
      const open = ingressOf(groups).some(
        ({ ethertype: family, protocol }) =>
          family === ethertype && (!protocol || protocol === '112' || protocol === 'vrrp'),
      )
      if (open) return fine
      return holds(
        'high',
        side.subject,
        { amphora: side.id, group: listed(groups.map(({ name, id }) => name || id)), ethertype },
        proofs(),
      )
    })
  }),
}

/** The VRRP port has lost the load balancer's security group: nothing gets in. */
const securityGroupLost: Rule = {
  id: 'neutron.security-group-lost',
  modes: [3],
  explains: ['neutron.security-group', 'neutron.listener-port', 'vrrp.two-owners'],
  judge: eachSide((side, reading) =>
    judged(side.subject, { vrrpPort: portOf(side, reading) }, ({ vrrpPort: port }) => {
      if (port.portSecurityEnabled === false || port.securityGroupIds.length) return fine
      return holds(
        owns(side) === true ? 'critical' : 'high',
        side.subject,
        { amphora: side.id, port: port.id, group: `lb-${reading.facts.loadBalancerId}` },
        [quoteApi(`GET /v2.0/ports/${port.id}`, 'security_groups', [], portOf(side, reading))],
      )
    }),
  ),
}

/** No rule lets clients reach the port of a listener. */
const listenerPort: Rule = {
  id: 'neutron.listener-port',
  modes: [3],
  judge: eachSide((side, reading) =>
    withGroups(side, reading, (_port, groups, proofs) => {
      const listeners = valueOf(reading.enabledListeners) ?? []
      const rules = ingressOf(groups)
      const shut = listeners.filter(({ protocol, port }) => {
        const wanted = protocol === 'UDP' || protocol === 'SCTP' ? protocol.toLowerCase() : 'tcp'
        return !rules.some(
          (rule) =>
            (!rule.protocol || NUMBERS[rule.protocol] === wanted || rule.protocol === wanted) &&
            (rule.portFrom ?? 0) <= port &&
            port <= (rule.portTo ?? rule.portFrom ?? 65_535),
        )
      })
      if (!shut.length || reading.pending) return fine
      return holds(
        owns(side) === false ? 'high' : 'critical',
        side.subject,
        {
          amphora: side.id,
          listeners: listed(shut.map(({ name, id, port }) => `${name || id} (${port})`)),
          group: listed(groups.map(({ name, id }) => name || id)),
        },
        proofs(),
      )
    }),
  ),
}

/** Another QoS policy is on a VRRP port than the load balancer asks for. */
const qos: Rule = {
  id: 'neutron.qos',
  modes: [25],
  judge: eachSide((side, reading) =>
    judged(
      side.subject,
      { vrrpPort: portOf(side, reading), loadBalancer: reading.facts.detail },
      ({ vrrpPort: port, loadBalancer: { loadBalancer } }) => {
        const wanted = loadBalancer.vipQosPolicyId ?? '–'
        const actual = port.qosPolicyId ?? '–'
        if (wanted === actual || reading.pending) return fine
        return holds(
          'medium',
          side.subject,
          { amphora: side.id, port: port.id, policy: actual, expected: wanted },
          [
            quoteApi(
              `GET /v2.0/ports/${port.id}`,
              'qos_policy_id',
              port.qosPolicyId ?? null,
              portOf(side, reading),
            ),
            quoteApi(
              `GET /v2/lbaas/loadbalancers/${loadBalancer.id}`,
              'vip_qos_policy_id',
              loadBalancer.vipQosPolicyId ?? null,
              reading.facts.detail,
            ),
          ],
        )
      },
    ),
  ),
}

/** A VRRP port is switched off, or Neutron has nothing at its other end. */
const portDown: Rule = {
  id: 'neutron.port-down',
  modes: [15],
  judge: eachSide((side, reading) =>
    judged(side.subject, { vrrpPort: portOf(side, reading) }, ({ vrrpPort: port }) => {
      const down = !port.adminStateUp || port.status === 'DOWN' || port.status === 'ERROR'
      if (!down || reading.pending) return fine
      return holds(
        owns(side) === true && port.adminStateUp ? 'medium' : 'high',
        side.subject,
        { amphora: side.id, port: port.id, status: port.status },
        [
          quoteApi(
            `GET /v2.0/ports/${port.id}`,
            'status, admin_state_up',
            [port.status, port.adminStateUp],
            portOf(side, reading),
          ),
        ],
      )
    }),
  ),
}

/** The VIP's port is gone from Neutron: its address may be given to somebody else. */
const vipPortMissing: Rule = {
  id: 'neutron.vip-port-missing',
  modes: [22],
  judge: whole(({ facts, loadBalancer }) => {
    const { vipPort } = facts.network
    const subject = { kind: 'loadBalancer', id: facts.loadBalancerId } as const
    return missingPort(subject, vipPort, 'vipPort', {
      port: loadBalancer?.vipPortId ?? '',
      vip: loadBalancer?.vipAddress ?? '',
    })
  }),
}

/** The port of an amphora is gone from Neutron. */
const vrrpPortMissing: Rule = {
  id: 'neutron.vrrp-port-missing',
  modes: [22],
  judge: eachSide((side, reading) =>
    reading.pending
      ? undefined
      : missingPort(side.subject, portOf(side, reading), 'vrrpPort', {
          amphora: side.id,
          port: side.amphora?.vrrpPortId ?? '',
        }),
  ),
}

/** Rules about what Neutron has for the amphorae. */
export const neutronRules: readonly Rule[] = [
  vipPortMissing,
  vrrpPortMissing,
  securityGroupLost,
  addressPairs,
  securityGroup,
  listenerPort,
  portDown,
  qos,
]

function missingPort(
  subject: Side['subject'],
  port: Fact<PortFacts>,
  what: 'vipPort' | 'vrrpPort',
  values: Readonly<Record<string, string>>,
): Verdict {
  if ('unknown' in port && port.unknown === 'neutron.notFound') {
    return holds('critical', subject, values, [
      quoteApi(`GET /v2.0/ports/${values['port'] ?? ''}`, 'status', 404, port),
    ])
  }
  return judged(subject, { [what]: port }, () => fine)
}

const portOf = ({ id }: Side, { facts }: Reading): Fact<PortFacts> =>
  (Object.hasOwn(facts.network.vrrpPorts, id) ? facts.network.vrrpPorts[id] : undefined) ??
  notKnown('notMeasured')

/** Judges by the groups of a side's port; only where port security looks at them, and all of them are known. */
function withGroups(
  side: Side,
  reading: Reading,
  decide: (
    port: PortFacts,
    groups: readonly SecurityGroupFacts[],
    proofs: () => ReturnType<typeof quoteApi>[],
  ) => Verdict,
): Verdict {
  const all = reading.facts.network.securityGroups
  return judged(
    side.subject,
    { vrrpPort: portOf(side, reading), securityGroups: all },
    ({ vrrpPort: port, securityGroups }) => {
      if (port.portSecurityEnabled === false) return fine
      const groups = securityGroups.filter(({ id }) => port.securityGroupIds.includes(id))
      if (!groups.length || groups.length < new Set(port.securityGroupIds).size) return fine
      return decide(port, groups, () =>
        groups
          .slice(0, 3)
          .map((group) =>
            quoteApi(
              `GET /v2.0/security-groups/${group.id}`,
              'security_group_rules',
              ingressOf([group]).slice(0, 12).map(briefly),
              all,
            ),
          ),
      )
    },
  )
}

const ingressOf = (groups: readonly SecurityGroupFacts[]) =>
  groups.flatMap(({ rules }) => rules.filter(({ direction }) => direction === 'ingress'))

const briefly = ({
  ethertype,
  protocol,
  portFrom,
  portTo,
}: SecurityGroupFacts['rules'][number]): string =>
  `${ethertype} ${protocol ?? 'any'}${portFrom === undefined ? '' : ` ${portFrom}-${portTo ?? portFrom}`}`

const NUMBERS: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' }
