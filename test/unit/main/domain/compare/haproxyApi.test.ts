import { describe, expect, it } from 'vitest'
import { compareHaproxyApi } from '../../../../../main/domain/compare/haproxyApi'
import type { Layer7 } from '../../../../../main/domain/compare/haproxyApiLayer7'
import { parseHaproxy } from '../../../../../main/domain/config/haproxy'
import { capture } from '../captures'
import { aPolicy, aRule } from './aPolicy'
import { capturedDetail, FIRST, HTTP, TLS, USUAL } from './capturedDetail'

const text = capture('configurations/http-tls-l7-prom/haproxy.amp1.cfg')
const API_RULE = aRule(1, 'PATH', 'STARTS_WITH', '/api')
const OTHERS = { redirectPoolId: USUAL.replace(/1$/, '2') }
const MOVED = { redirectUrl: 'https://www.example.test/', redirectHttpCode: 301 }
const LAYER7: Layer7 = [
  aPolicy(HTTP, 'REDIRECT_TO_POOL', OTHERS, [
    API_RULE,
    aRule(2, 'HEADER', 'EQUAL_TO', 'prod', { key: 'X-Env', invert: true }),
  ]),
  aPolicy(HTTP, 'REDIRECT_TO_URL', MOVED, [aRule(3, 'HOST_NAME', 'REGEX', '^old\\.')]),
  aPolicy(HTTP, 'REJECT', {}, [aRule(4, 'FILE_TYPE', 'EQUAL_TO', 'php')]),
]

type Detail = ReturnType<typeof capturedDetail>
function judged(change: (detail: Detail) => void, config = text, layer7: Layer7 = LAYER7) {
  const detail = capturedDetail()
  change(detail)
  const { differences } = compareHaproxyApi(parseHaproxy(config), detail, layer7)
  return differences.map(({ path, kind, why }) => `${kind} ${path}: ${why}`)
}
const nothing = () => undefined

it('finds no difference between what was rendered and what the API said', () => {
  expect(judged(nothing)).toEqual([])
})

it('says that L7 rules are unjudged where they were not read', () => {
  const { differences, unjudged } = compareHaproxyApi(parseHaproxy(text), capturedDetail())
  expect(differences).toEqual([])
  expect(unjudged).toEqual([{ path: `frontend ${HTTP}`, why: 'layer7' }])
})

const backend = `backend ${USUAL}:${HTTP}`
const server = `${backend}.server ${FIRST}`

describe('drift is named, with the object it is about, when the file has another', () => {
  it.each([
    [
      'weight',
      `${server}.weight: weight`,
      `${FIRST} 10.77.2.21:8080 weight 1`,
      `${FIRST} 10.77.2.21:8080 weight 9`,
    ],
    [
      'address',
      `${server}.address: memberSetting`,
      `${FIRST} 10.77.2.21:8080`,
      `${FIRST} 10.77.2.99:8080`,
    ],
    [
      'backup',
      `${server}.backup: memberSetting`,
      'inter 5s fall 3 rise 2',
      'inter 5s fall 3 rise 2 backup',
    ],
    ['interval of checks', `${server}.inter: monitor`, 'inter 5s', 'inter 50s'],
    ['number of checks', `${server}.fall: monitor`, 'fall 3', 'fall 1'],
    ['check address', `${server}.addr: monitor`, 'inter 5s', 'inter 5s addr 10.0.0.1'],
    [
      'time for a check',
      `${backend}.timeout check: monitor`,
      'timeout check 3s',
      'timeout check 4s',
    ],
    [
      'checked path',
      `${backend}.option httpchk: monitor`,
      'option httpchk GET /',
      'option httpchk GET /health',
    ],
    ['expected code', `${backend}.http-check expect: monitor`, 'rstatus 200', 'rstatus 204'],
    ['algorithm', `${backend}.balance: algorithm`, 'balance roundrobin', 'balance leastconn'],
    [
      'persistence',
      `${backend}.persistence: persistence`,
      'balance roundrobin',
      'balance roundrobin\n    stick on src',
    ],
    ['time-out', `${backend}.timeout server: timeout`, 'timeout server 50000', 'timeout server 1'],
    ['limit', `frontend ${HTTP}.maxconn: connectionLimit`, 'maxconn 2000', 'maxconn 1999'],
    ['port', `frontend ${HTTP}.bind: bind`, 'bind 10.77.1.100:80\n', 'bind 10.77.1.100:81\n'],
    ['VIP', `frontend ${TLS}.bind: bind`, 'bind 10.77.1.100:443', 'bind 10.77.1.101:443'],
    [
      'client time-out',
      `frontend ${HTTP}.timeout client: listenerSetting`,
      'timeout client 50000',
      'timeout client 7',
    ],
    [
      'L7 condition too few',
      `frontend ${HTTP}.acl ${API_RULE.id}: ruleNotServed`,
      / +acl 72bb0000-0001.*\n/,
      '',
    ],
    [
      'decision',
      `frontend ${HTTP}.policy: policyAction`,
      'http-request deny if',
      'redirect prefix x if',
    ],
    ['condition of a decision', `frontend ${HTTP}.policy: policyNotServed`, / ![^\n]*/, ''],
  ])('%s', (_, found, from, to) => {
    const at = text.indexOf(`frontend ${HTTP}`)
    const at2 = _ === 'VIP' ? 0 : at
    const config = text.slice(0, at2) + text.slice(at2).replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(nothing, config)).toEqual([`drift ${found}`])
  })

  it.each([
    ['ciphers', 'ciphers TLS_AES_256', 'ciphers TLS_AES_512'],
    ['versions', ' no-tlsv11', ''],
    ['versions', 'no-tlsv11', 'no-tlsv11 no-tlsv12'],
    ['alpn', ' alpn h2,http/1.1', ''],
    ['alpn', 'alpn h2,http/1.1', 'alpn http/1.1'],
  ])('how TLS ends: %s', (name, from, to) => {
    const config = text.replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(nothing, config)).toEqual([`drift frontend ${TLS}.bind.${name}: listenerSetting`])
  })

  it.each([
    ['X-Forwarded-Proto', '    http-request set-header X-Forwarded-Proto https\n', ''],
    ['X-Forwarded-For', '    option forwardfor\n    http-request', '    http-request'],
    [
      'X-SSL-Client-DN',
      'http-request set-header',
      'http-request set-header X-SSL-Client-DN %{+Q}[ssl_c_s_dn]\n    http-request set-header',
    ],
  ])('a header that requests get: %s', (header, from, to) => {
    const config = text.replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(nothing, config)).toEqual([
      `drift backend ${USUAL}:${TLS}.${header}: listenerSetting`,
    ])
  })

  it('of nothing that the API did not tell', () => {
    const older = (detail: Detail) => {
      for (const listener of detail.listeners)
        Object.assign(listener, {
          insertHeaders: undefined,
          tlsCiphers: undefined,
          tlsVersions: undefined,
          alpnProtocols: undefined,
        })
    }
    expect(judged(older, text.replace(' alpn h2,http/1.1', '').replace('no-tlsv11', ''))).toEqual(
      [],
    )
  })

  it('a member that the API does not have', () => {
    expect(judged((detail) => void detail.pools[0]!.members.pop())).toEqual(
      [HTTP, TLS].map(
        (listener) =>
          `drift backend ${USUAL}:${listener}.server e2a2c7de-2222-4c2b-9b1c-0a0000000022: notInApi`,
      ),
    )
  })

  it('a listener that the API does not have', () => {
    expect(judged((detail) => void detail.listeners.splice(1, 1))).toEqual([
      `drift frontend ${TLS}: notInApi`,
    ])
  })
})

