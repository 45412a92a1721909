import { describe, expect, it } from 'vitest'
import type { LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'
import { compareLvsApi } from '../../../../../main/domain/compare/lvsApi'
import { compareLvsPair } from '../../../../../main/domain/compare/lvsPair'
import { parseLvs } from '../../../../../main/domain/config/lvs'
import { capture } from '../captures'
import { DATAGRAM, datagramDetail, STREAMED } from './datagramDetail'

const text = ['udp-both-families', 'sctp', 'disabled']
  .map((name) => capture(`configurations/lvs/${name}.conf`))
  .join('')
type Detail = LoadBalancerDetail

function judged(config = text, change?: (detail: Detail) => void) {
  const detail = datagramDetail()
  change?.(detail)
  return compareLvsApi(parseLvs(config), detail).differences.map(
    ({ path, kind, why }) => `${kind} ${path}: ${why}`,
  )
}

const [IPV4, IPV6] = ['ipv4', 'ipv6'].map((family) => `listener ${DATAGRAM}.group ${family}-group`)
const FIRST = `listener ${DATAGRAM}.member e1a1c7de-1111-4c2b-9b1c-0a0000000001`
const SCTP = `listener ${STREAMED}.group ipv4-group`
const SCTP_MEMBER = `listener ${STREAMED}.member e4a1c7de-1111-4c2b-9b1c-0a0000000004`

describe('beside the API', () => {
  it('finds no difference between what was rendered and what the API said', () => {
    expect(judged()).toEqual([])
    expect(judged(capture('configurations/http-udp/lvs-udp.conf'), asCaptured)).toEqual([])
  })

  it.each([
    ['VIP', `listener ${DATAGRAM}.vip: bind`, '10.77.1.100 53', '10.77.1.101 53'],
    ['port', `listener ${DATAGRAM}.vip: bind`, '2001:db8::100 53', '2001:db8::100 54'],
    ['algorithm', `${IPV4}.lb_algo: algorithm`, 'lb_algo sh', 'lb_algo wrr'],
    ['protocol', `${IPV4}.protocol: listenerSetting`, 'protocol UDP', 'protocol TCP'],
    ['protocol', `${SCTP}.protocol: listenerSetting`, 'protocol SCTP', 'protocol UDP'],
    ['persistence', `${IPV4}.persistence_timeout: persistence`, 'timeout 60', 'timeout 360'],
    ['persistence', `${IPV4}.persistence_granularity: persistence`, /255.255.255.0/, '255.255.0.0'],
    ['pool', `${IPV4}.pool: poolSetting`, /Pool \S+03/, 'Pool other'],
    ['pool', `${IPV4}.pool: adminState`, /Configuration for (Pool \S+03)/, '$1 is disabled'],
    ['delay', `${IPV4}.delay_loop: monitor`, 'delay_loop 5', 'delay_loop 50'],
    ['retries', `${IPV4}.retry: monitor`, 'retry 3', 'retry 1'],
    ['check', `${FIRST}.check: monitor`, 'HTTP_GET', 'TCP_CHECK'],
    [
      'checked address',
      `${FIRST}.check.place: monitor`,
      'connect_ip 10.77.2.21',
      'connect_ip 10.77.2.9',
    ],
    ['check', `${SCTP_MEMBER}.check: monitor`, 'amphora-health-checker sctp', '/x/udp_check.sh'],
    ['checked port', `${SCTP_MEMBER}.check.place: monitor`, '10.77.2.24 3868"', '10.77.2.24 1"'],
    [
      'address',
      `${FIRST}.address: memberSetting`,
      'real_server 10.77.2.21',
      'real_server 10.77.2.9',
    ],
    ['weight', `${FIRST}.weight: weight`, 'weight 1', 'weight 2'],
    ['limit', `${FIRST}.uthreshold: connectionLimit`, 'weight 1', 'weight 1\n        uthreshold 5'],
    ['limit', `${SCTP_MEMBER}.uthreshold: connectionLimit`, 'uthreshold 100', 'uthreshold 99'],
    ['load balancer', 'loadbalancer: otherLoadBalancer', '7a1f3c52', '11111111'],
  ])('names another %s: %s', (_, found, from, to) => {
    const config = text.replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(config)).toEqual([`drift ${found}`])
  })

  it('names members by their ids: too many, too few, and disabled on one side only', () => {
    const renamed = text.replace('Member e1a1', 'Member 11a1')
    expect(judged(renamed)).toEqual([
      `drift ${FIRST}: memberNotServed`,
      `drift ${FIRST.replace('e1a1', '11a1')}: notInApi`,
    ])
    expect(judged(text, (detail) => void (memberOf(detail, 0).adminStateUp = false))).toEqual([
      `drift ${FIRST}: disabledButServed`,
    ])
    expect(judged(text, (detail) => void (memberOf(detail, 2).adminStateUp = true))).toEqual([
      `drift listener ${DATAGRAM}.member ${memberOf(datagramDetail(), 2).id}: memberNotServed`,
    ])
  })

  it('does not miss members of a family without a VIP', () => {
    const single = (detail: Detail) => void detail.loadBalancer.additionalVips.pop()
    const server = /virtual_server_group ipv6[^]*?\n\}\n\nvirtual_server [^]*?\n\}\n/g
    expect(judged(text.replaceAll(server, ''), single)).toEqual([])
  })

  it('takes what is usual for what the API does not say', () => {
    const usual = text
      .replaceAll('persistence_timeout 60', 'persistence_timeout 360')
      .replaceAll('255.255.255.0', '255.255.255.255')
    const unsaid = (detail: Detail) =>
      void (detail.pools[0]!.sessionPersistence = { type: 'SOURCE_IP' })
    expect(judged(usual, unsaid)).toEqual([])
    const none = (detail: Detail) => {
      delete detail.pools[0]!.sessionPersistence
    }
    expect(judged(usual, none)).toEqual(
      [IPV4, IPV6].flatMap((server) => [
        `drift ${server}.persistence_timeout: persistence`,
        `drift ${server}.persistence_granularity: persistence`,
      ]),
    )
  })

  it('expects no check for HTTP by another method than GET', () => {
    const post = (detail: Detail) => void (detail.pools[0]!.healthMonitor!.httpMethod = 'POST')
    expect(judged(text.replaceAll(/ +HTTP_GET \{(?:[^{}]|\{[^}]*\})*\}\n/g, ''), post)).toEqual([])
  })

  it('takes round robin without its weights, as older releases wrote it', () => {
    const old = capture('configurations/http-udp/lvs-udp.conf').replace('lb_algo wrr', 'lb_algo rr')
    expect(judged(old, asCaptured)).toEqual([])
  })

  it('misses a listener, notices one that is not known, and expects what is pending', () => {
    const without = capture('configurations/lvs/sctp.conf')
    expect(judged(without)).toEqual([`drift listener ${DATAGRAM}: listenerNotServed`])
    const pending = (detail: Detail) =>
      void (detail.listeners[0]!.provisioningStatus = 'PENDING_CREATE')
    expect(judged(without, pending)).toEqual([`expected listener ${DATAGRAM}: pending`])
    expect(judged(text, (detail) => void detail.listeners.shift())).toEqual([
      `drift listener ${DATAGRAM}: notInApi`,
    ])
  })

  it('is absent by design while it is disabled or has no pool', () => {
    const without = capture('configurations/lvs/sctp.conf')
    const disable = (detail: Detail) => void (detail.listeners[0]!.adminStateUp = false)
    expect(judged(without, disable)).toEqual([])
    expect(judged(text, disable)).toEqual([`drift listener ${DATAGRAM}: disabledButServed`])
    const bare = (detail: Detail) => {
      delete detail.listeners[0]!.defaultPoolId
    }
    expect(judged(without, bare)).toEqual([])
    expect(judged(text, bare)).toEqual([`drift listener ${DATAGRAM}: notInApi`])
    const empty = (detail: Detail) => void (detail.pools[0]!.members = [])
    expect(judged(without, empty)).toEqual([])
  })
})

