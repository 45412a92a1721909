import { describe, expect, it } from 'vitest'
import type { Amphora } from '../../../../../preload/contract/loadBalancer'
import { compareAgents, settingsOverFleet } from '../../../../../main/domain/compare/agents'
import { compareVersionsOf } from '../../../../../main/domain/compare/before'
import { compareKeepalivedApi } from '../../../../../main/domain/compare/keepalivedApi'
import { compareVersions } from '../../../../../main/domain/compare/versions'
import { parseIni } from '../../../../../main/domain/config/ini'
import { parseKeepalived } from '../../../../../main/domain/config/keepalived'
import { redact } from '../../../../../main/domain/redact'
import { capture } from '../captures'
import { capturedDetail } from './capturedDetail'

const master = capture('configurations/http/octavia-keepalived.amp1.MASTER.conf')
const amphora = (id: string, vrrpAddress: string, vrrpPriority: number): Amphora => ({
  id,
  status: 'ALLOCATED',
  vrrpAddress,
  vrrpPriority,
  vrrpId: 1,
  vrrpInterface: 'eth1',
  imageId: 'image 1',
  computeFlavorId: 'flavor',
})
const PAIR = [amphora('a1', '10.77.1.11', 100), amphora('a2', '10.77.1.12', 90)] as const

describe('keepalived beside the API', () => {
  const found = (text: string, detail = capturedDetail(), pair: readonly Amphora[] = PAIR) =>
    compareKeepalivedApi(parseKeepalived(text), detail, pair[0]!, pair).differences.map(
      ({ path, why, left, right }) => [path.replace('vrrp_instance.', ''), why, left, right],
    )

  it('is the same when nothing is wrong', () => {
    expect(found(master)).toEqual([])
  })

  it.each([
    ['unicast_peer', 'unicastPeer', '10.77.1.99', '10.77.1.12', '10.77.1.12\n', '10.77.1.99\n'],
    ['virtual_router_id', 'routerId', '9', '1', 'virtual_router_id 1', 'virtual_router_id 9'],
    ['priority', 'priority', '110', '100', 'priority 100', 'priority 110'],
    [
      'unicast_src_ip',
      'unicastSource',
      '10.77.1.8',
      '10.77.1.11',
      'src_ip 10.77.1.11',
      'src_ip 10.77.1.8',
    ],
    [
      'virtual_ipaddress',
      'addresses',
      '10.77.1.1',
      '10.77.1.100',
      '10.77.1.100\n    }',
      '10.77.1.1\n    }',
    ],
  ])('names another %s', (path, why, left, right, from, to) => {
    expect(found(master.replace(from, to))).toEqual([[path, why, left, right]])
  })

  it('names a VIP that was added in the API, and a peer that is gone', () => {
    const detail = capturedDetail()
    detail.loadBalancer.additionalVips.push({ address: '2001:DB8::5' })
    expect(found(master, detail)).toEqual([
      ['virtual_ipaddress', 'addresses', undefined, '2001:DB8::5'],
    ])
    expect(found(master, undefined, [PAIR[0]])).toEqual([
      ['unicast_peer', 'unicastPeer', '10.77.1.12', undefined],
    ])
  })
})

describe('agents of a pair', () => {
  const [one, other] = ['amp1', 'amp2'].map(
    (name) => redact(capture(`configurations/live/${name}.amphora-agent.conf`)).text,
  ) as [string, string]

  it('differ in their own id only; whether their keys are equal the texts do not tell', () => {
    const { differences, unjudged } = compareAgents(parseIni(one), parseIni(other))
    expect(differences.map(({ path, kind, why }) => [path, kind, why])).toEqual([
      ['amphora_agent.amphora_id', 'expected', 'ownId'],
    ])
    expect(unjudged).toEqual([{ path: 'health_manager.heartbeat_key', why: 'passwordRemoved' }])
  })

  it('drift when heartbeats go elsewhere, keys differ, or both have one id', () => {
    const elsewhere = other.replace(/(controller_ip_port_list = ).*/, '$1 192.0.2.1:5555')
    const whys = (text: string, equal = true) =>
      compareAgents(parseIni(one), parseIni(text), { heartbeatKeysEqual: equal })
        .differences.filter(({ kind }) => kind === 'drift')
        .map(({ why }) => why)
    expect(whys(elsewhere)).toEqual(['heartbeatTargets'])
    expect(whys(other, false)).toEqual(['heartbeatKey'])
    expect(whys(one)).toEqual(['sameId'])
  })

  it('do not drift by the order of controllers, and never show a key', () => {
    const two = (list: string) => parseIni(`[h]\ncontroller_ip_port_list = ${list}\n`)
    expect(compareAgents(two('a:1, b:1'), two('b:1,a:1')).differences).toEqual([])
    const open = compareAgents(
      parseIni('[h]\nheartbeat_key = k1'),
      parseIni('[h]\nheartbeat_key = k2'),
    )
    expect(open.differences).toHaveLength(1)
    expect(JSON.stringify(open)).not.toMatch(/k1|k2/)
  })
})

it('tells which settings are not the same over a fleet, and who has which', () => {
  const of = (amphoraId: string, value: string, more = {}) => ({
    amphoraId,
    settings: { 'health_manager.interval': value, 'amphora_agent.amphora_id': amphoraId, ...more },
  })
  expect(settingsOverFleet([of('a', '10'), of('b', '3'), of('c', '10', { 'x.y': '1' })])).toEqual([
    {
      path: 'health_manager.interval',
      values: [
        { value: '10', amphoraIds: ['a', 'c'] },
        { value: '3', amphoraIds: ['b'] },
      ],
    },
    { path: 'x.y', values: [{ amphoraIds: ['a', 'b'] }, { value: '1', amphoraIds: ['c'] }] },
  ])
})

it('names another image; what was not read is unjudged, not the same', () => {
  const { differences, unjudged } = compareVersions(
    { amphora: PAIR[0] },
    { amphora: { ...PAIR[1], imageId: 'image 2' } },
  )
  expect(differences).toMatchObject([{ path: 'image', why: 'image', kind: 'drift' }])
  expect(unjudged.map(({ path }) => path)).toEqual([
    'distribution',
    'kernel',
    'processors',
    'keepalived',
    'haproxy',
  ])
})

describe('a file before and now', () => {
  const version = (text: string, digest = text) => ({ text: redact(text).text, digest })
  const whys = (now: string, digest?: string) =>
    compareVersionsOf('keepalived', version(master), version(now, digest)).differences.map(
      ({ path, why }) => `${path} ${why}`,
    )

  it('tells what changed, came and went', () => {
    expect(whys(master)).toEqual([])
    expect(whys(master.replace('advert_int 1', 'advert_int 2'))).toEqual([
      'vrrp_instance.advert_int changed',
    ])
    expect(whys(master.replace(/ +nopreempt\n/, ''))).toEqual(['vrrp_instance.nopreempt removed'])
  })

  it('tells that a secret changed, and that only the layout did', () => {
    expect(whys(master.replace('3c9be7f', '1234567'))).toEqual(['secret secretChanged'])
    expect(whys(`# by hand\n${master}`)).toEqual(['layout layout'])
  })
})
