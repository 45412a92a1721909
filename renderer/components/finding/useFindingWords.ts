import { useI18n } from 'vue-i18n'
import type { Unknown } from '../../../preload/contract/common'
import type { Values } from '../../../preload/contract/error'
import type { Finding, Severity, Subject } from '../../../preload/contract/finding'
import { asWord } from '../../../preload/contract/shellWord'

/** What a finding is told with. */
type Told = Pick<Finding, 'rule'> & Partial<Pick<Finding, 'values'>>

/** Turns rules, reasons and subjects into words for the operator. A rule without words is told by its own name. */
export function useFindingWords() {
  const i18n = useI18n()
  const { t, n } = i18n

  /** What stands in a sentence for what only a finding would know. */
  function openValues(key: string): Values {
    const message: unknown = i18n.tm(key)
    const names = placeholdersOf(typeof message === 'string' ? message : '')
    return Object.fromEntries(names.map((name) => [name, '…']))
  }

  const said = (key: string, values: Told['values'], otherwise: string): string =>
    i18n.te(key, 'en') ? t(key, values ? readable(values) : openValues(key)) : otherwise

  /** Values that do not begin machine text where the sentence has none, numbers as people read them. */
  const readable = (values: Values): Values =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? value.replaceAll('`', "'")
          : n(value, { maximumFractionDigits: 1 }),
      ]),
    )

  /** What a rule makes sure of, true where it finds nothing. */
  const checks = (rule: string): string => said(`finding.${rule}.checks`, {}, rule)
  /** The finding in one sentence; those of an older console come without values. */
  const title = ({ rule, values }: Told): string => said(`finding.${rule}.title`, values, rule)
  /** Why it is so. */
  const cause = ({ rule, values }: Told): string => said(`finding.${rule}.cause`, values, '')
  /** What to do, machine text in backticks; it may be copied into a shell. */
  const advice = ({ rule, values = {} }: Told): string =>
    said(`finding.${rule}.advice`, inShell(values), '')
  /** What clients suffer. */
  const cost = ({ rule, values }: Told): string => said(`finding.${rule}.cost`, values, '')
  /** What a rule lacks. */
  const missing = (what: string): string => said(`finding.missing.${what}`, {}, what)

  /** Why something is not known. */
  function reason(unknown: Unknown): string {
    const own = `pair.unknown.${unknown}`
    return i18n.te(own, 'en') ? t(own) : said(`reason.${unknown}.title`, undefined, unknown)
  }

  const severity = (of: Severity): string => t(`status.severity.${of}`)

  /** `2 critical`. */
  const countOf = (of: Severity, count: number): string => `${count} ${severity(of)}`

  /** What it is about: its kind, and its name or the beginning of its id. An amphora's name is only its role. */
  const subject = ({ kind, id, name }: Subject): string =>
    `${t(`findings.subject.${kind}`)} ${(kind === 'amphora' ? '' : name) || id.slice(0, 8)}`

  return { checks, title, cause, advice, cost, missing, reason, severity, countOf, subject }
}

const inShell = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, asWord(value)]))

const placeholdersOf = (message: string): string[] =>
  [...message.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? [])
