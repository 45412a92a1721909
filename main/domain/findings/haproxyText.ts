import { perFile } from './perFile'

/** What a rule looks for in haproxy.cfg; lines counted from 1, 0 where there is none. */
export interface HaproxyText {
  /** The peers section, and how many peers stand in it. */
  peersLine: number
  peers: number
  /** Lines whose first word no template of Octavia uses. */
  foreign: readonly number[]
  sslCacheLine: number
}

/** Words that start lines in Octavia's templates, Queens to 2026.1 (haproxy/base.j2, haproxy/macros.j2). */
const TEMPLATE = new Set(
  `global daemon user group log stats server-state-file maxconn external-check insecure-fork-wanted tune.ssl.cachesize
  tune.ssl.default-dh-param nbthread nbproc cpu-map ca-base crt-base ssl-default-bind-ciphers
  ssl-default-bind-options ssl-default-server-ciphers ssl-default-server-options defaults no retries option timeout mode
  peers peer frontend backend bind redirect http-response http-request http-check default_backend use_backend acl
  tcp-request tcp-check log-format http-reuse balance stick-table stick cookie load-server-state-from-file fullconn server
  errorfile hash-type rspadd reqadd lua-load ssl-dh-param-file hard-stop-after`.split(/\s+/),
)

/** Looks through haproxy.cfg once. */
export const readHaproxyText = perFile((text): HaproxyText => {
  const found = { peersLine: 0, peers: 0, foreign: [] as number[], sslCacheLine: 0 }
  let inPeers = false
  for (const [index, line] of text.split('\n').entries()) {
    const word = /^\s*([^\s#]\S{0,80})/.exec(line)?.[1]
    if (word === undefined) continue
    if (/^\S/.test(line)) inPeers = word === 'peers'
    if (word === 'peers') found.peersLine ||= index + 1
    else if (word === 'peer' && inPeers) found.peers += 1
    else if (word === 'tune.ssl.cachesize') found.sslCacheLine ||= index + 1
    if (!TEMPLATE.has(word)) found.foreign.push(index + 1)
  }
  return found
})