describe('beside the other amphora', () => {
  const against = (other: string) =>
    compareLvsPair(parseLvs(text), parseLvs(other)).differences.map(
      ({ path, kind, why }) => `${kind} ${path}: ${why}`,
    )
  const member = `${IPV4!} member e1a1c7de-1111-4c2b-9b1c-0a0000000001`

  it('finds nothing where both say the same', () => {
    expect(against(text)).toEqual([])
    expect(against(text.replaceAll('    ', '  '))).toEqual([])
  })

  it.each([
    [`${member}.weight: memberSetting`, 'weight 1', 'weight 2'],
    [`${member}.check: memberSetting`, 'HTTP_GET', 'TCP_CHECK'],
    [`${member}.check.connect_port: memberSetting`, 'connect_port 5353', 'connect_port 1'],
    [`${IPV4!}.lb_algo: listenerSetting`, 'lb_algo sh', 'lb_algo lc'],
    [`${IPV4!}.vip: listenerSetting`, '10.77.1.100 53', '10.77.1.9 53'],
    [
      `listener ${STREAMED}: adminState`,
      'Configuration for Listener cd34ef56-ab12-4a78-9b01-23456789abcd',
      'Listener cd34ef56-ab12-4a78-9b01-23456789abcd is disabled',
    ],
    [
      `listener ${DATAGRAM}.net_namespace: listenerSetting`,
      'net_namespace amphora-haproxy',
      'net_namespace other',
    ],
  ])('names %s', (found, from, to) => {
    const other = text.replace(from, to)
    expect(other).not.toBe(text)
    expect(against(other)).toEqual([`drift ${found}`])
  })

  it('names once what one side lacks as a whole', () => {
    expect(against(capture('configurations/lvs/udp-both-families.conf'))).toEqual([
      `drift listener ${STREAMED}: listenerMissing`,
      'drift listener ef56ab12-cd34-4a78-9b01-23456789abcd: listenerMissing',
    ])
  })
})

const memberOf = (detail: Detail, index: number) => detail.pools[0]!.members[index]!

/** The load balancer of the other capture. */
function asCaptured(detail: Detail): void {
  const [listener, pool] = [detail.listeners[0]!, detail.pools[0]!]
  const [member] = pool.members
  detail.loadBalancer.additionalVips = []
  detail.listeners = [{ ...listener, connectionLimit: 2000 }]
  delete pool.sessionPersistence
  pool.algorithm = 'ROUND_ROBIN'
  pool.healthMonitor!.type = 'UDP-CONNECT'
  pool.members = [
    { ...member!, id: 'e4a4c7de-4444-4c2b-9b1c-0a0000000021', address: '10.77.2.21' },
    { ...member!, id: 'e5a5c7de-5555-4c2b-9b1c-0a0000000022', address: '10.77.2.22' },
  ]
}
