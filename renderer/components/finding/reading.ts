import {
  SEVERITIES,
  type Diagnosis,
  type Finding,
  type FindingChange,
  type Severity,
  type Subject,
  type Unjudged,
} from '../../../preload/contract/finding'

/** Tells a finding from the others of its load balancer, however often it is judged anew. */
export const keyOf = ({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string =>
  `${rule} ${subject.id}`

/** How many there are of each severity, worst first; severities nobody has are left out. */
export function countBySeverity(
  findings: readonly Pick<Finding, 'severity'>[],
): { severity: Severity; count: number }[] {
  return SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0)
}

/**
 * What a diagnosis comes to: `found` something; nothing, while it is still `looking`; nothing, but only `partly`
 * judged; `fine` only where everything was judged.
 */
export type Verdict = 'found' | 'looking' | 'partly' | 'fine'

export function verdictOf({
  findings,
  unknown,
  fine,
}: Pick<Diagnosis, 'findings' | 'unknown' | 'fine'>): Verdict {
  if (findings.length > 0) return 'found'
  if (awaited(unknown) > 0 || (unknown.length === 0 && fine.length === 0)) return 'looking'
  return unknown.length > 0 ? 'partly' : 'fine'
}

/** When the console first saw each finding that is there now, by its key. */
export function firstSeen(
  history: readonly FindingChange[],
  key: (change: FindingChange) => string = keyOf,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number>()
  for (const change of [...history].sort((one, other) => one.at - other.at)) {
    if (change.what === 'appeared') seen.set(key(change), change.at)
    else seen.delete(key(change))
  }
  return seen
}

/** How many rules only wait for an answer that has not come yet. */
export const awaited = (unknown: readonly Unjudged[]): number =>
  rulesOf(unknown.filter(({ missing }) => missing.some(({ reason }) => reason === 'notYet')))

/** How many rules these are; one may be about several subjects. */
export const rulesOf = (unknown: readonly Pick<Unjudged, 'rule'>[]): number =>
  new Set(unknown.map(({ rule }) => rule)).size

/** What could not be judged for one reason. */
export interface UnjudgedGroup {
  reason: Unjudged['missing'][number]['reason']
  rules: readonly { rule: string; subjects: readonly Subject[]; what: readonly string[] }[]
}

/** What could not be judged, by the reason why; the reason that stops most comes first. */
export function groupUnjudged(unknown: readonly Unjudged[]): UnjudgedGroup[] {
  const groups = new Map<
    UnjudgedGroup['reason'],
    Map<string, { subjects: Map<string, Subject>; what: Set<string> }>
  >()
  for (const { rule, subject, missing } of unknown) {
    for (const { what, reason } of missing) {
      const rules = groups.get(reason) ?? new Map<string, never>()
      groups.set(reason, rules)
      const entry = rules.get(rule) ?? { subjects: new Map(), what: new Set() }
      rules.set(rule, entry)
      entry.subjects.set(subject.id, subject)
      entry.what.add(what)
    }
  }
  return [...groups]
    .map(([reason, rules]) => ({
      reason,
      rules: [...rules].map(([rule, { subjects, what }]) => ({
        rule,
        subjects: [...subjects.values()],
        what: [...what],
      })),
    }))
    .sort((one, other) => other.rules.length - one.rules.length)
}
