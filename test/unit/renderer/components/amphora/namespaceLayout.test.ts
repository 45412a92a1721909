import { expect, it } from 'vitest'
import type { NamespaceFacts, NetworkInterface } from '../../../../../preload/contract/inspect'
import type { Amphora, LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'
import { knownAddresses } from '../../../../../renderer/components/amphora/knownAddresses'
import { namespaceLayout } from '../../../../../renderer/components/amphora/namespaceLayout'
import { namesOf } from '../../../../../renderer/components/amphora/resourceNames'
import { identitiesOf } from '../../../../../renderer/components/pair/identity'

const device = (name: string, ...addresses: string[]): NetworkInterface => ({
  ...{ name, state: 'UP', carrier: true, mtu: 1500 },
  addresses: addresses.map((address) => ({ address, prefixLength: 24, family: 4, flags: [] })),
})
const unknown = { unknown: 'ssh.refused' as const }
const value = <T>(known: T) => ({ value: known, at: 0 })
const facts = (wishes: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  interfaces: value([
    device('lo', '127.0.0.1'),
    device('eth1', '10.0.0.11', '10.0.0.9'),
    device('eth2', '10.1.0.5'),
  ]),
  outerInterfaces: value([device('lo', '127.0.0.1'), device('eth0', '172.16.0.4')]),
  routes: value([{ table: 'main', destination: 'default', gateway: '10.0.0.1', device: 'eth1' }]),
  neighbours: value([
    { address: '10.1.0.77', device: 'eth2', state: 'STALE' },
    { address: '10.1.0.20', device: 'eth2', state: 'FAILED' },
    { address: '10.0.0.12', device: 'eth1', state: 'REACHABLE' },
  ]),
  ...{ rules: unknown, sockets: unknown, nft: unknown, conntrack: unknown },
  ...wishes,
})
const detail = {
  loadBalancer: { id: '1-b', name: 'shop', vipAddress: '10.0.0.9', additionalVips: [] },
  listeners: [{ id: 'listener', name: 'web', protocol: 'HTTP', port: 80 }],
  pools: [
    {
      ...{ id: 'pool', name: 'pool1', protocol: 'HTTP' },
      members: [{ id: 'member', name: 'web1', address: '10.1.0.20', port: 8080 }],
    },
  ],
} as unknown as LoadBalancerDetail
const amphorae = [
  {
    ...{ id: 'aaaaaaaa-1', role: 'MASTER' },
    ...{ vrrpAddress: '10.0.0.11', managementAddress: '172.16.0.4' },
  },
  { id: 'bbbbbbbb-2', vrrpAddress: '10.0.0.12', role: 'BACKUP' },
] as unknown as Amphora[]
const identities = identitiesOf(amphorae.map(({ id }) => id))
const known = knownAddresses('aaaaaaaa-1', detail, amphorae, identities)

it('puts each interface on its side, management outside the namespace', () => {
  const { rows } = namespaceLayout(facts(), known)
  expect(rows.map((row) => [row.device.name, row.side])).toEqual([
    ['eth0', 'management'],
    ['lo', 'loopback'],
    ['eth1', 'vip'],
    ['eth2', 'member'],
  ])
})

it('marks the VIP among the addresses, and names who is at the other end', () => {
  const { rows } = namespaceLayout(facts(), known)
  expect(rows[2]?.addresses).toEqual([
    { text: '10.0.0.11/24', isVip: false },
    { text: '10.0.0.9/24', isVip: true },
  ])
  expect(rows[2]?.ends).toEqual([
    { kind: 'gateway', address: '10.0.0.1', name: '', state: undefined },
    { kind: 'peer', address: '10.0.0.12', name: 'B bbbbbbbb', state: 'REACHABLE' },
  ])
  expect(rows[3]?.ends.map(({ kind, name }) => [kind, name])).toEqual([
    ['member', 'web1'],
    ['neighbour', ''],
  ])
})

it('draws no box over another, and nothing outside of the picture', () => {
  const { rows, inside, outside, height } = namespaceLayout(facts(), known)
  rows.slice(1).forEach((row, i) => {
    const before = rows[i]!
    expect(row.top).toBeGreaterThanOrEqual(before.top + before.height)
  })
  expect(inside.top).toBeGreaterThanOrEqual(outside!.top + outside!.height)
  expect(inside.top + inside.height).toBeLessThanOrEqual(height)
})

it('leaves out what is not known, and counts what does not fit', () => {
  const many = Array.from({ length: 9 }, (_, i) => `10.0.0.${20 + i}`)
  const layout = namespaceLayout(
    facts({ outerInterfaces: unknown, interfaces: value([device('eth1', ...many)]) }),
    known,
  )
  expect(layout.outside).toBeUndefined()
  expect([layout.rows[0]?.addresses.length, layout.rows[0]?.moreAddresses]).toEqual([6, 3])
  expect(namespaceLayout(facts({ interfaces: unknown }), known).rows).toHaveLength(1)
})

it('names ids as people do, with dashes and without', () => {
  const names = namesOf(detail, amphorae, identities)
  expect(names.get('member')).toEqual({ kind: 'member', name: 'web1 10.1.0.20:8080' })
  expect(names.get('listener')?.name).toBe('web HTTP 80')
  expect(names.get('aaaaaaaa-1')?.name).toBe('A aaaaaaaa 172.16.0.4')
  expect(names.get('1b')).toEqual({ kind: 'loadBalancer', name: 'shop' })
  expect(namesOf(undefined, [], identities).size).toBe(0)
})
