import { useI18n } from 'vue-i18n'
import type { Unknown } from '../../../preload/contract/common'
import type { Finding, Severity, Subject } from '../../../preload/contract/finding'

/** What a finding is told with. */
type Told = Pick<Finding, 'rule'> & Partial<Pick<Finding, 'values'>>

/** Stands in a sentence for what only a finding would know. */
const OPEN_VALUES = new Proxy<Record<string, string>>({}, { get: () => '…' })

/** Turns rules, reasons and subjects into words for the operator. A rule without words is told by its own name. */
export function useFindingWords() {
  const i18n = useI18n()
  const { t } = i18n

  const said = (key: string, values: Told['values'], otherwise: string): string =>
    i18n.te(key, 'en') ? t(key, values ? { ...values } : OPEN_VALUES) : otherwise

  /** The finding in one sentence; without values, the rule. */
  const title = ({ rule, values }: Told): string => said(`finding.${rule}.title`, values, rule)
  /** Why it is so. */
  const cause = ({ rule, values }: Told): string => said(`finding.${rule}.cause`, values, '')
  /** What to do, machine text in backticks. */
  const advice = ({ rule, values }: Told): string => said(`finding.${rule}.advice`, values, '')
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

  /** What it is about: its kind, and its name or the beginning of its id. */
  const subject = ({ kind, id, name }: Subject): string =>
    `${t(`findings.subject.${kind}`)} ${name ?? id.slice(0, 8)}`

  return { title, cause, advice, cost, missing, reason, severity, countOf, subject }
}
