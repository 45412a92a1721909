import { REMOVED } from '../redact'
import { directivesOf, flattened, type Directive } from './directives'
import { parseKeepalivedSyntax, problem, type Statement } from './keepalivedSyntax'
import type { ConfigProblem, Located } from './located'

/** An address that keepalived puts on the interface when it becomes MASTER. */
interface VirtualAddress {
  /** As it is written, without the prefix length. */
  address: string
  prefixLength?: number
  device?: string
  /** Of `virtual_ipaddress_excluded`: set, but not advertised. VIPs of the other family stand there since Zed. */
  excluded: boolean
  line: number
}

/** `authentication`: the password itself never gets in here. */
interface Authentication {
  type?: Located<string>
  /** Made of the eight characters that keepalived uses, by the function that was given. Absent without one, or without a password. */
  passwordDigest?: Located<string>
  /** Whether the text had its password taken out. */
  redacted: boolean
  /** Characters of the password; keepalived uses eight of them. Absent in redacted text. */
  passwordLength?: number
  line: number
}

/** One `vrrp_instance`. Absent fields are not said in the file. */
export interface KeepalivedInstance {
  /** The load balancer's id without dashes. */
  name: string
  line: number
  /** `MASTER` or `BACKUP`, up to Octavia 14 (2024.1). */
  state?: Located<string>
  interface?: Located<string>
  virtualRouterId?: Located<number>
  priority?: Located<number>
  /** Seconds. */
  advertInterval?: Located<number>
  nopreempt?: Located<true>
  accept?: Located<true>
  version?: Located<number>
  unicastSource?: Located<string>
  unicastPeers: readonly Located<string>[]
  addresses: readonly VirtualAddress[]
  /** Each line of `virtual_routes`, words divided by one space. */
  routes: readonly Located<string>[]
  /** Each line of `virtual_rules`. */
  rules: readonly Located<string>[]
  trackScripts: readonly Located<string>[]
  trackInterfaces: readonly Located<string>[]
  authentication?: Authentication
  /** Directives named `garp_…`: values in seconds or numbers of packets. */
  garp: Readonly<Record<string, Located<string>>>
  /** All that has no field above, blocks with their content as `keyword.keyword value`. */
  others: readonly Directive[]
}

/** One `vrrp_script`. */
export interface KeepalivedScript {
  name: string
  line: number
  script?: Located<string>
  /** Seconds. */
  interval?: Located<number>
  /** How often it has to fail, or to succeed, before it counts. */
  fall?: Located<number>
  rise?: Located<number>
  weight?: Located<number>
  /** Seconds. */
  timeout?: Located<number>
  others: readonly Directive[]
}

/** `octavia-keepalived.conf`. */
export interface KeepalivedConfig {
  instances: readonly KeepalivedInstance[]
  scripts: readonly KeepalivedScript[]
  /** Directives of `global_defs`; Octavia writes none. */
  globalDefinitions: readonly Directive[]
  /** Whatever else stands at the top: sync groups, virtual servers, includes. */
  others: readonly Directive[]
  problems: readonly ConfigProblem[]
}

/** keepalived uses so many characters of a password, and no more. */
const PASSWORD_LENGTH = 8

/**
 * Reads octavia-keepalived.conf as Octavia renders it, Queens to 2026.1
 * (octavia/amphorae/drivers/keepalived/jinja/templates/keepalived_base.template), and what a person made of it.
 * Takes time in proportion to the length of the text and never throws. A text whose secrets were taken out says the same,
 * except for the password.
 *
 * @param digest makes of the password what may be kept of it: two equal ones are two equal passwords. A plain hash gives a
 * password of seven characters away; use one with a key.
 */
