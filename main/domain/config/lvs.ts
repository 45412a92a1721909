import { directivesOf, flattened, type Directive } from './directives'
import { parseKeepalivedSyntax, type KeepalivedSyntax, type Statement } from './keepalivedSyntax'
import type { ConfigProblem, Located } from './located'

/** Values of directives by their keyword, such as `lb_algo`; what is said last counts, as it does for keepalived. */
type Settings = ReadonlyMap<string, Located<string>>

/** An address with its port. */
interface LvsPlace {
  address: string
  /** Absent where the line has none. */
  port?: string
  line: number
}

/** How a member is checked. */
export interface LvsCheck {
  /** MISC_CHECK, HTTP_GET, TCP_CHECK. */
  kind: string
  line: number
  /** All that stands in it. */
  directives: readonly Directive[]
}

/** One `real_server`: a member that is not disabled. */
export interface LvsMember extends LvsPlace {
  /** From the comment above it, the only place where it stands. */
  id?: string
  settings: Settings
  check?: LvsCheck
}

/** One `virtual_server`: a listener with its pool, for the VIPs of one family. */
export interface LvsServer {
  /** `group ipv4-group`, or up to Yoga the VIP and its port. */
  name: string
  line: number
  vips: readonly LvsPlace[]
  settings: Settings
  poolId?: Located<string>
  /** Whether the pool is said to be disabled. */
  poolDisabled: boolean
  members: readonly LvsMember[]
  /** Ids of members that are left out, as comments say. */
  disabledMembers: readonly Located<string>[]
  others: readonly Directive[]
}

/** One listener: one file. */
export interface LvsListener {
  /** Empty where no comment tells. */
  id: string
  line: number
  /** Whether the file says that it is disabled, and nothing else. */
  disabled: boolean
  servers: readonly LvsServer[]
  /** Whatever else stands beside them, such as `net_namespace`. */
  others: readonly Directive[]
}

/** Files named `octavia-keepalivedlvs-<listener>.conf`. */
export interface LvsConfig {
  loadBalancerId?: Located<string>
  listeners: readonly LvsListener[]
  problems: readonly ConfigProblem[]
}

interface OpenListener extends LvsListener {
  servers: LvsServer[]
  others: Directive[]
}

/** What a comment of Octavia's is about. */
interface Mark {
  kind: string
  id: string
  disabled: boolean
  line: number
}

/**
 * Reads what keepalived balances UDP and SCTP by, as Octavia renders it since Rocky (octavia/common/jinja/lvs): one file for
 * each listener; several one behind the other are read as one. Takes time in proportion to the length of the text and never
 * throws; directives it does not know are kept.
 */
export function parseLvs(text: string): LvsConfig {
  const { statements, comments, problems } = parseKeepalivedSyntax(text)
  const marks = marksOf(comments)
  const [owner] = marks.filter(({ kind }) => kind === 'loadbalancer')
  const listeners: OpenListener[] = marks
    .filter(({ kind }) => kind === 'listener')
    .map(({ id, line, disabled }) => ({ id, line, disabled, servers: [], others: [] }))
  let groups = new Map<string, LvsPlace[]>()
  let next = 0
  let mark = 0
  for (const statement of statements) {
    const [keyword = '', ...words] = statement.words
    while ((listeners[next]?.line ?? Infinity) < statement.line) {
      next += 1
      // Each file names its groups anew, by the same names.
      groups = new Map()
    }
    if (keyword === 'virtual_server_group') {
      groups.set(words.join(' '), (statement.block ?? []).flatMap(placeOf))
      continue
    }
    const listener = listeners[next - 1] ?? nameless(listeners, statement)
    next = Math.max(next, 1)
    if (keyword === 'virtual_server') {
      while ((marks[mark]?.line ?? Infinity) < statement.line) mark += 1
      const start = mark
      while (mark < marks.length && (marks[mark]?.line ?? 0) < (statement.endLine ?? Infinity))
        mark += 1
      listener.servers.push(readServer(statement, groups, marks.slice(start, mark)))
    } else {
      listener.others.push(...flattened(statement))
    }
  }
  const loadBalancerId = owner && { value: owner.id, line: owner.line }
  return { ...(loadBalancerId && { loadBalancerId }), listeners, problems }
}

/** A listener for what stands before any comment that names one. */
function nameless(listeners: OpenListener[], { line }: Statement): OpenListener {
  const listener = { id: '', line, disabled: false, servers: [], others: [] }
  listeners.unshift(listener)
  return listener
}

const MARK = /^(?:Configuration for (\w{1,20}) (\S{1,255})|(\w{1,20}) (\S{1,255}) is disabled)$/

const marksOf = (comments: KeepalivedSyntax['comments']): Mark[] =>
  comments.flatMap(({ line, text }) => {
    const [, on, id, off, left] = MARK.exec(text) ?? []
    const [kind, of] = [on ?? off, id ?? left]
    if (kind === undefined || of === undefined) return []
    return [{ kind: kind.toLowerCase(), id: of, disabled: off !== undefined, line }]
  })

/** `marks` are those within it. */
function readServer(
  statement: Statement,
  groups: ReadonlyMap<string, LvsPlace[]>,
  marks: readonly Mark[],
): LvsServer {
  const { words, line, block = [] } = statement
  const [, first = '', ...rest] = words
  const members: LvsMember[] = []
  const others: Directive[] = []
  const settings = new Map<string, Located<string>>()
  let next = 0
  for (const inner of block) {
    let above: Mark | undefined
    for (let mark = marks[next]; mark && mark.line < inner.line; mark = marks[next]) {
      above = mark
      next += 1
    }
    if (inner.words[0] === 'real_server') members.push(readMember(inner, above))
    else if (!readSetting(inner, settings)) others.push(...flattened(inner))
  }
  const pool = marks.find(({ kind }) => kind === 'pool')
  return {
    name: [first, ...rest].join(' '),
    line,
    vips:
      first === 'group'
        ? (groups.get(rest.join(' ')) ?? [])
        : placeOf({ words: words.slice(1), line }),
    settings,
    ...(pool && { poolId: { value: pool.id, line: pool.line } }),
    poolDisabled: pool?.disabled === true,
    members,
    disabledMembers: marks
      .filter(({ kind, disabled }) => kind === 'member' && disabled)
      .map(({ id, line: at }) => ({ value: id, line: at })),
    others,
  }
}

/** `above` is the last comment between the statement before and this one. */
function readMember({ words, line, block = [] }: Statement, above: Mark | undefined): LvsMember {
  const settings = new Map<string, Located<string>>()
  const checks: LvsCheck[] = []
  for (const inner of block) {
    if (readSetting(inner, settings)) continue
    const directives = directivesOf(inner.block)
    checks.push({ kind: inner.words[0] ?? '', line: inner.line, directives })
  }
  const [check] = checks
  const [place = { address: '', line }] = placeOf({ words: words.slice(1), line })
  return {
    ...place,
    ...(above?.kind === 'member' && !above.disabled && { id: above.id }),
    settings,
    ...(check && { check }),
  }
}

/** Keeps a directive without its secret; false for a block, which is none. */
function readSetting(statement: Statement, settings: Map<string, Located<string>>): boolean {
  if (statement.block) return false
  for (const { words, line } of flattened(statement)) {
    const [keyword = '', ...values] = words
    settings.set(keyword, { value: values.join(' ') || keyword, line })
  }
  return true
}

const placeOf = ({ words: [address, port], line }: Statement): LvsPlace[] =>
  address === undefined ? [] : [{ address, ...(port !== undefined && { port }), line }]
