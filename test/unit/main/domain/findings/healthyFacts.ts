import type { Amphora, LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'
import type { LogLine } from '../../../../../preload/contract/pair'
import type {
  LoadBalancerFacts,
  PortFacts,
  SideFacts,
  VrrpCounters,
} from '../../../../../main/domain/findings/facts'
import { classify } from '../../../../../main/domain/keepalived/classify'
import { inspection, live } from './healthyAmphora'
import {
  DAY,
  FIRST,
  GROUP,
  IDS,
  isFirst,
  known,
  LISTENER,
  LOAD_BALANCER,
  LONG_AGO,
  MEMBERS,
  NOW,
  number,
  POOL,
  SECOND,
  VIP,
} from './healthyPair'

/** What tests may change anything of. */
type Draft<T> = T extends (infer E)[] | readonly (infer E)[]
  ? Draft<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Draft<T[K]> }
    : T
export type FactsDraft = Draft<LoadBalancerFacts>

/** A pair of Octavia 11.0.0, keepalived 2.2.7 and haproxy 2.6.12, as it was captured, with nothing wrong; the clouds' values stand for a small cloud. */
export function healthyFacts(): FactsDraft {
  return structuredClone<LoadBalancerFacts>({
    loadBalancerId: LOAD_BALANCER,
    now: NOW,
    detail: known(detail()),
    amphorae: known([amphora('amp1'), amphora('amp2')]),
    sides: [side('amp1'), side('amp2')],
    ownership: { kind: 'one', amphoraId: FIRST, since: LONG_AGO, confirmed: true },
    comparisons: (
      ['keepalived', 'haproxy', 'haproxyApi', 'keepalivedApi', 'lvs', 'lvsApi'] as const
    ).map((what) => ({
      ...known({
        what,
        left: { title: 'left', text: '' },
        right: { title: 'right', text: '' },
        differences: [
          {
            path: 'vrrp_instance.priority',
            left: '100',
            right: '90',
            kind: 'expected',
            why: 'role',
          },
        ],
      }),
      what,
    })),
    network: {
      vipPort: known({ ...port('amp1'), id: 'vip-port', status: 'DOWN', adminStateUp: false }),
      vrrpPorts: { [FIRST]: known(port('amp1')), [SECOND]: known(port('amp2')) },
      securityGroups: known([
        {
          id: GROUP,
          name: `lb-${LOAD_BALANCER}`,
          rules: [
            rule('ingress', { protocol: '112' }),
            rule('ingress', { protocol: '51' }),
            rule('ingress', { protocol: 'tcp', portFrom: 80, portTo: 80 }),
            rule('ingress', { protocol: 'tcp', portFrom: 1025, portTo: 1025 }),
            rule('egress', {}),
          ],
        },
      ]),
      orphans: known([]),
      freeAddresses: known(200),
    },
    compute: {
      servers: { [FIRST]: known(server('amp1')), [SECOND]: known(server('amp2')) },
      groupPolicies: known(['anti-affinity']),
      strays: known([]),
    },
  }) as FactsDraft
}

const dates = { createdAt: NOW - 5 * DAY, updatedAt: NOW - 2 * DAY }
const states = {
  provisioningStatus: 'ACTIVE',
  operatingStatus: 'ONLINE',
  adminStateUp: true,
  tags: [],
  ...dates,
}

function detail(): LoadBalancerDetail {
  return {
    loadBalancer: {
      ...states,
      id: LOAD_BALANCER,
      name: 'web',
      description: '',
      projectId: '5f1c8b1d2f3a4e6c9b7a8d0e1f2a3b4c',
      vipAddress: VIP,
      vipPortId: 'vip-port',
      vipSubnetId: 'vip-subnet',
      vipNetworkId: 'vip-network',
      additionalVips: [],
      provider: 'amphora',
      listenerIds: [LISTENER],
      poolIds: [POOL],
    },
    listeners: [
      {
        ...states,
        id: LISTENER,
        name: 'http',
        description: '',
        protocol: 'HTTP',
        port: 80,
        connectionLimit: 2000,
        defaultPoolId: POOL,
        l7PolicyIds: [],
        allowedCidrs: [],
      },
    ],
    pools: [
      {
        ...states,
        id: POOL,
        name: 'pool',
        description: '',
        protocol: 'HTTP',
        algorithm: 'ROUND_ROBIN',
        listenerIds: [LISTENER],
        memberIds: [...MEMBERS],
        members: MEMBERS.map((id, index) => ({
          ...states,
          id,
          name: `web${index + 1}`,
          address: `10.77.2.2${index + 1}`,
          port: 8080,
          weight: 1,
          backup: false,
        })),
        healthMonitor: {
          ...states,
          id: 'monitor',
          name: 'monitor',
          type: 'HTTP',
          delay: 5,
          timeout: 3,
          maxRetries: 2,
          maxRetriesDown: 3,
        },
      },
    ],
    at: NOW - 2000,
    requestIds: ['req-1'],
  }
}