export function parseKeepalived(
  text: string,
  digest?: (password: string) => string,
): KeepalivedConfig {
  const { statements, problems: broken } = parseKeepalivedSyntax(text)
  const reading: Reading = { problems: [...broken], lines: text.split('\n'), digest }
  const instances: KeepalivedInstance[] = []
  const scripts: KeepalivedScript[] = []
  const globalDefinitions: Directive[] = []
  const others: Directive[] = []
  for (const statement of statements) {
    const [keyword, name] = statement.words
    if (keyword === 'vrrp_instance') instances.push(readInstance(statement, reading))
    else if (keyword === 'vrrp_script') scripts.push(readScript(statement, reading))
    else if (keyword === 'global_defs') globalDefinitions.push(...directivesOf(statement.block))
    else others.push(...flattened(statement))
    if ((keyword === 'vrrp_instance' || keyword === 'vrrp_script') && !name) {
      reading.problems.push(problemAt(statement, reading, 'noName'))
    }
  }
  const problems = reading.problems.sort((a, b) => a.line - b.line)
  return { instances, scripts, globalDefinitions, others, problems }
}

interface Reading {
  problems: ConfigProblem[]
  lines: readonly string[]
  digest: ((password: string) => string) | undefined
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function readInstance(statement: Statement, reading: Reading): KeepalivedInstance {
  const lists = {
    unicastPeers: [] as Located<string>[],
    addresses: [] as VirtualAddress[],
    routes: [] as Located<string>[],
    rules: [] as Located<string>[],
    trackScripts: [] as Located<string>[],
    trackInterfaces: [] as Located<string>[],
    others: [] as Directive[],
  }
  const garp: Record<string, Located<string>> = {}
  const instance: Mutable<KeepalivedInstance> = {
    name: statement.words[1] ?? '',
    line: statement.line,
    garp,
    ...lists,
  }
  for (const inner of once(statement.block, reading)) {
    const [keyword = ''] = inner.words
    switch (keyword) {
      case 'state':
        assign(instance, 'state', word(inner, reading))
        break
      case 'interface':
        assign(instance, 'interface', word(inner, reading))
        break
      case 'virtual_router_id':
        assign(instance, 'virtualRouterId', number(inner, reading))
        break
      case 'priority':
        assign(instance, 'priority', number(inner, reading))
        break
      case 'advert_int':
        assign(instance, 'advertInterval', number(inner, reading))
        break
      case 'version':
        assign(instance, 'version', number(inner, reading))
        break
      case 'nopreempt':
      case 'accept':
        assign(instance, keyword, { value: true, line: inner.line })
        break
      case 'unicast_src_ip':
        assign(instance, 'unicastSource', word(inner, reading))
        break
      case 'unicast_peer':
        lists.unicastPeers.push(...namesOf(inner))
        break
      case 'virtual_ipaddress':
      case 'virtual_ipaddress_excluded':
        lists.addresses.push(...addressesOf(inner, keyword.endsWith('excluded')))
        break
      case 'virtual_routes':
        lists.routes.push(...sentencesOf(inner))
        break
      case 'virtual_rules':
        lists.rules.push(...sentencesOf(inner))
        break
      case 'track_script':
        lists.trackScripts.push(...namesOf(inner))
        break
      case 'track_interface':
        lists.trackInterfaces.push(...namesOf(inner))
        break
      case 'authentication':
        instance.authentication = readAuthentication(inner, reading)
        break
      default: {
        const value = keyword.startsWith('garp_') && word(inner, reading)
        if (value) garp[keyword] = value
        else lists.others.push(...flattened(inner))
      }
    }
  }
  return instance
}

function readScript(statement: Statement, reading: Reading): KeepalivedScript {
  const others: Directive[] = []
  const script: Mutable<KeepalivedScript> = {
    name: statement.words[1] ?? '',
    line: statement.line,
    others,
  }
  for (const inner of once(statement.block, reading)) {
    const [keyword = ''] = inner.words
    if (keyword === 'script') assign(script, 'script', sentence(inner, reading))
    else if (isNumberOfScript(keyword)) assign(script, keyword, number(inner, reading))
    else others.push(...flattened(inner))
  }
  return script
}

const SCRIPT_NUMBERS = ['interval', 'fall', 'rise', 'weight', 'timeout'] as const
const isNumberOfScript = (keyword: string): keyword is (typeof SCRIPT_NUMBERS)[number] =>
  (SCRIPT_NUMBERS as readonly string[]).includes(keyword)

/** Only the keywords of this block are kept: whatever else stands in it may be a secret. */
function readAuthentication(statement: Statement, reading: Reading): Authentication {
  const authentication: Authentication = { redacted: false, line: statement.line }
  for (const inner of once(statement.block, reading)) {
    if (inner.words[0] === 'auth_type') {
      assign(authentication, 'type', word(inner, reading))
    } else if (inner.words[0] === 'auth_pass') {
      const password = word(inner, reading)?.value
      if (password === undefined) continue
      if (password.startsWith(REMOVED) || /^\*+$/.test(password)) {
        authentication.redacted = true
        continue
      }
      authentication.passwordLength = password.length
      const value = reading.digest?.(password.slice(0, PASSWORD_LENGTH))
      if (value !== undefined) authentication.passwordDigest = { value, line: inner.line }
    }
  }
  return authentication
}

/** The statements of a block; what is said twice is told, and the last one counts, as it does for keepalived. */
function once(block: readonly Statement[] | undefined, reading: Reading): readonly Statement[] {
  const seen = new Set<string>()
  for (const statement of block ?? []) {
    const [keyword = ''] = statement.words
    if (!statement.block && seen.has(keyword)) {
      reading.problems.push(problemAt(statement, reading, 'repeated'))
    }
    seen.add(keyword)
  }
  return block ?? []
}

function assign<T extends object, K extends keyof T>(
  target: T,
  key: K,
  value: T[K] | undefined,
): void {
  if (value !== undefined) target[key] = value
}

function word({ words, line, block }: Statement, reading: Reading): Located<string> | undefined {
  const value = words[1]
  if (value !== undefined && !block) return { value, line }
  reading.problems.push(problemAt({ line }, reading, 'noValue'))
  return undefined
}

function sentence(statement: Statement, reading: Reading): Located<string> | undefined {
  const first = word(statement, reading)
  return first && { value: statement.words.slice(1).join(' '), line: first.line }
}

function number(statement: Statement, reading: Reading): Located<number> | undefined {
  const located = word(statement, reading)
  if (!located) return undefined
  const { value, line } = located
  if (/^-?\d{1,12}(?:\.\d{1,9})?$/.test(value)) return { value: Number(value), line }
  reading.problems.push(problemAt(statement, reading, 'notNumber'))
  return undefined
}

const problemAt = (
  { line }: Pick<Statement, 'line'>,
  { lines }: Reading,
  kind: ConfigProblem['kind'],
): ConfigProblem => problem(line, lines[line - 1] ?? '', kind)

/** Names in a block, one per line or several: what follows a name on its line belongs to it. */
const namesOf = ({ block = [] }: Statement): Located<string>[] =>
  block.flatMap(({ words: [value], line }) => (value === undefined ? [] : [{ value, line }]))

const sentencesOf = ({ block = [] }: Statement): Located<string>[] =>
  block.map(({ words, line }) => ({ value: words.join(' '), line }))

const addressesOf = ({ block = [] }: Statement, excluded: boolean): VirtualAddress[] =>
  block.flatMap(({ words, line }) => {
    const [address = '', prefix] = (words[0] ?? '').split('/')
    if (!address) return []
    const device = words[words.indexOf('dev') + 1]
    return [
      {
        address,
        ...(prefix !== undefined && /^\d{1,3}$/.test(prefix) && { prefixLength: Number(prefix) }),
        ...(words.includes('dev') && device !== undefined && { device }),
        excluded,
        line,
      },
    ]
  })
