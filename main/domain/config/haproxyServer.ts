import type { Keyword } from './haproxySyntax'
import type { Located } from './located'

/** One `server` line: a member, by its id. */
export interface HaproxyServer {
  /** The member's id. */
  name: string
  line: number
  /** Without brackets. */
  address: string
  /** Absent where the line has none. */
  port?: number
  weight?: number
  /** Whether it is checked: whether the pool has a health monitor. */
  check: boolean
  /** Milliseconds between checks. */
  interval?: number
  fall?: number
  rise?: number
  checkAddress?: string
  checkPort?: number
  checkTls: boolean
  backup: boolean
  /** Disabled by the API, since Train; before, such members were left out. */
  disabled: boolean
  /** Every option of the line, in its order: an option without a value has an empty one. */
  options: ReadonlyMap<string, string>
}

/** Options of a server that take no value (haproxy 2.6 manual, section 5.2, and what 3.x added). */
const FLAGS: ReadonlySet<string> = new Set([
  'agent-check',
  'allow-0rtt',
  'backup',
  'check',
  'check-send-proxy',
  'check-ssl',
  'check-via-socks4',
  'disabled',
  'enabled',
  'force-sslv3',
  'force-tlsv10',
  'force-tlsv11',
  'force-tlsv12',
  'force-tlsv13',
  'non-stick',
  'send-proxy',
  'send-proxy-v2',
  'send-proxy-v2-ssl',
  'send-proxy-v2-ssl-cn',
  'ssl',
  'ssl-reuse',
  'stick',
  'tfo',
  'tls-tickets',
])

/** Reads a `server` line; undefined where it has no name. */
export function readServer({ arguments: words, line }: Keyword): HaproxyServer | undefined {
  const [name, place = '', ...rest] = words
  if (name === undefined) return undefined
  const options = readOptions(rest)
  const { address, port } = readPlace(place)
  const checkAddress = options.get('addr')
  return {
    name,
    line,
    address,
    ...(port !== undefined && { port }),
    ...whole('weight', options.get('weight')),
    check: options.has('check'),
    ...duration('interval', options.get('inter')),
    ...whole('fall', options.get('fall')),
    ...whole('rise', options.get('rise')),
    ...(checkAddress && { checkAddress }),
    ...whole('checkPort', options.get('port')),
    checkTls: options.has('check-ssl'),
    backup: options.has('backup'),
    disabled: options.has('disabled'),
    options,
  }
}

/** Options and their values; what is neither known as a flag nor starts with `no-` takes the word behind it. */
export function readOptions(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>()
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const flag = FLAGS.has(word) || word.startsWith('no-')
    if (flag) options.set(word, '')
    else options.set(word, words[(index += 1)] ?? '')
  }
  return options
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, and `2001:db8::1:80` as Octavia writes it: what stands behind the last colon is the port. */
export function readPlace(text: string): { address: string; port?: number } {
  const colon = text.lastIndexOf(':')
  const digits = text.slice(colon + 1)
  if (colon < 0 || !/^\d{1,5}$/.test(digits) || text.endsWith(']')) {
    return { address: withoutBrackets(text) }
  }
  return { address: withoutBrackets(text.slice(0, colon)), port: Number(digits) }
}

const withoutBrackets = (text: string): string => text.replace(/^\[([^\]]*)\]$/, '$1')

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** A duration of haproxy in milliseconds: `5s`, `500ms`, or a bare number of milliseconds. Undefined for anything else. */
export function readDuration(text: string | undefined): number | undefined {
  const [, amount, unit = 'ms'] = /^(\d{1,12})(us|ms|s|m|h|d)?$/.exec(text ?? '') ?? []
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1)
}

/** A whole number that is not negative. Undefined for anything else. */
export function readWhole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined
}

/** The first argument of a keyword. */
export const firstOf = ({ arguments: [value], line }: Keyword): Located<string> | undefined =>
  value === undefined ? undefined : { value, line }

function whole<K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> {
  const value = readWhole(text)
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>
}

function duration<K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> {
  const value = readDuration(text)
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>
}