const amphora = (who: 'amp1' | 'amp2'): Amphora => ({
  id: IDS[who],
  loadBalancerId: LOAD_BALANCER,
  computeId: `server-${number(who)}`,
  managementAddress: `10.77.0.1${number(who)}`,
  vrrpAddress: `10.77.1.1${number(who)}`,
  vipAddress: VIP,
  vrrpPortId: `vrrp-port-${number(who)}`,
  vipPortId: 'vip-port',
  role: isFirst(who) ? 'MASTER' : 'BACKUP',
  status: 'ALLOCATED',
  vrrpInterface: 'eth1',
  vrrpId: 1,
  vrrpPriority: isFirst(who) ? 100 : 90,
  certificateExpiresAt: NOW + 25 * DAY,
  imageId: 'image-1',
  ...dates,
})

function side(who: 'amp1' | 'amp2'): SideFacts {
  return {
    amphoraId: IDS[who],
    live: live(who),
    inspection: inspection(who),
    lines: known(healthyStart(who)),
    counters: known({
      first: counters(isFirst(who) ? { sent: 3600 } : { received: 3600 }),
      last: counters(isFirst(who) ? { sent: 3605 } : { received: 3605 }),
      seconds: 5,
    }),
  }
}

export const counters = (counted: Partial<VrrpCounters>): VrrpCounters => ({
  sent: 0,
  received: 0,
  becameMaster: 0,
  releasedMaster: 0,
  authenticationFailures: 0,
  authenticationTypeMismatches: 0,
  advertIntervalErrors: 0,
  addressListErrors: 0,
  ttlErrors: 0,
  lengthErrors: 0,
  priorityZeroReceived: 0,
  priorityZeroSent: 0,
  ...counted,
})

const port = (who: 'amp1' | 'amp2'): PortFacts => ({
  id: `vrrp-port-${number(who)}`,
  name: `octavia-lb-vrrp-${IDS[who]}`,
  status: 'ACTIVE',
  adminStateUp: true,
  deviceId: `server-${number(who)}`,
  deviceOwner: 'compute:nova',
  fixedAddresses: [{ address: `10.77.1.1${number(who)}`, subnetId: 'vip-subnet' }],
  allowedAddresses: [VIP],
  securityGroupIds: [GROUP],
  portSecurityEnabled: true,
  hostId: `host-${number(who)}`,
})

const rule = (
  direction: string,
  fields: { protocol?: string; portFrom?: number; portTo?: number },
) => ({
  id: `rule-${direction}-${fields.protocol ?? 'any'}`,
  direction,
  ethertype: 'IPv4',
  ...fields,
})

const server = (who: 'amp1' | 'amp2') => ({
  id: `server-${number(who)}`,
  name: `amphora-${IDS[who]}`,
  status: 'ACTIVE',
  host: `host-${number(who)}`,
  imageId: 'image-1',
  actions: [{ action: 'create', at: NOW - 5 * DAY }],
})

/** Lines of one's own making, such as a log would hold. */
export const logged = (amphoraId: string, text: string, ago = 1000): LogLine => ({
  amphoraId,
  at: NOW - ago,
  rawAt: NOW - ago,
  errorMs: 5,
  cursor: `${ago}`,
  identifier: text.startsWith('octavia-') ? 'systemd' : 'Keepalived_vrrp',
  text,
  meaning: classify(text).meaning,
})

/** What a healthy keepalived writes when it starts, its two frightening lines too. */
function healthyStart(who: 'amp1' | 'amp2'): LogLine[] {
  const texts = [
    'Starting Keepalived v2.2.7 (01/16,2022)',
    'Configuration file /var/lib/octavia/vrrp/octavia-keepalived.conf',
    "Script user 'keepalived_script' does not exist",
    'SECURITY VIOLATION - scripts are being executed but script_security not enabled.',
    ...(isFirst(who)
      ? [
          `(${LOAD_BALANCER.replaceAll('-', '')}) Warning - nopreempt will not work with initial state MASTER - clearing`,
        ]
      : []),
    'Startup complete',
    'VRRP_Script(check_script) succeeded',
    `(${LOAD_BALANCER.replaceAll('-', '')}) Entering BACKUP STATE`,
    ...(isFirst(who) ? [`(${LOAD_BALANCER.replaceAll('-', '')}) Entering MASTER STATE`] : []),
  ]
  return texts.map((text, index) => logged(IDS[who], text, 3_600_000 - index))
}
