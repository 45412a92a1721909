import {
  firstOf,
  readDuration,
  readOptions,
  readPlace,
  readServer,
  readWhole,
  type HaproxyServer,
} from './haproxyServer'
import { parseHaproxySyntax, type HaproxySection, type Keyword } from './haproxySyntax'
import type { ConfigProblem, Located } from './located'

export interface HaproxyBind {
  address: string
  port?: number
  /** What stands behind the address, such as `ssl`, `crt-list`, `ciphers`, `alpn`; empty for those without a value. */
  options: ReadonlyMap<string, string>
  line: number
}

/** One listener: `frontend <listener>`. */
export interface HaproxyFrontend {
  /** The listener's id; `prometheus-exporter-internal-endpoint` for the one that Octavia adds. */
  name: string
  line: number
  mode?: Located<string>
  maxconn?: Located<number>
  binds: readonly HaproxyBind[]
  /** By the id of the L7 rule. */
  acls: readonly { name: string; criterion: string; line: number }[]
  /** What decides over a request, in its order: `use_backend …`, `redirect …`, `http-request …`. */
  rules: readonly Located<string>[]
  defaultBackend?: Located<string>
  /** Milliseconds, by name: `client`. */
  timeouts: ReadonlyMap<string, Located<number>>
  /** All the rest, `log-format` among it. */
  others: readonly Keyword[]
}

/** One pool of one listener: `backend <pool>:<listener>`, up to Stein `backend <pool>`. */
export interface HaproxyBackend {
  name: string
  /** What stands before the colon. */
  poolId: string
  /** Absent up to Stein. */
  listenerId?: string
  line: number
  mode?: Located<string>
  balance?: Located<string>
  fullconn?: Located<number>
  /** `cookie …`, `stick-table …`, `stick …`: how sessions are kept. */
  persistence: readonly Located<string>[]
  /** `option httpchk …`, `http-check …`, `option external-check`, `option ssl-hello-chk`, …: how members are checked. */
  checks: readonly Located<string>[]
  /** Milliseconds, by name: `check`, `connect`, `server`. */
  timeouts: ReadonlyMap<string, Located<number>>
  servers: readonly HaproxyServer[]
  others: readonly Keyword[]
}

interface HaproxyPeers {
  name: string
  line: number
  peers: readonly { name: string; address: string; port?: number; line: number }[]
}

/** haproxy.cfg, and what Octavia means by it. */
export interface HaproxyConfig {
  /** Everything, section by section, also what has a field below. */
  sections: readonly HaproxySection[]
  /** From the comment in the first line; the listener's up to Stein. */
  loadBalancerId?: Located<string>
  listenerId?: Located<string>
  /** Lines of `global` and of `defaults`. */
  global: readonly Keyword[]
  defaults: readonly Keyword[]
  /** Connections of the whole process. */
  maxconn?: Located<number>
  peers: readonly HaproxyPeers[]
  frontends: readonly HaproxyFrontend[]
  backends: readonly HaproxyBackend[]
  problems: readonly ConfigProblem[]
}

/**
 * Reads haproxy.cfg as Octavia renders it: since Train one file for all listeners, up to Stein one for each
 * (octavia/common/jinja/haproxy/combined_listeners and split_listeners). Several files one behind the other are read as one.
 * Takes time in proportion to the length of the text and never throws; keywords it does not know are kept.
 */
export function parseHaproxy(text: string): HaproxyConfig {
  const { sections, comments, problems: broken } = parseHaproxySyntax(text)
  const problems = [...broken]
  const of = (kind: string) => sections.filter((section) => section.kind === kind)
  const global = of('global').flatMap(({ keywords }) => keywords)
  const maxconn = numberOf(global, 'maxconn')
  for (const section of sections) {
    if (!section.name && ['peers', 'frontend', 'backend', 'listen'].includes(section.kind)) {
      problems.push({ line: section.line, text: section.kind, kind: 'noName' })
    }
  }
  return {
    sections,
    ...ownersOf(comments),
    global,
    defaults: of('defaults').flatMap(({ keywords }) => keywords),
    ...(maxconn && { maxconn }),
    peers: of('peers').map(readPeers),
    frontends: of('frontend').map(readFrontend),
    backends: of('backend').map((section) => readBackend(section, problems)),
    problems: problems.sort((a, b) => a.line - b.line),
  }
}

function ownersOf(
  comments: readonly { line: number; text: string }[],
): Pick<HaproxyConfig, 'loadBalancerId' | 'listenerId'> {
  const owners: Pick<HaproxyConfig, 'loadBalancerId' | 'listenerId'> = {}
  for (const { line, text } of comments) {
    const [, kind, value] =
      /^Configuration for (load ?balancer|listener) (\S{1,255})$/i.exec(text) ?? []
    if (value === undefined) continue
    if (kind?.toLowerCase() === 'listener') owners.listenerId ??= { value, line }
    else owners.loadBalancerId ??= { value, line }
  }
  return owners
}

