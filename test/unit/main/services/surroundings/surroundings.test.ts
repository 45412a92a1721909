import { expect, it } from 'vitest'
import { AppError } from '../../../../../preload/contract/error'
import type { Amphora, LoadBalancer } from '../../../../../preload/contract/loadBalancer'
import type { ApiCall, CloudApi } from '../../../../../main/services/cloudApi'
import { ComputeChecks } from '../../../../../main/services/surroundings/computeChecks'
import { NetworkChecks } from '../../../../../main/services/surroundings/networkChecks'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const GONE = '33333333-3333-4333-8333-333333333333'
const { signal } = new AbortController()

/** Answers what is in the table by path, refuses what is an error in it, and knows nothing else. */
function api(table: Record<string, unknown>): { api: CloudApi; calls: ApiCall[] } {
  const calls: ApiCall[] = []
  return {
    calls,
    api: {
      octaviaMinor: () => 26,
      call: (_cloud, _service, call) => {
        calls.push(call)
        const found = table[call.path] ?? AppError.because('neutron.notFound', call.path)
        const body =
          typeof found === 'function' ? (found as (call: ApiCall) => unknown)(call) : found
        if (body instanceof Error) return Promise.reject(body)
        return Promise.resolve({
          ...{ status: 200, headers: {}, body, at: 1000, durationMs: 1, evidence: call.path },
        })
      },
    },
  }
}

const port = (change: Record<string, unknown>) => ({
  id: 'port-a',
  name: `octavia-lb-vrrp-${A}`,
  status: 'ACTIVE',
  admin_state_up: true,
  device_id: 'server-a',
  device_owner: 'compute:nova',
  fixed_ips: [{ subnet_id: 'subnet', ip_address: '192.168.30.11' }],
  allowed_address_pairs: [{ ip_address: '192.168.30.101', mac_address: 'fa:16:3e:00:00:01' }],
  security_groups: ['group'],
  port_security_enabled: true,
  qos_policy_id: null,
  'binding:host_id': 'host-1',
  ...change,
})

const loadBalancer = {
  id: 'lb',
  vipPortId: 'vip',
  vipSubnetId: 'subnet',
  vipNetworkId: 'network',
} as LoadBalancer
const amphorae = [
  { id: A, vrrpPortId: 'port-a', computeId: 'server-a' },
  { id: B, vrrpPortId: 'port-b', computeId: 'server-b' },
] as Amphora[]

