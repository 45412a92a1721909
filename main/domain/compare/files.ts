import type { Fact } from '../../../preload/contract/common'
import type { AmphoraFacts, ConfigFile } from '../../../preload/contract/inspect'
import { parseKeepalived, type KeepalivedConfig } from '../config/keepalived'

/** A file of an amphora, or several of one kind one behind the other, as there is one for each listener of UDP. */
export interface OpenedFile {
  /** The path; several are divided by a comma. */
  title: string
  text: string
  at: number
  /** By the word of what was taken out: equal tokens are equal secrets. */
  tokens: Readonly<Record<string, string>>
}

/** Kinds of files that are compared. */
export type ComparedKind = 'keepalived' | 'haproxy' | 'agent' | 'lvs'

/** Names of the files that keepalived, haproxy and the agent run with; others of the same kind were refused or are candidates. */
const IN_USE: Readonly<Record<ComparedKind, RegExp>> = {
  keepalived: /\/octavia-keepalived\.conf$/,
  haproxy: /\/haproxy\.cfg$/,
  agent: /\/amphora-agent\.conf$/,
  lvs: /\/octavia-keepalivedlvs-[^/]+\.conf$/,
}

/** The file of a kind; undefined where the amphora has none, unknown where that could not be read. */
export function openFile(
  facts: AmphoraFacts | undefined,
  kind: ComparedKind,
): Fact<OpenedFile | undefined> {
  if (!facts) return { unknown: 'notYet' }
  if (!('value' in facts.files)) return facts.files
  const { value, at, evidence } = facts.files
  const proof = { at, ...(evidence !== undefined && { evidence }) }
  const unread = facts.unreadFiles?.find(({ path }) => IN_USE[kind].test(path))
  if (unread) return { unknown: unread.reason, ...proof }
  const files = value
    .filter((file) => file.kind === kind && IN_USE[kind].test(file.path))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
  return { value: files.length ? joined(files, at) : undefined, ...proof }
}

const joined = (files: readonly ConfigFile[], at: number): OpenedFile => ({
  title: files.map(({ path }) => path).join(', '),
  text: files.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join(''),
  at,
  tokens: Object.assign({}, ...files.map(({ secretTokens }) => secretTokens)) as Record<
    string,
    string
  >,
})

/** octavia-keepalived.conf, its password as the token that came beside the redacted text. */
export function keepalivedOf({ text, tokens }: OpenedFile): KeepalivedConfig {
  const config = parseKeepalived(text)
  const value = tokens['auth_pass']
  if (value === undefined) return config
  const instances = config.instances.map((instance) => {
    const { authentication } = instance
    if (!authentication?.redacted) return instance
    const passwordDigest = { value, line: authentication.line }
    return { ...instance, authentication: { ...authentication, passwordDigest } }
  })
  return { ...config, instances }
}
