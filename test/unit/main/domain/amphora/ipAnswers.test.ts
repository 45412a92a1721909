import { describe, expect, it } from 'vitest'
import {
  parseInterfaces,
  parseNeighbours,
  parseRoutes,
  parseRoutingRules,
} from '../../../../../main/domain/amphora/ipAnswers'
import { capture } from '../captures'

describe('answers of ip', () => {
  it('tell interfaces with their addresses', () => {
    const found = parseInterfaces(capture('pair/ip-j-addr.master.json'))!
    expect(found.map(({ name }) => name)).toEqual(['lo', 'eth1', 'eth2'])
    expect(found[1]).toMatchObject({ state: 'UP', carrier: true, mtu: 1450 })
    expect(found[1]!.addresses.map(({ address, prefixLength }) => [address, prefixLength])).toEqual(
      [
        ['10.77.1.11', 24],
        ['10.77.1.100', 32],
        ['fe80::f816:3eff:fe77:111', 64],
      ],
    )
    expect(found[1]).not.toHaveProperty('received')
  })

  it('tell counters where they are printed', () => {
    const [, eth1] = parseInterfaces(capture('amphora/links.json'))!
    expect(eth1!.received!.octets).toBeGreaterThan(eth1!.received!.packets)
    expect(eth1!.sent).toMatchObject({ errors: 0, dropped: 9 })
  })

  it('tell an interface without a carrier, and an address that is not to be used', () => {
    const [eth1] = parseInterfaces(
      JSON.stringify([
        {
          ifname: 'eth1',
          flags: ['NO-CARRIER', 'BROADCAST', 'UP'],
          operstate: 'LOWERLAYERDOWN',
          mtu: 1500,
          addr_info: [{ family: 'inet6', local: 'fd00::9', prefixlen: 128, dadfailed: true }],
        },
        {},
      ]),
    )!
    expect(eth1).toMatchObject({ carrier: false, state: 'LOWERLAYERDOWN' })
    expect(eth1!.addresses).toEqual([
      { address: 'fd00::9', prefixLength: 128, family: 6, flags: ['dadfailed'] },
    ])
  })

  it('tell routes of every table and family', () => {
    const routes = parseRoutes(capture('amphora/routes.json'))!
    expect(routes.filter(({ table }) => table === '1')).toEqual([
      {
        ...{ table: '1', destination: 'default', gateway: '10.77.1.1', device: 'eth1' },
        protocol: 'keepalived',
      },
      {
        ...{ table: '1', destination: '10.77.1.0/24', device: 'eth1', source: '10.77.1.100' },
        ...{ protocol: 'keepalived', scope: 'link' },
      },
    ])
    expect(routes.find(({ destination }) => destination === 'fe80::/64')?.table).toBe('main')
    expect(routes.find(({ type }) => type === 'broadcast')?.table).toBe('local')
  })

  it('tell each next hop, numbers of tables and protocols, and a gateway of another family', () => {
    const routes = parseRoutes(
      '[{"dst":"default","table":7,"protocol":18,"nexthops":[{"gateway":"10.0.0.1","dev":"eth1"},{"gateway":"10.0.0.2","dev":"eth2"}]},{"type":"blackhole","dst":"10.9.0.0/16"},{"dst":"10.8.0.0/16","via":{"family":"inet6","host":"fe80::1"},"dev":"eth1"}]',
    )
    expect(routes).toEqual([
      { table: '7', destination: 'default', protocol: '18', gateway: '10.0.0.1', device: 'eth1' },
      { table: '7', destination: 'default', protocol: '18', gateway: '10.0.0.2', device: 'eth2' },
      { table: 'main', destination: '10.9.0.0/16', type: 'blackhole' },
      { table: 'main', destination: '10.8.0.0/16', gateway: 'fe80::1', device: 'eth1' },
    ])
  })

  it('tell rules, single addresses without a length', () => {
    expect(parseRoutingRules(capture('amphora/rules.json'))).toContainEqual({
      ...{ priority: 100, from: '10.77.1.100', table: '1', protocol: 'keepalived' },
    })
    expect(
      parseRoutingRules('[{"priority":5,"src":"10.0.0.0","srclen":24,"dst":"10.1.0.1","table":9}]'),
    ).toEqual([{ priority: 5, from: '10.0.0.0/24', to: '10.1.0.1', table: '9' }])
  })

  it('tell neighbours', () => {
    const [first] = parseNeighbours(capture('amphora/neighbours.json'))!
    expect(first).toEqual({
      ...{ address: '10.77.1.12', device: 'eth1', mac: 'fa:16:3e:77:01:12', state: 'REACHABLE' },
    })
  })

  it('are nothing when they are cut or no JSON', () => {
    const cut = capture('amphora/routes.json').slice(0, -9)
    for (const text of [cut, 'RTNETLINK answers: …', '{"dst":"default"}', 'null']) {
      expect(parseRoutes(text)).toBeUndefined()
      expect(parseRoutingRules(text)).toBeUndefined()
      expect(parseNeighbours(text)).toBeUndefined()
      expect(parseInterfaces(text)).toBeUndefined()
    }
    expect(parseInterfaces('[]')).toBeUndefined()
  })

  it('are empty where older releases print nothing, and joined where they print two arrays', () => {
    expect(parseNeighbours('')).toEqual([])
    expect(parseRoutes('[{"dst":"10.0.0.0/8"}]\n[{"dst":"fe80::/64"}]\n')).toHaveLength(2)
  })
})
