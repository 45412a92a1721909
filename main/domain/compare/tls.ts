import type { Listener, Pool } from '../../../preload/contract/loadBalancer'

/** How haproxy refuses each version that Octavia knows: octavia/common/jinja/haproxy/combined_listeners, `tls_versions`. */
const REFUSALS: Readonly<Record<string, string>> = {
  SSLv3: 'no-sslv3',
  TLSv1: 'no-tlsv10',
  'TLSv1.1': 'no-tlsv11',
  'TLSv1.2': 'no-tlsv12',
  'TLSv1.3': 'no-tlsv13',
}

/** Gives what a line says beside what the API wants of one option of it. */
export type SayOption = (
  name: string,
  actual: string | undefined,
  wanted: string | undefined,
) => void

/** Ciphers and versions that a `bind` or a `server` line allows; what the API did not tell is not judged. */
export function compareTlsOptions(
  say: SayOption,
  options: ReadonlyMap<string, string>,
  { tlsCiphers, tlsVersions }: Pick<Listener | Pool, 'tlsCiphers' | 'tlsVersions'>,
): void {
  if (tlsCiphers !== undefined) say('ciphers', options.get('ciphers'), tlsCiphers || undefined)
  if (tlsVersions === undefined) return
  const refused = Object.values(REFUSALS).filter((flag) => options.has(flag))
  const wanted = Object.entries(REFUSALS).flatMap(([version, flag]) =>
    tlsVersions.length > 0 && !tlsVersions.includes(version) ? [flag] : [],
  )
  say('versions', refused.join(' ') || undefined, wanted.join(' ') || undefined)
}

/** Whether a line names a file; what is in it nobody can judge from here. */
export const compareFile = (
  say: SayOption,
  options: ReadonlyMap<string, string>,
  name: string,
  wanted: boolean,
): void => say(name, options.get(name), wanted ? (options.get(name) ?? name) : undefined)
