import { describe, expect, it } from 'vitest'
import { compareHaproxyPair } from '../../../../../main/domain/compare/haproxyPair'
import { parseHaproxy } from '../../../../../main/domain/config/haproxy'
import { capture } from '../captures'

const left = capture('configurations/http-tls-l7-prom/haproxy.amp1.cfg')
const right = capture('configurations/http-tls-l7-prom/haproxy.amp2.cfg')
const LISTENER = '4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817'
const POOL = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c01'
const MEMBER = 'e1a1c7de-1111-4c2b-9b1c-0a0000000021'

const compare = (one: string, other: string, versions = {}) =>
  compareHaproxyPair(parseHaproxy(one), parseHaproxy(other), versions).differences
const judged = (other: string, versions = {}) =>
  compare(left, other, versions).map(({ path, kind, why }) => `${kind} ${path}: ${why}`)

it('finds nothing in a healthy pair', () => {
  expect(compare(left, right)).toEqual([])
})

describe('expected is', () => {
  it('what comes from memory and processors', () => {
    const other = right.replace(
      'maxconn 6000',
      'maxconn 6000\n    tune.ssl.cachesize 99\n    nbthread 3\n    cpu-map auto:1/1-3 1-3',
    )
    expect(judged(other)).toEqual([
      'expected global.tune.ssl.cachesize: machine',
      'expected global.nbthread: machine',
      'expected global.cpu-map: machine',
    ])
  })

  it('what an older haproxy does not know, unless both are of one version', () => {
    const other = right
      .replaceAll(/ +http-reuse safe\n/g, '')
      .replace(/ +server-state-file .*\n/, '')
      .replaceAll(' alpn h2,http/1.1', '')
    const kinds = (versions: object) => new Set(compare(left, other, versions).map((d) => d.kind))
    expect(kinds({ left: '2.6.12', right: '1.8.1' })).toEqual(new Set(['expected']))
    expect(kinds({})).toEqual(new Set(['expected']))
    expect(kinds({ left: '2.6.12', right: '2.6.12' })).toEqual(new Set(['drift']))
  })
})

describe('drift is', () => {
  it('a weight, beside the member it belongs to', () => {
    expect(compare(left, right.replace('weight 1', 'weight 7'))).toEqual([
      {
        path: `backend ${POOL}:${LISTENER}.server ${MEMBER}.weight`,
        left: '1',
        right: '7',
        leftLine: 68,
        rightLine: 68,
        kind: 'drift',
        why: 'memberSetting',
        subject: { kind: 'member', id: MEMBER },
      },
    ])
  })

  it('a missing member, told once', () => {
    const other = right.replace(new RegExp(` +server ${MEMBER} .*\\n`), '')
    expect(judged(other)).toEqual([
      `drift backend ${POOL}:${LISTENER}.server ${MEMBER}: memberMissing`,
    ])
  })

  it('a missing listener, told once', () => {
    const other = right.replace(new RegExp(`frontend ${LISTENER}\\n(?: .*\\n)*`), '')
    expect(judged(other)).toEqual([`drift frontend ${LISTENER}: listenerMissing`])
  })

  it('another order of what decides over a request', () => {
    const [rule = ''] = /^ +http-request reject\n/m.exec(right) ?? []
    const other = right.replace(rule, '').replace(/^ +http-request use-service/m, `${rule}$&`)
    expect(judged(other)).toEqual([
      'expected frontend prometheus-exporter-internal-endpoint.http-request: haproxyVersion',
    ])
    const two = '    use_backend a if x\n    use_backend b if y\n'
    const swapped = '    use_backend b if y\n    use_backend a if x\n'
    expect(compare(`frontend f\n${two}`, `frontend f\n${swapped}`)).toMatchObject([
      { path: 'frontend f.use_backend', left: 'a if x', right: 'b if y', why: 'order' },
    ])
  })

  it.each([
    ['peers', '10.77.1.12:1025', '10.77.1.99:1025', 'peers.peer: peers'],
    [
      'an L7 rule',
      'path -m beg /api',
      'path -m beg /v2',
      `frontend ${LISTENER}.acl 72bb0000-0001-4000-8000-000000000001: layer7`,
    ],
    ['a limit', 'maxconn 6000', 'maxconn 9', 'global.maxconn: processSetting'],
    [
      'a port',
      'bind 10.77.1.100:80\n',
      'bind 10.77.1.100:81\n',
      `frontend ${LISTENER}.bind: listenerSetting`,
    ],
    [
      'an algorithm',
      'balance roundrobin',
      'balance source',
      `backend ${POOL}:${LISTENER}.balance: poolSetting`,
    ],
    [
      'an unknown keyword',
      'daemon',
      'daemon\n    spread-checks 5',
      'global.spread-checks: processSetting',
    ],
  ])('%s', (_, from, to, found) => {
    expect(judged(right.replace(from, to))).toEqual([`drift ${found}`])
  })
})