const TABLE = {
  '/v2.0/ports/vip': { port: port({ id: 'vip', name: 'octavia-lb-lb', status: 'DOWN' }) },
  '/v2.0/ports/port-a': { port: port({}) },
  '/v2.0/ports/port-b': { port: port({ id: 'port-b', name: `octavia-lb-vrrp-${B}` }) },
  '/v2.0/security-groups/group': {
    security_group: {
      id: 'group',
      name: 'lb-lb',
      security_group_rules: [
        { id: 'r1', direction: 'ingress', ethertype: 'IPv4', protocol: 'VRRP' },
        {
          ...{ id: 'r2', direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp' },
          ...{ port_range_min: 80, port_range_max: 80, remote_ip_prefix: null },
        },
      ],
    },
  },
  '/v2.0/ports': {
    ports: [
      port({}),
      port({ id: 'orphan', name: `octavia-lb-vrrp-${GONE}` }),
      port({ id: 'other', name: 'somebody else' }),
    ],
  },
  '/v2.0/network-ip-availabilities/network': {
    network_ip_availability: {
      subnet_ip_availability: [{ subnet_id: 'subnet', total_ips: 253, used_ips: 250 }],
    },
  },
}

it('tells the ports of a pair, their groups, orphans and the addresses that are left', async () => {
  const facts = await new NetworkChecks(api(TABLE).api).read(
    ...(['cloud', loadBalancer, amphorae, new Set([A, B]), signal] as const),
  )
  expect(facts.vipPort).toMatchObject({ value: { id: 'vip', status: 'DOWN' }, at: 1000 })
  expect(facts.vrrpPorts[A]).toEqual({
    at: 1000,
    evidence: '/v2.0/ports/port-a',
    value: {
      id: 'port-a',
      name: `octavia-lb-vrrp-${A}`,
      status: 'ACTIVE',
      adminStateUp: true,
      deviceId: 'server-a',
      deviceOwner: 'compute:nova',
      fixedAddresses: [{ address: '192.168.30.11', subnetId: 'subnet' }],
      allowedAddresses: ['192.168.30.101'],
      securityGroupIds: ['group'],
      portSecurityEnabled: true,
      hostId: 'host-1',
    },
  })
  expect(facts.securityGroups).toMatchObject({
    value: [
      {
        id: 'group',
        rules: [
          { id: 'r1', protocol: 'vrrp' },
          { id: 'r2', protocol: 'tcp', portFrom: 80, portTo: 80 },
        ],
      },
    ],
  })
  expect(facts.orphans).toMatchObject({ value: [{ id: 'orphan' }] })
  expect(facts.freeAddresses).toMatchObject({ value: 3 })
})

it.each(['neutron.notFound', 'neutron.forbidden'] as const)(
  'says that Neutron does not tell free addresses, and not that the network is gone: %s',
  async (reason) => {
    const availability = Object.keys(TABLE).find((path) => path.includes('ip-availabilities'))!
    const facts = await new NetworkChecks(
      api({ ...TABLE, [availability]: AppError.because(reason, 'no') }).api,
    ).read('cloud', loadBalancer, amphorae, new Set([A, B]), signal)
    expect(facts.freeAddresses).toMatchObject({ unknown: 'neutron.addressesUntold' })
    expect(facts.vipPort).toHaveProperty('value')
  },
)

it('says of each part why it is not known, and reads the others', async () => {
  const forbidden = AppError.because('neutron.forbidden', 'no')
  const facts = await new NetworkChecks(
    api({ ...TABLE, '/v2.0/ports/port-b': forbidden, '/v2.0/ports': { ports: 'no list' } }).api,
  ).read('cloud', loadBalancer, amphorae, new Set([A, B]), signal)
  expect(facts.vrrpPorts[A]).toHaveProperty('value')
  expect(facts.vrrpPorts[B]).toMatchObject({ unknown: 'neutron.forbidden' })
  // A group that only the unreadable port is in would be missed: so nothing is said about groups.
  expect(facts.securityGroups).toMatchObject({ unknown: 'neutron.forbidden' })
  expect(facts.orphans).toMatchObject({ unknown: 'answer.malformed' })
})

it('does not take for empty what Neutron leaves out', async () => {
  const bare: Record<string, unknown> = port({ id: 'port-b' })
  delete bare['allowed_address_pairs']
  const facts = await new NetworkChecks(
    api({
      ...TABLE,
      '/v2.0/ports/port-b': { port: bare },
      '/v2.0/security-groups/group': { security_group: { id: 'group', name: 'lb-lb' } },
    }).api,
  ).read('cloud', loadBalancer, amphorae, undefined, signal)
  expect(facts.vrrpPorts[B]).toMatchObject({ unknown: 'answer.malformed' })
  expect(facts.securityGroups).toMatchObject({ unknown: 'answer.malformed' })
})

it('takes no port for an orphan while it does not know all amphorae', async () => {
  const { api: cloud, calls } = api(TABLE)
  const facts = await new NetworkChecks(cloud).read(
    ...(['cloud', loadBalancer, amphorae, undefined, signal] as const),
  )
  expect(facts.orphans).toMatchObject({ unknown: 'octavia.forbidden' })
  expect(calls.map(({ path }) => path)).not.toContain('/v2.0/ports')
})

const server = (change: Record<string, unknown>) => ({
  id: 'server-a',
  name: `amphora-${A}`,
  status: 'ACTIVE',
  'OS-EXT-STS:task_state': null,
  'OS-EXT-SRV-ATTR:host': 'host-1',
  image: { id: 'image' },
  ...change,
})

it('tells the machines of a pair, what was done to them, their group and strays', async () => {
  const { api: cloud, calls } = api({
    '/servers/server-a': { server: server({}) },
    '/servers/server-a/os-instance-actions': {
      instanceActions: [{ action: 'evacuate', start_time: '2026-11-22T10:00:00.000000' }],
    },
    '/servers/server-b': { server: server({ id: 'server-b', name: `amphora-${B}`, image: '' }) },
    '/servers/server-b/os-instance-actions': AppError.because('compute.forbidden', 'no'),
    '/os-server-groups': {
      server_groups: [
        { policies: ['affinity'], members: ['other'] },
        { policy: 'anti-affinity', members: ['server-a', 'server-b'] },
      ],
    },
    '/servers/detail': (call: ApiCall) =>
      call.query?.['marker'] === undefined
        ? {
            servers: [server({}), server({ id: 'stray', name: `amphora-${GONE}` })],
            servers_links: [{ rel: 'next', href: 'more' }],
          }
        : { servers: [server({ id: 'mine', name: 'amphora-of-a-tenant' })] },
  })
  const facts = await new ComputeChecks(cloud).read('cloud', amphorae, new Set([A, B]), signal)
  expect(facts.servers[A]).toMatchObject({
    value: {
      host: 'host-1',
      imageId: 'image',
      actions: [{ action: 'evacuate', at: Date.UTC(2026, 10, 22, 10) }],
    },
  })
  expect(facts.servers[B]).toMatchObject({ value: { id: 'server-b', actions: [] } })
  expect(facts.servers[B]).not.toHaveProperty('value.imageId')
  expect(facts.groupPolicies).toMatchObject({ value: ['anti-affinity'] })
  expect(facts.strays).toMatchObject({ value: [{ id: 'stray' }] })
  expect(calls.filter(({ path }) => path === '/servers/detail')).toHaveLength(2)
})

it('is quiet where there is no Nova', async () => {
  const none = AppError.because('catalog.noService', 'compute')
  const { api: cloud } = api({
    ...{ '/servers/server-a': none, '/servers/server-b': none },
    ...{ '/os-server-groups': none, '/servers/detail': none },
  })
  const facts = await new ComputeChecks(cloud).read('cloud', amphorae, new Set([A, B]), signal)
  expect(facts.servers[A]).toMatchObject({ unknown: 'catalog.noService' })
  expect(facts.groupPolicies).toMatchObject({ unknown: 'catalog.noService' })
})
