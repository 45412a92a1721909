import type { Listener } from '../../../preload/contract/loadBalancer'
import type { HaproxyBackend, HaproxyBind } from '../config/haproxy'
import type { Located } from '../config/located'
import type { Subject } from './entries'
import type { Judgements } from './judgements'

/** How haproxy refuses each version that Octavia knows: octavia/common/jinja/haproxy/combined_listeners, `tls_versions`. */
const REFUSALS: Readonly<Record<string, string>> = {
  SSLv3: 'no-sslv3',
  TLSv1: 'no-tlsv10',
  'TLSv1.1': 'no-tlsv11',
  'TLSv1.2': 'no-tlsv12',
  'TLSv1.3': 'no-tlsv13',
}

/** Compares how a listener that ends TLS does so, on each of its addresses; what the API did not tell is not judged. */
export function compareTls(
  judgements: Judgements,
  binds: readonly HaproxyBind[],
  listener: Listener,
  subject: Subject,
): void {
  if (listener.protocol !== 'TERMINATED_HTTPS') return
  const { tlsCiphers, tlsVersions, alpnProtocols } = listener
  for (const { line, options } of binds) {
    const say = (name: string, actual: string | undefined, wanted: string | undefined) =>
      judgements.equal({
        path: `frontend ${listener.id}.bind.${name}`,
        actual: located(actual, line),
        wanted: wanted === '' ? undefined : wanted,
        why: 'listenerSetting',
        subject,
        near: line,
      })
    if (tlsCiphers !== undefined) say('ciphers', options.get('ciphers'), tlsCiphers)
    if (alpnProtocols !== undefined) say('alpn', options.get('alpn'), alpnProtocols.join(','))
    if (tlsVersions !== undefined) {
      const refused = Object.values(REFUSALS).filter((flag) => options.has(flag))
      const wanted = Object.entries(REFUSALS).flatMap(([version, flag]) =>
        tlsVersions.length > 0 && !tlsVersions.includes(version) ? [flag] : [],
      )
      say('versions', refused.join(' ') || undefined, wanted.join(' '))
    }
  }
}

/**
 * Compares the headers that a listener has its pools add to each request. Only which of them are added: what they are filled
 * with is Octavia's own.
 */
export function compareHeaders(
  judgements: Judgements,
  { name, mode, line, others }: HaproxyBackend,
  { insertHeaders }: Listener,
  subject: Subject,
): void {
  if (!insertHeaders || mode?.value !== 'http') return
  const added = new Map<string, number>()
  for (const { name: keyword, arguments: words, line: at } of others) {
    if (keyword === 'option' && words[0] === 'forwardfor') added.set('X-Forwarded-For', at)
    if (keyword === 'http-request' && words[0] === 'set-header' && words[1] !== undefined)
      added.set(words[1], at)
  }
  const wanted = new Set(
    Object.entries(insertHeaders).flatMap(([header, on]) =>
      on.toLowerCase() === 'true' ? [header] : [],
    ),
  )
  for (const header of new Set([...added.keys(), ...wanted])) {
    judgements.equal({
      path: `backend ${name}.${header}`,
      actual: added.has(header) ? { value: header, line: added.get(header) ?? line } : undefined,
      wanted: wanted.has(header) ? header : undefined,
      why: 'listenerSetting',
      subject,
      near: line,
    })
  }
}

const located = (value: string | undefined, line: number): Located<string> | undefined =>
  value === undefined ? undefined : { value, line }
