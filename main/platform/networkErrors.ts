import { AppError, type Reason } from '../../preload/contract/error'

/** What ends a connection to a service; each carries `host` and `port`. */
type NetworkReason = Extract<Reason, `network.${string}` | `tls.${string}`>

/** Codes of Node's resolver, sockets and certificate checks, by the cause that an operator can act on. */
const REASON_OF_CODE: Readonly<Record<string, NetworkReason>> = {
  ENOTFOUND: 'network.dns',
  EAI_AGAIN: 'network.dns',
  EAI_FAIL: 'network.dns',
  EAI_NODATA: 'network.dns',
  EAI_NONAME: 'network.dns',
  ECONNREFUSED: 'network.refused',
  EHOSTUNREACH: 'network.unreachable',
  ENETUNREACH: 'network.unreachable',
  EHOSTDOWN: 'network.unreachable',
  ENETDOWN: 'network.unreachable',
  EADDRNOTAVAIL: 'network.unreachable',
  EACCES: 'network.unreachable',
  EPERM: 'network.unreachable',
  ETIMEDOUT: 'network.timeout',
  ECONNRESET: 'network.lost',
  ECONNABORTED: 'network.lost',
  EPIPE: 'network.lost',
  ERR_STREAM_PREMATURE_CLOSE: 'network.lost',
  CERT_HAS_EXPIRED: 'tls.expired',
  CERT_NOT_YET_VALID: 'tls.expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls.hostname',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls.untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls.untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls.untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls.untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls.untrusted',
  CERT_UNTRUSTED: 'tls.untrusted',
  CERT_REJECTED: 'tls.untrusted',
  CERT_REVOKED: 'tls.untrusted',
  CERT_SIGNATURE_FAILURE: 'tls.untrusted',
  CERT_CHAIN_TOO_LONG: 'tls.untrusted',
  PATH_LENGTH_EXCEEDED: 'tls.untrusted',
  INVALID_CA: 'tls.untrusted',
  INVALID_PURPOSE: 'tls.untrusted',
}

/** Handshakes end as EPROTO or as a code of OpenSSL's release; OpenSSL's own sentence is the same in all of them. */
const REASON_OF_HANDSHAKE: readonly [RegExp, NetworkReason][] = [
  [/wrong version number|packet length too long|http request|unexpected message/, 'tls.notTls'],
  [/protocol version|unsupported protocol|no protocols available|no shared cipher/, 'tls.version'],
  [
    /handshake failure|certificate required|bad certificate|certificate unknown|unknown ca|alert certificate|decrypt error/,
    'tls.clientCertificate',
  ],
  [/dh key too small|ee key too small|ca md too weak|unsafe legacy/, 'tls.version'],
  [/pem routines|asn1|x509|no start line|key values mismatch|interrupted or cancelled/, 'tls.file'],
]

/**
 * Turns what Node's sockets and TLS throw into an error that names its cause.
 * The message holds the system's sentence only: never headers, bodies or query values.
 */
export function networkError(cause: unknown, url: string): AppError {
  if (cause instanceof AppError) return cause
  const { code, message } = firstCause(cause)
  const reason = REASON_OF_CODE[code] ?? reasonOfHandshake(code, message)
  const values = targetOf(url)
  if (reason) return AppError.because(reason, sentence(message), { cause, values })
  if (code.startsWith('HPE_')) {
    return AppError.because('answer.malformed', sentence(message), { cause, values })
  }
  return AppError.because('network.lost', sentence(message), { cause, values })
}

/** Host and port of a URL, to fill the sentences of a failure. */
export function targetOf(url: string): { host: string; port: string | number } {
  if (!URL.canParse(url)) return { host: url, port: '' }
  const parsed = new URL(url)
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80)),
  }
}

function reasonOfHandshake(code: string, message: string): NetworkReason | undefined {
  if (!/^(EPROTO|ERR_SSL|ERR_OSSL|ERR_TLS|ERR_CRYPTO)/.test(code)) return undefined
  const text = `${code.replaceAll('_', ' ')} ${message}`.toLowerCase()
  return REASON_OF_HANDSHAKE.find(([pattern]) => pattern.test(text))?.[1] ?? 'tls.notTls'
}

/** The innermost error that carries a code: libraries wrap it, and Node bundles one per address tried. */
function firstCause(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause
  if (inner instanceof Error) {
    const found = firstCause(inner)
    if (found.code) return found
  }
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** OpenSSL's errors end in the path of its source file; the sentence before it is what people search for. */
const sentence = (message: string): string =>
  message
    .replace(/^(?:write )?(?:EPROTO )?[0-9A-F]+:error:[0-9A-F]+:/, '')
    .replace(/:[^:\s]*\.c:\d+:/, ': ')
    .replace(/:\s*$/, '')
    .trim()
