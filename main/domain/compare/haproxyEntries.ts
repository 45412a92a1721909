import type { HaproxyConfig } from '../config/haproxy'
import { readOptions } from '../config/haproxyServer'
import type { HaproxySection, Keyword } from '../config/haproxySyntax'
import type { Entry, Subject } from './entries'

/** Keywords whose order among themselves decides over a request. */
const ORDERED: ReadonlySet<string> = new Set([
  'use_backend',
  'redirect',
  'http-request',
  'http-response',
  'tcp-request',
  'tcp-response',
  'block',
])

/** Keywords whose first argument belongs to their name. */
const TWO_WORDS: ReadonlySet<string> = new Set(['option', 'timeout', 'no', 'stats'])

/** Everything a haproxy.cfg says, by its path: `backend <pool>:<listener>.server <member>.weight`. */
export function haproxyEntries({ sections }: HaproxyConfig): Entry[] {
  return sections.flatMap((section) => {
    const path = pathOf(section)
    const subject = subjectOf(section)
    const own: Entry = { path, value: path, line: section.line, ...(subject && { subject }) }
    return [own, ...section.keywords.flatMap((keyword) => keywordEntries(keyword, own))]
  })
}

/** A pair has one section of peers; its name is a value, not a place. */
const pathOf = ({ kind, name }: HaproxySection): string =>
  !name || kind === 'peers' || kind === 'defaults' ? kind : `${kind} ${name}`

function subjectOf({ kind, name }: HaproxySection): Subject | undefined {
  if (kind === 'frontend' && !isInternal(name)) return { kind: 'listener', id: name }
  const [pool = ''] = name.split(':')
  return kind === 'backend' && !isInternal(name) ? { kind: 'pool', id: pool } : undefined
}

/** Proxies that Octavia adds for its own metrics. */
export const isInternal = (name: string): boolean => name.startsWith('prometheus-exporter-internal')

function keywordEntries(keyword: Keyword, section: Entry): Entry[] {
  const { name, arguments: words, line } = keyword
  const [first = '', ...rest] = words
  const within = section.path
  if (name === 'server') return serverEntries(keyword, within)
  const common = { line, within, ...(section.subject && { subject: section.subject }) }
  if (name === 'acl') {
    const subject = { kind: 'l7Rule', id: first }
    return [{ ...common, path: `${within}.acl ${first}`, value: rest.join(' '), subject }]
  }
  if (TWO_WORDS.has(name)) {
    const path = `${within}.${name} ${first}`
    return [{ ...common, path, value: rest.join(' ') || `${name} ${first}`.trim() }]
  }
  const value = words.join(' ') || name
  const ordered = ORDERED.has(name)
  return [{ ...common, path: `${within}.${name}`, value, ...(ordered && { ordered }) }]
}

function serverEntries({ arguments: words, line }: Keyword, section: string): Entry[] {
  const [id = '', place = '', ...rest] = words
  const path = `${section}.server ${id}`
  const subject = isInternal(section.replace(/^backend /, '')) ? undefined : { kind: 'member', id }
  const common = { line, within: path, ...(subject && { subject }) }
  return [
    { ...common, path, value: `server ${id} ${place}`.trim(), within: section },
    { ...common, path: `${path}.address`, value: place },
    ...Array.from(readOptions(rest), ([option, value]) => ({
      ...common,
      path: `${path}.${option}`,
      value: value || option,
    })),
  ]
}
