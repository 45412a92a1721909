import { describe, expect, it } from 'vitest'
import { parseHaproxy } from '../../../../../main/domain/config/haproxy'
import { capture } from '../captures'

const HTTP = '4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817'
const TLS = '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d'
const POOL = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c01'
const SESSIONS = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c02'

describe('a file for all listeners', () => {
  const config = parseHaproxy(capture('configurations/http-tls-l7-prom/haproxy.amp1.cfg'))

  it('says whose it is, and what the process may do', () => {
    expect(config).toMatchObject({
      loadBalancerId: { value: '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10', line: 1 },
      maxconn: { value: 6000, line: 9 },
      problems: [],
    })
    expect(config.listenerId).toBeUndefined()
    expect(config.defaults.map(({ name }) => name)).toContain('retries')
  })

  it('names both peers', () => {
    expect(config.peers).toEqual([
      {
        name: '7a1f3c5294c44d6e9a1b0c5d3e7f8a10_peers',
        line: 19,
        peers: [
          { name: 'PDBhR4PK31NbUmsrDOu_5qT-6Kw', address: '10.77.1.11', port: 1025, line: 20 },
          { name: '9Wnrt99H6qSFeY36XT8CS89BBEs', address: '10.77.1.12', port: 1025, line: 21 },
        ],
      },
    ])
  })

  it('reads a listener with its L7 rules in their order', () => {
    const frontend = config.frontends.find(({ name }) => name === HTTP)
    expect(frontend).toMatchObject({
      mode: { value: 'http' },
      maxconn: { value: 2000 },
      binds: [{ address: '10.77.1.100', port: 80 }],
      defaultBackend: { value: `${POOL}:${HTTP}` },
    })
    expect(frontend?.timeouts.get('client')?.value).toBe(50_000)
    expect(frontend?.acls.map(({ name, criterion }) => [name.slice(-1), criterion])).toEqual([
      ['1', 'path -m beg /api'],
      ['2', 'req.hdr(X-Env) -m str prod'],
      ['3', 'req.hdr(host) -i -m reg ^old\\\\.'],
      ['4', 'path_end -m str php'],
    ])
    expect(frontend?.rules.map(({ value }) => value.split(' ')[0])).toEqual([
      'use_backend',
      'redirect',
      'http-request',
    ])
    expect(frontend?.others.map(({ name }) => name)).toEqual(['log-format'])
  })

  it('reads the options of a listener that ends TLS', () => {
    const [bind] = config.frontends.find(({ name }) => name === TLS)?.binds ?? []
    expect(bind).toMatchObject({ address: '10.77.1.100', port: 443 })
    expect(bind?.options.get('alpn')).toBe('h2,http/1.1')
    expect(bind?.options.has('no-tlsv11')).toBe(true)
    expect(bind?.options.get('crt-list')).toContain(`${TLS}.pem`)
  })

  it('reads a pool with its monitor and its members', () => {
    const backend = config.backends.find(({ name }) => name === `${SESSIONS}:${HTTP}`)
    expect(backend).toMatchObject({
      poolId: SESSIONS,
      listenerId: HTTP,
      balance: { value: 'roundrobin' },
      persistence: [{ value: 'cookie SRV insert indirect nocache' }],
      checks: [
        { value: 'option httpchk GET / HTTP/1.0\\r\\n' },
        { value: 'http-check expect rstatus 200' },
      ],
      servers: [
        {
          address: '10.77.2.22',
          port: 8080,
          weight: 1,
          check: true,
          interval: 5000,
          fall: 3,
          rise: 2,
          backup: false,
          disabled: false,
        },
      ],
    })
    expect(backend?.timeouts.get('check')?.value).toBe(3000)
    expect(backend?.servers[0]?.options.get('cookie')).toBe(backend?.servers[0]?.name)
  })
})

describe('files for one listener each, up to Stein', () => {
  const one = (listener: string, pool: string) =>
    [
      `# Configuration for listener ${listener}`,
      'global',
      '    log /dev/log local0',
      'peers 1234_peers',
      '    peer abc 192.0.2.4:1025',
      `frontend ${listener}`,
      '    option httplog',
      '    bind 192.0.2.9:80',
      `    default_backend ${pool}`,
      `backend ${pool}`,
      '    server m1 2001:db8::5:8080 weight 3 backup',
    ].join('\n')

  it('are read one behind the other', () => {
    const config = parseHaproxy(`${one('l1', 'p1')}\n${one('l2', 'p2')}\n`)
    expect(config).toMatchObject({
      listenerId: { value: 'l1', line: 1 },
      frontends: [{ name: 'l1' }, { name: 'l2', line: 17 }],
      backends: [
        { poolId: 'p1', servers: [{ address: '2001:db8::5', port: 8080, backup: true }] },
        { poolId: 'p2' },
      ],
    })
    expect(config.backends[0]).not.toHaveProperty('listenerId')
    expect(config.loadBalancerId).toBeUndefined()
  })
})

describe('what haproxy allows beyond that', () => {
  it('is read: comments, quotes, escapes, and the last word on a matter', () => {
    const { frontends, problems } = parseHaproxy(
      'orphan\nfrontend f # x\n bind [2001:db8::1]:443 name "a b"\n acl a path -m beg /a\\ b\n' +
        ' timeout client 1m\n mode tcp\n mode http\nbackend\n',
    )
    expect(frontends).toMatchObject([
      {
        name: 'f',
        line: 2,
        mode: { value: 'http', line: 7 },
        acls: [{ criterion: 'path -m beg /a\\ b' }],
        binds: [{ address: '2001:db8::1', port: 443 }],
      },
    ])
    expect(frontends[0]?.binds[0]?.options.get('name')).toBe('"a b"')
    expect(frontends[0]?.timeouts.get('client')?.value).toBe(60_000)
    expect(problems).toEqual([
      { line: 1, text: 'orphan', kind: 'orphan' },
      { line: 8, text: 'backend', kind: 'noName' },
    ])
  })
})
