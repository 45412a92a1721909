import { describe, expect, it } from 'vitest'
import { compareHaproxyApi } from '../../../../../main/domain/compare/haproxyApi'
import { parseHaproxy } from '../../../../../main/domain/config/haproxy'
import { capture } from '../captures'
import {
  ENCRYPTED_LAYER7,
  encryptedDetail,
  memberId,
  PLAIN,
  poolId,
  SECURE,
  STREAM,
} from './encryptedDetail'

const text = capture('configurations/tls-proxy-l7/haproxy.amp1.cfg')
type Detail = ReturnType<typeof encryptedDetail>

/** Without what Octavia's own escaping does, which has tests of its own. */
function judged(config = text, change: (detail: Detail) => void = () => undefined) {
  const detail = encryptedDetail()
  change(detail)
  const { differences } = compareHaproxyApi(parseHaproxy(config), detail, ENCRYPTED_LAYER7)
  return differences
    .filter(({ why }) => why !== 'escaping')
    .map(({ path, kind, why }) => `${kind} ${path}: ${why}`)
}

const serverOf = (member: number, pool: number, listener: string) =>
  `backend ${poolId(pool)}:${listener}.server ${memberId(member)}`

it('finds no difference between what was rendered and what the API said', () => {
  expect(judged()).toEqual([])
})

describe('traffic to members, when the file has another', () => {
  it.each([
    ['encryption', 'ssl', 4, 3, ' ssl verify none sni ssl_fc_sni', ''],
    ['certificate', 'crt', 1, 1, / crt \S+1f0c\.pem/, ''],
    ['authority', 'ca-file', 1, 1, / ca-file \S+2e1d\.pem/, ''],
    ['list of revoked certificates', 'crl-file', 1, 1, / crl-file \S+3d2e\.pem/, ''],
    ['judgement of certificates', 'verify', 1, 1, 'verify required', 'verify none'],
    ['judgement of certificates', 'verify', 4, 3, ' verify none sni', ' sni'],
    ['name of the server', 'sni', 4, 3, ' sni ssl_fc_sni', ''],
    [
      'list of ciphers',
      'ciphers',
      4,
      3,
      'sni ssl_fc_sni ciphers TLS_AES_256_GCM_SHA384',
      'sni ssl_fc_sni ciphers AES',
    ],
    ['list of versions', 'versions', 4, 3, ' no-tlsv11', ''],
    ['list of protocols', 'alpn', 1, 1, 'alpn h2,http/1.1', 'alpn h2'],
  ])('%s (%s)', (_, name, member, pool, from, to) => {
    const at = text.indexOf(`server ${memberId(member)}`)
    const config = text.slice(0, at) + text.slice(at).replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(config)).toEqual([`drift ${serverOf(member, pool, SECURE)}.${name}: memberTls`])
  })

  it('which the API says goes plain', () => {
    const plain = (detail: Detail) => void (detail.pools[2]!.tlsEnabled = false)
    expect(judged(text, plain)).toEqual([`drift ${serverOf(4, 3, SECURE)}.ssl: memberTls`])
  })

  it('expects that a haproxy before 1.9 gets no ALPN', () => {
    expect(judged(text.replaceAll(' alpn h2,http/1.1', ''))).toEqual(
      [1, 2].map((member) => `expected ${serverOf(member, 1, SECURE)}.alpn: haproxyVersion`),
    )
  })

  it('is not judged where the API does not tell', () => {
    const older = (detail: Detail) => {
      for (const pool of detail.pools) delete pool.tlsEnabled
    }
    expect(judged(text.replaceAll(' ssl verify none sni', ' sni'), older)).toEqual([])
  })
})

describe('the PROXY protocol to members, when the file has another', () => {
  it.each([
    [5, 4, PLAIN, ' send-proxy\n', '\n'],
    [6, 5, SECURE, ' send-proxy-v2-ssl-cn\n', ' send-proxy-v2\n'],
    [6, 5, STREAM, ' send-proxy-v2\n', ' send-proxy\n'],
    [4, 3, SECURE, ' weight 1', ' weight 1 send-proxy'],
  ])('member %s of pool %s', (member, pool, listener, from, to) => {
    const at = text.indexOf(
      `server ${memberId(member)}`,
      text.indexOf(`${poolId(pool)}:${listener}\n    mode`),
    )
    const config = text.slice(0, at) + text.slice(at).replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(config)).toEqual([
      `drift ${serverOf(member, pool, listener)}.send-proxy: proxyProtocol`,
    ])
  })
})

describe('what clients have to show, when the file has another', () => {
  it.each([
    ['ca-file', / ca-file \S+5b4c\.pem/, ''],
    ['crl-file', / crl-file \S+6a5d\.pem/, ''],
    ['verify', 'verify optional', 'verify required'],
  ])('%s', (name, from, to) => {
    const config = text.replace(from, to)
    expect(config).not.toBe(text)
    expect(judged(config)).toEqual([`drift frontend ${SECURE}.bind.${name}: clientAuthentication`])
  })

  it('and nothing is asked of them without an authority', () => {
    const without = (detail: Detail) => {
      delete detail.listeners[0]!.clientCaTlsContainerRef
    }
    expect(judged(text, without)).toEqual(
      ['ca-file', 'crl-file', 'verify'].map(
        (name) => `drift frontend ${SECURE}.bind.${name}: clientAuthentication`,
      ),
    )
    const plain = text.replace(/ ca-file \S+5b4c\.pem verify optional crl-file \S+/, '')
    expect(judged(plain, without)).toEqual([])
  })

  it('is not judged where the API does not tell', () => {
    const older = (detail: Detail) => {
      delete detail.listeners[0]!.clientAuthentication
    }
    expect(judged(text.replace('verify optional', 'verify required'), older)).toEqual([])
  })
})

describe('what browsers are told of HTTPS (HSTS)', () => {
  const told = (detail: Detail) =>
    void Object.assign(detail.listeners[0]!, {
      ...{ hstsMaxAge: 31_536_000, hstsIncludeSubdomains: true, hstsPreload: true },
    })
  const LINE = 'http-response set-header Strict-Transport-Security'
  const written = (value: string) =>
    text.replace('if !{ ssl_fc }\n', `if !{ ssl_fc }\n    ${LINE} ${value}\n`)
  const drift = [`drift frontend ${SECURE}.Strict-Transport-Security: hsts`]

  it.each([
    '"max-age=31536000; includeSubDomains; preload;"',
    'max-age=31536000;\\ includeSubDomains;\\ preload',
  ])('is the same as %s', (value) => {
    expect(judged(written(value), told)).toEqual([])
  })

  it.each([
    '"max-age=1; includeSubDomains; preload;"',
    '"max-age=31536000; preload;"',
    '"max-age=31536000; includeSubDomains;"',
  ])('differs from %s', (value) => {
    expect(judged(written(value), told)).toEqual(drift)
  })

  it('is missed, and noticed where the API has none', () => {
    expect(judged(text, told)).toEqual(drift)
    const none = (detail: Detail) => void (detail.listeners[0]!.hstsIncludeSubdomains = false)
    expect(judged(written('"max-age=1;"'), none)).toEqual(drift)
    expect(judged(text, none)).toEqual([])
  })

  it('is not judged where the API does not tell', () => {
    expect(judged(written('"max-age=1;"'))).toEqual([])
  })
})