function readPeers({ name, line, keywords }: HaproxySection): HaproxyPeers {
  const peers = keywords.flatMap((keyword) => {
    if (keyword.name !== 'peer' && keyword.name !== 'server') return []
    const [peer = '', place = ''] = keyword.arguments
    return [{ name: peer, ...readPlace(place), line: keyword.line }]
  })
  return { name, line, peers }
}

const REQUEST_RULES: ReadonlySet<string> = new Set([
  'use_backend',
  'redirect',
  'block',
  'http-request',
  'http-response',
  'tcp-request',
  'tcp-response',
])

function readFrontend({ name, line, keywords }: HaproxySection): HaproxyFrontend {
  const frontend = {
    name,
    line,
    binds: [] as HaproxyBind[],
    acls: [] as { name: string; criterion: string; line: number }[],
    rules: [] as Located<string>[],
    timeouts: new Map<string, Located<number>>(),
    others: [] as Keyword[],
  }
  for (const keyword of keywords) {
    const [first = '', ...rest] = keyword.arguments
    if (keyword.name === 'bind') {
      frontend.binds.push({ ...readPlace(first), options: readOptions(rest), line: keyword.line })
    } else if (keyword.name === 'acl') {
      frontend.acls.push({ name: first, criterion: rest.join(' '), line: keyword.line })
    } else if (REQUEST_RULES.has(keyword.name)) {
      frontend.rules.push(whole(keyword))
    } else if (!readTimeout(keyword, frontend.timeouts) && !SINGLE.has(keyword.name)) {
      frontend.others.push(keyword)
    }
  }
  const maxconn = numberOf(keywords, 'maxconn')
  const mode = valueOf(keywords, 'mode')
  const defaultBackend = valueOf(keywords, 'default_backend')
  return {
    ...frontend,
    ...(mode && { mode }),
    ...(maxconn && { maxconn }),
    ...(defaultBackend && { defaultBackend }),
  }
}

/** Keywords with a field of their own. */
const SINGLE: ReadonlySet<string> = new Set([
  'mode',
  'maxconn',
  'default_backend',
  'balance',
  'fullconn',
])
const CHECK_OPTIONS = /^(?:httpchk|external-check|ssl-hello-chk|tcp-check|log-health-checks)$/

function readBackend(
  { name, line, keywords }: HaproxySection,
  problems: ConfigProblem[],
): HaproxyBackend {
  const backend = {
    persistence: [] as Located<string>[],
    checks: [] as Located<string>[],
    timeouts: new Map<string, Located<number>>(),
    servers: [] as HaproxyServer[],
    others: [] as Keyword[],
  }
  for (const keyword of keywords) {
    const [first = ''] = keyword.arguments
    if (keyword.name === 'server') {
      const server = readServer(keyword)
      if (server) backend.servers.push(server)
      else problems.push({ line: keyword.line, text: 'server', kind: 'noName' })
    } else if (['cookie', 'stick', 'stick-table'].includes(keyword.name)) {
      backend.persistence.push(whole(keyword))
    } else if (isCheck(keyword.name, first)) {
      backend.checks.push(whole(keyword))
    } else if (!readTimeout(keyword, backend.timeouts) && !SINGLE.has(keyword.name)) {
      backend.others.push(keyword)
    }
  }
  const mode = valueOf(keywords, 'mode')
  const balance = valueOf(keywords, 'balance')
  const fullconn = numberOf(keywords, 'fullconn')
  const [poolId = '', listenerId] = name.split(':')
  return {
    name,
    poolId,
    ...(listenerId !== undefined && { listenerId }),
    line,
    ...backend,
    ...(mode && { mode }),
    ...(balance && { balance }),
    ...(fullconn && { fullconn }),
  }
}

const isCheck = (keyword: string, first: string): boolean =>
  keyword === 'http-check' ||
  keyword === 'tcp-check' ||
  keyword === 'external-check' ||
  (keyword === 'option' && CHECK_OPTIONS.test(first))

/** `timeout client 50000`; false for what is no timeout, or one without a duration. */
function readTimeout(keyword: Keyword, timeouts: Map<string, Located<number>>): boolean {
  const [name = '', text] = keyword.arguments
  const value = readDuration(text)
  if (keyword.name !== 'timeout' || !name || value === undefined) return false
  timeouts.set(name, { value, line: keyword.line })
  return true
}

const whole = ({ name, arguments: words, line }: Keyword): Located<string> => ({
  value: [name, ...words].join(' '),
  line,
})

/** What is said last counts, as it does for haproxy. */
function valueOf(keywords: readonly Keyword[], name: string): Located<string> | undefined {
  const keyword = keywords.findLast((candidate) => candidate.name === name)
  return keyword && firstOf(keyword)
}

function numberOf(keywords: readonly Keyword[], name: string): Located<number> | undefined {
  const located = valueOf(keywords, name)
  const value = readWhole(located?.value)
  return located && value !== undefined ? { value, line: located.line } : undefined
}