describe('a part of the API that the file lacks', () => {
  it('is a member without traffic', () => {
    const add = (detail: Detail) =>
      void detail.pools[1]!.members.push({ ...detail.pools[1]!.members[0]!, id: 'new' })
    expect(judged(add)).toEqual([
      `drift backend ${USUAL.replace(/1$/, '2')}:${HTTP}.server new: memberNotServed`,
    ])
  })

  it('is expected while it is being created', () => {
    const add = (detail: Detail) =>
      void detail.listeners.push({
        ...detail.listeners[0]!,
        id: 'new',
        l7PolicyIds: [],
        provisioningStatus: 'PENDING_CREATE',
      })
    expect(judged(add)).toEqual(['expected frontend new: pending'])
  })

  it('is absent by design when it is disabled', () => {
    const without = text.replace(
      new RegExp(`frontend ${TLS}\\n(?: .*\\n)*\\nbackend .*\\n(?: .*\\n)*`),
      '',
    )
    expect(without).not.toBe(text)
    const disable = (detail: Detail) => void (detail.listeners[1]!.adminStateUp = false)
    expect(judged(disable, without)).toEqual([])
    expect(judged(disable)).toEqual([`drift frontend ${TLS}: disabledButServed`])
    expect(judged(nothing, without)).toEqual([`drift frontend ${TLS}: listenerNotServed`])
  })

  it('is nothing to haproxy when it speaks UDP', () => {
    const add = (detail: Detail) =>
      void detail.listeners.push({ ...detail.listeners[0]!, id: 'udp', protocol: 'UDP' })
    expect(judged(add)).toEqual([])
  })
})

describe('what may be written in two ways is the same:', () => {
  it('codes, addresses, a disabled member', () => {
    const config = text
      .replaceAll('rstatus 200', 'rstatus 200|201|202')
      .replaceAll(/(server e2a2\S+ \S+ weight 1 check inter 5s fall 3 rise 2)/g, '$1 disabled')
    expect(
      judged((detail) => {
        for (const { healthMonitor, members } of detail.pools) {
          healthMonitor!.expectedCodes = '200-202'
          for (const one of members) if (one.id.startsWith('e2a2')) one.adminStateUp = false
        }
      }, config),
    ).toEqual([])
  })

  it('a limit that only the controller knows is expected', () => {
    expect(judged((detail) => void (detail.listeners[2]!.connectionLimit = -1))).toEqual([
      expect.stringMatching(/^expected frontend \S+\.maxconn: defaultLimit$/),
    ])
  })
})

it('reads files of one listener each, where a pool has no listener in its name', () => {
  const split = text.replaceAll(/(backend|use_backend) ([\w-]+):[\w-]+/g, '$1 $2')
  expect(judged(nothing, split)).toEqual([])
  expect(judged(nothing, split.replace('weight 1', 'weight 2'))).toEqual([
    expect.stringMatching(/server .*\.weight: weight$/),
  ])
})
