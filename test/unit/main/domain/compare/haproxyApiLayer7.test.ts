import { describe, expect, it } from 'vitest'
import { compareHaproxyApi } from '../../../../../main/domain/compare/haproxyApi'
import { parseHaproxy } from '../../../../../main/domain/config/haproxy'
import { capture } from '../captures'
import { aRule } from './aPolicy'
import { ENCRYPTED_LAYER7, encryptedDetail, PLAIN, poolId, SECURE } from './encryptedDetail'

const text = capture('configurations/tls-proxy-l7/haproxy.amp1.cfg')
type Detail = ReturnType<typeof encryptedDetail>

function judged(config = text, layer7 = ENCRYPTED_LAYER7, change?: (detail: Detail) => void) {
  const detail = encryptedDetail()
  change?.(detail)
  return compareHaproxyApi(parseHaproxy(config), detail, layer7).differences.map(
    ({ path, kind, why }) => `${kind} ${path}: ${why}`,
  )
}

const id = (number: number) => aRule(number, '', '', '').id
const ESCAPED = [
  `expected frontend ${PLAIN}.acl ${id(6)}: escaping`,
  `expected frontend ${PLAIN}.policy.target: escaping`,
  `expected frontend ${PLAIN}.acl ${id(8)}: escaping`,
]

it('finds what Octavia itself wrote so that haproxy reads another text, and expects it', () => {
  expect(judged()).toEqual(ESCAPED)
  // As a release writes them that leaves these characters alone.
  const kept = text
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace('it&#39;s\\ &#34;quoted&#34;', 'it\'s\\ "quoted"')
  expect(judged(kept)).toEqual([])
})

describe('a condition is another than the L7 rule', () => {
  it.each([
    ['value of a path', PLAIN, 9, 'beg /off', 'beg /on'],
    ['value with a blank', PLAIN, 10, 'bad\\ bot', 'bad'],
    ['value with a backslash', SECURE, 4, 'a\\\\b', 'a\\b'],
    ['value that is escaped', PLAIN, 6, '&lt;z&gt;', '&lt;y&gt;'],
    ['comparison', PLAIN, 9, '-m beg', '-m end'],
    ['comparison', SECURE, 5, '-m end', '-m reg'],
    ['case of a host', SECURE, 5, ' -i', ''],
    ['key of a header', PLAIN, 10, 'req.hdr(User-Agent)', 'req.hdr(Agent)'],
    ['key of a cookie', SECURE, 4, 'req.cook(SRV)', 'req.cook(SRW)'],
    ['field of a certificate', SECURE, 3, 'ssl_c_s_dn(OU)', 'ssl_c_s_dn(CN)'],
    ['type', PLAIN, 7, 'path_end', 'path'],
    ['result of a verification', SECURE, 2, 'eq 0', 'eq 1'],
    ['presence of a certificate', SECURE, 1, 'ssl_c_used', 'ssl_fc'],
  ])('%s (of %s, rule %i)', (_, listener, number, from, to) => {
    const at = text.indexOf(`acl ${id(number)}`)
    const config = text.slice(0, at) + text.slice(at).replace(from, to)
    expect(config).not.toBe(text)
    const found = judged(config).filter((each) => !each.startsWith('expected'))
    expect(found).toEqual([`drift frontend ${listener}.acl ${id(number)}: ruleCriterion`])
  })

  it('is inverted on one side only', () => {
    const config = text.replace(` if !${id(10)}`, ` if ${id(10)}`)
    expect(judged(config)).toEqual([
      ...ESCAPED,
      `drift frontend ${PLAIN}.policy.${id(10)}: ruleInverted`,
    ])
  })

  it('is not judged for a type that this console does not know', () => {
    const unknown = ENCRYPTED_LAYER7.map((policy) => ({
      ...policy,
      rules: policy.rules.map((rule) => ({ ...rule, type: 'NEW' })),
    }))
    expect(judged(text, unknown)).toEqual([`expected frontend ${PLAIN}.policy.target: escaping`])
  })
})

describe('a decision', () => {
  it.each([
    ['code', 'redirect code 308', 'redirect code 301'],
    ['code', 'redirect code 308', 'redirect'],
    ['target', 'https://old.example.test/x', 'https://old.example.test/y'],
    ['target', 'https://shop.example.test/', 'https://shop.example.org/'],
  ])('sends clients elsewhere: its %s', (what, from, to) => {
    const found = judged(text.replace(from, to)).filter((each) => !each.startsWith('expected'))
    expect(found).toEqual([`drift frontend ${PLAIN}.policy.${what}: policyTarget`])
  })

  it('may leave out the code that haproxy takes anyway', () => {
    const usual = ENCRYPTED_LAYER7.map((policy) =>
      policy.redirectUrl === undefined ? policy : { ...policy, redirectHttpCode: 302 },
    )
    expect(judged(text, usual)).toEqual(ESCAPED)
  })

  it('is absent by design while its pool is disabled', () => {
    const enable = (detail: Detail) => void (detail.pools[5]!.adminStateUp = true)
    expect(judged(text, ENCRYPTED_LAYER7, enable)).toContain(
      `drift frontend ${PLAIN}.policy: policyNotServed`,
    )
    const served = text.replace(
      '    http-request deny',
      `    use_backend ${poolId(6)}:${PLAIN} if ${id(9)}\n    http-request deny`,
    )
    expect(judged(served)).toContain(`drift frontend ${PLAIN}.policy: disabledButServed`)
  })
})
