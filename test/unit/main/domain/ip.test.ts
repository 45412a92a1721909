import { describe, expect, it } from 'vitest'
import { canonicalAddress, parseAddresses, parseMonitorLine } from '../../../../main/domain/ip'
import { capture, lines } from './captures'

const VIP = '10.77.1.100'

describe('parseAddresses', () => {
  it('finds the VIP on the master only', () => {
    const owner = (side: string) =>
      parseAddresses(capture(`pair/ip-j-addr.${side}.json`))
        .find(({ name }) => name === 'eth1')
        ?.addresses.map(({ address, prefix }) => `${address}/${prefix}`)
    expect(owner('master')).toContain(`${VIP}/32`)
    expect(owner('backup')).not.toContain(`${VIP}/32`)
    expect(owner('backup')).toContain('10.77.1.12/24')
  })

  it('reads an interface', () => {
    const [, eth1] = parseAddresses(capture('pair/ip-j-addr.master.json'))
    expect(eth1).toMatchObject({
      name: 'eth1',
      index: 3,
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      operState: 'UP',
      mtu: 1450,
      mac: 'fa:16:3e:77:01:11',
    })
    expect(eth1?.addresses[1]).toEqual({
      family: 'inet',
      address: VIP,
      prefix: 32,
      scope: 'global',
      tentative: false,
    })
  })

  it('leaves out what a filter has emptied', () => {
    const address = { family: 'inet6', local: 'fd00::9', prefixlen: 128, tentative: true }
    const answer = JSON.stringify([{}, { ifname: 'eth1', addr_info: [{}, address] }])
    expect(parseAddresses(answer)).toEqual([
      {
        name: 'eth1',
        flags: [],
        addresses: [{ family: 'inet6', address: 'fd00::9', prefix: 128, tentative: true }],
      },
    ])
  })

  it.each(['', '[{"ifname":"eth1"', 'Cannot open network namespace', '{}', 'null'])(
    'does not take %j for an answer',
    (answer) => {
      expect(() => parseAddresses(answer)).toThrow(
        expect.objectContaining({ reason: 'answer.malformed' }),
      )
    },
  )
})

describe('parseMonitorLine', () => {
  const came = Date.UTC(2026, 10, 22, 11, 1, 41)

  it('tells what came and what went, to the microsecond', () => {
    const events = lines('pair/ip-ts-o-monitor.txt').flatMap(
      (line) => parseMonitorLine(line, 0) ?? [],
    )
    expect(events.slice(0, 3)).toEqual([
      {
        at: came + 149.45,
        deleted: false,
        interface: 'eth1',
        address: VIP,
        prefix: 32,
        tentative: false,
      },
      {
        at: came + 203.193,
        deleted: false,
        interface: 'eth1',
        address: '2001:db8::100',
        prefix: 128,
        tentative: true,
      },
      {
        at: came + 257.161,
        deleted: true,
        interface: 'eth1',
        address: VIP,
        prefix: 32,
        tentative: false,
      },
    ])
    expect(events).toHaveLength(5)
  })

  it('reads the form of two lines per event alike', () => {
    const events = lines('pair/ip-ts-monitor.txt').flatMap(
      (line) => parseMonitorLine(line, 0) ?? [],
    )
    expect(events.map(({ address, deleted }) => [address, deleted])).toEqual([
      [VIP, false],
      ['2001:db8::100', false],
      [VIP, true],
      ['2001:db8::100', true],
      ['fe80::cc04:81ff:fe50:4862', true],
    ])
  })

  it('takes the stamp for local time of the given zone', () => {
    const line =
      '[2026-11-22T18:01:41.149450] 3: eth1@if4    inet 10.77.1.100/32 scope global eth1\\'
    expect(parseMonitorLine(line, 420)).toMatchObject({ at: came + 149.45, interface: 'eth1' })
  })

  it.each([
    '',
    '       valid_lft forever preferred_lft forever',
    '[2026-11-22T11:01:44.197345] local 10.77.1.100 dev eth1 table local proto kernel',
    '[2026-11-22T11:01:44.193553] 3: eth1@p1: <BROADCAST> mtu 1500 qdisc noop state DOWN',
    '3: eth1    inet 10.77.1.100/32 scope global eth1',
  ])('passes over %j', (line) => {
    expect(parseMonitorLine(line, 0)).toBeUndefined()
  })
})

describe('canonicalAddress', () => {
  it.each([
    ['10.77.1.100', '10.77.1.100'],
    ['2001:DB8::100', '2001:db8:0:0:0:0:0:100'],
    ['2001:0db8:0000:0000:0000:0000:0000:0100', '2001:db8:0:0:0:0:0:100'],
    ['::ffff:10.0.0.1', '0:0:0:0:0:ffff:a00:1'],
    ['fe80::1%eth1', 'fe80:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['1::2::3', '1::2::3'],
    ['not an address', 'not an address'],
  ])('writes %s as %s', (address, canonical) => {
    expect(canonicalAddress(address)).toBe(canonical)
  })
})
