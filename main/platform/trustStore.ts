import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'

/** Where Linux distributions keep the certificates their administrators trust. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** Variables by which OpenStack's own clients and Node name further certificates. */
const VARIABLES = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']

/** Newer releases of Node read the system's store themselves. */
type ReadsSystem = { getCACertificates?: (kind: 'default' | 'system') => string[] }

/**
 * PEM texts of the authorities trusted without further ado: Node's, the system's, and those the environment names.
 * Private clouds are often signed by an authority that only the system's store knows.
 */
export function trustedCertificates(
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const { getCACertificates } = tls as ReadsSystem
  const known = getCACertificates
    ? [...getCACertificates('default'), ...getCACertificates('system')]
    : [...tls.rootCertificates, ...firstOf(BUNDLES)]
  const named = VARIABLES.flatMap((name) => firstOf([environment[name] ?? '']))
  return [...new Set([...known, ...named])]
}

/** The text of the first file that can be read; the rest does not matter to anybody who has no such file. */
function firstOf(paths: readonly string[]): string[] {
  for (const path of paths.filter(Boolean)) {
    try {
      return [readFileSync(path, 'utf8')]
    } catch {
      continue
    }
  }
  return []
}
