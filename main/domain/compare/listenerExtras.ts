import type { Listener } from '../../../preload/contract/loadBalancer'
import type { HaproxyBackend, HaproxyBind, HaproxyFrontend } from '../config/haproxy'
import type { Located } from '../config/located'
import type { Subject } from './entries'
import type { Judgements } from './judgements'
import { compareFile, compareTlsOptions, type SayOption } from './tls'

/** What follows `verify` for each `client_authentication`: octavia/common/jinja/haproxy/combined_listeners, CLIENT_AUTH_MAP. */
const VERIFY: Readonly<Record<string, string>> = {
  NONE: 'none',
  OPTIONAL: 'optional',
  MANDATORY: 'required',
}

/** Compares how a listener that ends TLS does so, on each of its addresses; what the API did not tell is not judged. */
export function compareTls(
  judgements: Judgements,
  binds: readonly HaproxyBind[],
  listener: Listener,
  subject: Subject,
): void {
  if (listener.protocol !== 'TERMINATED_HTTPS') return
  const { alpnProtocols } = listener
  for (const { line, options } of binds) {
    const say =
      (why: string): SayOption =>
      (name, actual, wanted) =>
        judgements.equal({
          path: `frontend ${listener.id}.bind.${name}`,
          actual: located(actual, line),
          wanted,
          why,
          subject,
          near: line,
        })
    const setting = say('listenerSetting')
    compareTlsOptions(setting, options, listener)
    if (alpnProtocols !== undefined)
      setting('alpn', options.get('alpn'), alpnProtocols.join(',') || undefined)
    compareClientAuthentication(say('clientAuthentication'), options, listener)
  }
}

/** Without a certificate authority nothing is asked of clients, whatever else the listener says. */
function compareClientAuthentication(
  say: SayOption,
  options: HaproxyBind['options'],
  { clientAuthentication, clientCaTlsContainerRef, clientCrlContainerRef }: Listener,
): void {
  if (clientAuthentication === undefined) return
  const hasAuthority = clientCaTlsContainerRef !== undefined
  compareFile(say, options, 'ca-file', hasAuthority)
  compareFile(say, options, 'crl-file', hasAuthority && clientCrlContainerRef !== undefined)
  const wanted = hasAuthority ? VERIFY[clientAuthentication] : 'none'
  if (wanted !== undefined) say('verify', options.get('verify') ?? 'none', wanted)
}

const HSTS = 'Strict-Transport-Security'
const HSTS_LINE = new RegExp(`^http-response set-header ${HSTS} (.+)$`, 'i')

/** Compares what browsers are told of HTTPS (`Strict-Transport-Security`, since 2023.2). */
export function compareHsts(
  judgements: Judgements,
  { rules, line }: HaproxyFrontend,
  { id, protocol, hstsMaxAge, hstsIncludeSubdomains, hstsPreload }: Listener,
  subject: Subject,
): void {
  if (protocol !== 'TERMINATED_HTTPS') return
  if (hstsMaxAge === undefined && hstsIncludeSubdomains === undefined) return
  const headers = rules.flatMap((rule) => {
    const value = HSTS_LINE.exec(rule.value)?.[1]
    return value === undefined
      ? []
      : [{ value: value.replaceAll(/["']|\\(?= )/g, ''), line: rule.line }]
  })
  const wanted = [
    `max-age=${String(hstsMaxAge)}`,
    ...(hstsIncludeSubdomains ? ['includeSubDomains'] : []),
    ...(hstsPreload ? ['preload'] : []),
  ].join('; ')
  judgements.equal(
    {
      path: `frontend ${id}.${HSTS}`,
      actual: headers.at(-1),
      wanted: hstsMaxAge === undefined ? undefined : wanted,
      why: 'hsts',
      subject,
      near: line,
    },
    (one, other) => String(directivesOf(one)) === String(directivesOf(other)),
  )
}

/** `max-age=1; Preload;` as its directives in one order: neither case nor order means anything (RFC 6797, section 6.1). */
const directivesOf = (value: string): string[] =>
  value
    .toLowerCase()
    .split(';')
    .map((directive) => directive.trim())
    .filter(Boolean)
    .sort()

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
