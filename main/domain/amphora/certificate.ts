import type { Certificate } from '../../../preload/contract/inspect'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/**
 * Reads the answer to `openssl x509 -noout -subject -issuer -serial -dates -text`, of OpenSSL 1.0 (`/CN=x`) to 3.x
 * (`CN = x`, `CN=x`); names come out as `CN=x, O=y`. Without the text, what the certificate carries is not known.
 *
 * @returns undefined when the validity is not in it
 */
export function parseCertificate(answer: string, path: string): Certificate | undefined {
  const values = new Map<string, string>()
  for (const line of answer.split('\n')) {
    const [, key, value] =
      /^(subject|issuer|serial|notBefore|notAfter)=(.{0,4096})$/.exec(line.trim()) ?? []
    if (key !== undefined && value !== undefined && !values.has(key)) values.set(key, value.trim())
  }
  const notBefore = parseDate(values.get('notBefore'))
  const notAfter = parseDate(values.get('notAfter'))
  if (notBefore === undefined || notAfter === undefined) return undefined
  return {
    path,
    subject: nameOf(values.get('subject') ?? ''),
    issuer: nameOf(values.get('issuer') ?? ''),
    serial: values.get('serial') ?? '',
    notBefore,
    notAfter,
    ...(TEXT.test(answer) && {
      keyIdentifiers: KEY_IDENTIFIERS.every((line) => line.test(answer)),
    }),
  }
}

/** How the text of a certificate begins, and how OpenSSL names these extensions in it. */
const TEXT = /^Certificate:\s*$/m
const KEY_IDENTIFIERS = [
  /^ *X509v3 Subject Key Identifier: *(?:critical)?\s*$/m,
  /^ *X509v3 Authority Key Identifier: *(?:critical)?\s*$/m,
]

/** `Nov 22 13:55:41 2026 GMT` in milliseconds since the epoch. */
function parseDate(text = ''): number | undefined {
  const [, month = '', day, hours, minutes, seconds, year] =
    /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? (\d{4})(?: (?:GMT|UTC))?$/.exec(
      text,
    ) ?? []
  const index = MONTHS.indexOf(month)
  if (index < 0) return undefined
  return Date.UTC(Number(year), index, Number(day), Number(hours), Number(minutes), Number(seconds))
}

function nameOf(text: string): string {
  const parts = text.startsWith('/')
    ? text.slice(1).split(/\/(?=[A-Za-z]{1,40}=)/)
    : text.split(/, ?/)
  return parts.map((part) => part.replace(/^([^=]{1,64}?) ?= ?/, '$1=')).join(', ')
}
