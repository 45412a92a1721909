import { wordsOf } from '../config/haproxySyntax'
import type { Judgements, Pairing } from './judgements'

/** One condition of an L7 policy, as the API tells it. */
export interface Layer7Rule {
  id: string
  adminStateUp: boolean
  /** HOST_NAME, PATH, FILE_TYPE, HEADER, COOKIE, SSL_CONN_HAS_CERT, SSL_VERIFY_RESULT, SSL_DN_FIELD. */
  type: string
  /** REGEX, STARTS_WITH, ENDS_WITH, CONTAINS, EQUAL_TO. */
  compareType: string
  /** Name of a header, a cookie or a field; absent for other types. */
  key?: string | undefined
  invert: boolean
  value: string
}

const MATCHERS: Readonly<Record<string, string>> = {
  REGEX: 'reg',
  STARTS_WITH: 'beg',
  ENDS_WITH: 'end',
  CONTAINS: 'sub',
  EQUAL_TO: 'str',
}

/** What a type looks at, where the value is matched as text (octavia/common/jinja/haproxy, `l7rule_macro`). */
const FETCHES: Readonly<Record<string, (key: string) => string>> = {
  HOST_NAME: () => 'req.hdr(host) -i',
  PATH: () => 'path',
  FILE_TYPE: () => 'path_end',
  HEADER: (key) => `req.hdr(${key})`,
  COOKIE: (key) => `req.cook(${key})`,
  SSL_DN_FIELD: (key) => `ssl_c_s_dn(${key})`,
}

/** What stands behind the name of a rule's `acl`; undefined for what this console does not know. */
export function criterionOf({
  type,
  compareType,
  key = '',
  value,
}: Layer7Rule): string | undefined {
  if (type === 'SSL_CONN_HAS_CERT') return 'ssl_c_used'
  if (type === 'SSL_VERIFY_RESULT') return `ssl_c_verify eq ${value}`
  const [fetch, matcher] = [FETCHES[type], MATCHERS[compareType]]
  if (!fetch || matcher === undefined) return undefined
  return `${fetch(key)} -m ${matcher} ${value.replaceAll(/[\\ ]/g, '\\$&')}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

/**
 * Compares what an operator gave with what Octavia made of it. Its templates write `&` as `&amp;` and the like, and haproxy
 * ends a line at `#`: then haproxy looks for another text than the operator gave, but nobody has edited the file.
 */
export function compareGiven(judgements: Judgements, pairing: Pairing): void {
  const { actual, wanted = '' } = pairing
  if (actual?.value === wanted) return
  const escaped = wanted.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  const asWritten = [wanted, escaped].map((text) => wordsOf(text).join(' '))
  if (actual && asWritten.includes(actual.value)) judgements.expect({ ...pairing, why: 'escaping' })
  else judgements.differ(pairing)
}
