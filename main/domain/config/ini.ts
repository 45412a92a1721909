import { redact } from '../redact'
import type { ConfigProblem, Located } from './located'

/** One setting of a file in oslo.config's format. */
export interface Setting extends Located<string> {
  section: string
  key: string
}

export interface IniConfig {
  /** In the order of the file; a key that is given several times has several. */
  settings: readonly Setting[]
  problems: readonly ConfigProblem[]
}

const SECTION = /^\[([^\]]{1,200})\]$/
const SETTING = /^([^\s=:#;[][^=:]{0,200}?)\s{0,100}[=:]\s{0,100}(.*)$/

/**
 * Reads amphora-agent.conf (oslo.config: `[section]`, `key = value`, `#` and `;` comments, values that go on in indented lines).
 * Secrets stay in it: give it redacted text, or do not show what it answers.
 */
export function parseIni(text: string): IniConfig {
  const settings: Setting[] = []
  const problems: ConfigProblem[] = []
  let section = 'DEFAULT'
  let last: (Setting & { parts: string[] }) | undefined
  const finished: (Setting & { parts: string[] })[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const source = raw.trimEnd()
    const line = index + 1
    if (!source.trim() || /^\s*[#;]/.test(source)) continue
    if (/^\s/.test(source) && last) {
      last.parts.push(source.trim())
      continue
    }
    const [, name] = SECTION.exec(source.trim()) ?? []
    if (name !== undefined) {
      section = name
      last = undefined
      continue
    }
    const [, key, value] = SETTING.exec(source.trim()) ?? []
    if (key === undefined || value === undefined) {
      const shown = redact(source.trim().slice(0, 200)).text
      problems.push({ line, text: shown, kind: 'malformed' })
      continue
    }
    last = { section, key, value, line, parts: [value] }
    finished.push(last)
  }
  for (const { section: of, key, line, parts } of finished) {
    settings.push({ section: of, key, value: parts.join(' ').trim(), line })
  }
  return { settings, problems }
}
