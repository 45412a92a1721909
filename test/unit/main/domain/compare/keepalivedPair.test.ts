import { describe, expect, it } from 'vitest'
import { compareKeepalivedPair } from '../../../../../main/domain/compare/keepalivedPair'
import { parseKeepalived } from '../../../../../main/domain/config/keepalived'
import { redact } from '../../../../../main/domain/redact'
import { capture } from '../captures'

const RENDERED = ['http', 'http-tls-l7-prom'].map((kind) => [
  kind,
  capture(`configurations/${kind}/octavia-keepalived.amp1.MASTER.conf`),
  capture(`configurations/${kind}/octavia-keepalived.amp2.BACKUP.conf`),
])
const LIVE = [
  'live',
  capture('configurations/live/amp1.octavia-keepalived.conf'),
  capture('configurations/live/amp2.octavia-keepalived.conf'),
]
const [, left = '', right = ''] = LIVE

const parse = (text: string) => parseKeepalived(text, (password) => `token of ${password}`)
const compare = (one: string, other: string) => compareKeepalivedPair(parse(one), parse(other))
const drift = (one: string, other: string) =>
  compare(one, other)
    .differences.filter(({ kind }) => kind === 'drift')
    .map(({ path, why }) => `${path}: ${why}`)

describe('a healthy pair', () => {
  it.each([...RENDERED, LIVE])(
    'of kind %s differs only as it should',
    (_, one = '', other = '') => {
      const { differences, unjudged } = compare(one, other)
      expect(unjudged).toEqual([])
      expect(differences.map(({ path, kind, why }) => [path, kind, why])).toEqual([
        ['vrrp_instance.state', 'expected', 'roles'],
        ['vrrp_instance.priority', 'expected', 'roles'],
        ['vrrp_instance.unicast_src_ip', 'expected', 'unicast'],
        ['vrrp_instance.unicast_peer', 'expected', 'unicast'],
      ])
    },
  )

  it('shows both values and both lines', () => {
    expect(compare(left, right).differences[1]).toEqual({
      path: 'vrrp_instance.priority',
      left: '100',
      right: '90',
      leftLine: 12,
      rightLine: 12,
      kind: 'expected',
      why: 'roles',
    })
  })

  it('without a state line, as since 2024.2, differs in three things', () => {
    const newer = (text: string) => text.replace(/ +state .*\n/, '')
    expect(compare(newer(left), newer(right)).differences).toHaveLength(3)
  })
})

describe('drift is named for', () => {
  it.each([
    [
      'another password',
      /auth_pass \S+/,
      'auth_pass 1234567',
      'authentication.auth_pass: authentication',
    ],
    [
      'another router id',
      'virtual_router_id 1',
      'virtual_router_id 2',
      'virtual_router_id: routerId',
    ],
    ['another interval', 'advert_int 1', 'advert_int 5', 'advert_int: advertInterval'],
    ['a raised priority', 'priority 90', 'priority 110', 'priority: priority'],
    ['equal priorities', 'priority 90', 'priority 100', 'priority: samePriority'],
    ['equal states', 'state BACKUP', 'state MASTER', 'state: sameState'],
    ['a state on one side only', /state BACKUP/, '', 'state: stateLine'],
    ['preemption', 'nopreempt', '', 'nopreempt: preemption'],
    ['another interface', 'interface eth1', 'interface eth2', 'interface: interface'],
    ['another instance', 'vrrp_instance 7', 'vrrp_instance 8', 'name: instanceName'],
    ['a VIP too few', /(virtual_ipaddress \{\n) +\S+\n/, '$1', 'virtual_ipaddress: addresses'],
    ['a route too few', / +default via .*\n/, '', 'virtual_routes: routes'],
    [
      'other gratuitous ARP',
      'garp_master_refresh 5',
      'garp_master_refresh 9',
      'garp_master_refresh: gratuitousArp',
    ],
    ['an added directive', 'nopreempt', 'nopreempt\n    preempt_delay 9', 'preempt_delay: other'],
  ])('%s', (_, from, to, found) => {
    expect(drift(left, right.replace(from, to))).toEqual([`vrrp_instance.${found}`])
  })

  it('a stale peer: neither address is expected any more', () => {
    expect(drift(left, right.replace(/(unicast_peer \{\n +)\S+/, '$1192.0.2.77'))).toEqual([
      'vrrp_instance.unicast_src_ip: unicastSource',
      'vrrp_instance.unicast_peer: unicastPeer',
    ])
  })

  it('two amphorae with one address', () => {
    const [, source = ''] = /unicast_src_ip (\S+)/.exec(left) ?? []
    expect(drift(left, right.replace(/unicast_src_ip \S+/, `unicast_src_ip ${source}`))).toContain(
      'vrrp_instance.unicast_src_ip: sameSource',
    )
  })

  it('another check script', () => {
    expect(drift(left, right.replace('interval 5', 'interval 9'))).toEqual([
      'vrrp_script check_script.interval: checkScript',
    ])
  })

  it('an empty file', () => {
    expect(drift(left, '')).toEqual([
      'vrrp_script check_script: checkScript',
      'vrrp_instance: instanceMissing',
    ])
  })
})

it('never shows a password, nor what was made of it', () => {
  const found = compare(left, right.replace(/auth_pass \S+/, 'auth_pass 1234567'))
  expect(JSON.stringify(found)).not.toMatch(/token|1234567/)
})

it('says that passwords are unjudged when they were taken out', () => {
  const clean = redact(right.replace(/auth_pass \S+/, 'auth_pass 1234567')).text
  const { differences, unjudged } = compare(redact(left).text, clean)
  expect(unjudged).toEqual([
    { path: 'vrrp_instance.authentication.auth_pass', why: 'passwordRemoved' },
  ])
  expect(differences.filter(({ kind }) => kind === 'drift')).toEqual([])
})
