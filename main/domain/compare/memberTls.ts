import type { Listener, Pool } from '../../../preload/contract/loadBalancer'
import type { HaproxyServer } from '../config/haproxyServer'
import { compareFile, compareTlsOptions, type SayOption } from './tls'

/** Options that tell a member who the client is, by the PROXY protocol. */
const PROXY_OPTIONS = ['send-proxy', 'send-proxy-v2', 'send-proxy-v2-ssl', 'send-proxy-v2-ssl-cn']

/** Compares by which version of the PROXY protocol a member learns of the client. */
export function compareProxyProtocol(
  say: SayOption,
  { options }: HaproxyServer,
  pool: Pool,
  listener: Listener,
): void {
  const actual = PROXY_OPTIONS.find((option) => options.has(option))
  say('send-proxy', actual, proxyOptionOf(pool, listener))
}

function proxyOptionOf({ protocol }: Pool, listener: Listener): string | undefined {
  if (protocol === 'PROXY') return 'send-proxy'
  if (protocol !== 'PROXYV2') return undefined
  return listener.protocol === 'TERMINATED_HTTPS' ? 'send-proxy-v2-ssl-cn' : 'send-proxy-v2'
}

/**
 * Compares how traffic to a member is encrypted anew. ALPN is told apart: Octavia leaves it out for a haproxy before 1.9.
 * Of older APIs, which do not tell, nothing is judged.
 */
export function compareMemberTls(
  say: SayOption,
  expectMissing: (name: string, wanted: string) => void,
  { options, checkTls }: HaproxyServer,
  pool: Pool,
): void {
  const { tlsEnabled, caTlsContainerRef, crlContainerRef, alpnProtocols } = pool
  if (tlsEnabled === undefined) return
  const encrypted = options.has('ssl')
  say('ssl', encrypted ? 'ssl' : undefined, tlsEnabled ? 'ssl' : undefined)
  if (!encrypted || !tlsEnabled) return
  const hasAuthority = caTlsContainerRef !== undefined
  const hasRevocations = hasAuthority && crlContainerRef !== undefined
  compareFile(say, options, 'crt', pool.tlsContainerRef !== undefined)
  compareFile(say, options, 'ca-file', hasAuthority)
  compareFile(say, options, 'crl-file', hasRevocations)
  // Octavia writes `verify required` only beside a list of revoked certificates: haproxy does so anyway, unless the check
  // by HTTPS has said `verify none` on the same line.
  const octaviasOwn = hasAuthority && !hasRevocations && checkTls
  if (!octaviasOwn)
    say('verify', options.get('verify') ?? 'required', hasAuthority ? 'required' : 'none')
  say('sni', options.get('sni'), 'ssl_fc_sni')
  compareTlsOptions(say, options, pool)
  const wanted = alpnProtocols?.join(',')
  if (wanted === undefined) return
  const actual = options.get('alpn')
  if (actual !== undefined) say('alpn', actual, wanted || undefined)
  else if (wanted) expectMissing('alpn', wanted)
}
