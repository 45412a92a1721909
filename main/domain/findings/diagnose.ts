import {
  rankOf,
  SEVERITIES,
  type Diagnosis,
  type Finding,
  type Subject,
  type Unjudged,
} from '../../../preload/contract/finding'
import type { LoadBalancerFacts } from './facts'
import type { Rule } from './rule'
import { RULES } from './rules'

/**
 * Judges everything that is known of one load balancer.
 *
 * Findings come worst first, of equal ones causes before what follows from them, then by subject: the same facts always
 * give the same list. A finding that follows from another is not told twice: it stands in the `symptoms` of its cause,
 * which is as severe as the worst of them. `fine`: rules that were judged for every subject and hold for none.
 */
export function diagnose(
  facts: LoadBalancerFacts,
): Pick<Diagnosis, 'findings' | 'unknown' | 'fine'> {
  const found: Found[] = []
  const unknown: Unjudged[] = []
  const fine: string[] = []
  for (const [place, rule] of RULES.entries()) {
    const verdicts = rule.judge(facts)
    for (const verdict of verdicts) {
      if (verdict.is === 'holds') {
        const { severity, subject, proofs, since } = verdict
        // Advice names the load balancer, whatever it is about.
        const values = { ...verdict.values, loadBalancer: facts.loadBalancerId }
        const finding = { rule: rule.id, severity, subject, values, proofs }
        found.push({ place, rule, finding: since === undefined ? finding : { ...finding, since } })
      } else if (verdict.is === 'unknown') {
        unknown.push({ rule: rule.id, subject: verdict.subject, missing: verdict.missing })
      }
    }
    if (verdicts.length && verdicts.every(({ is }) => is === 'fine')) fine.push(rule.id)
  }
  return {
    findings: fold(found)
      .sort(byWeight)
      .map(({ finding }) => finding),
    unknown,
    fine,
  }
}

interface Found {
  place: number
  rule: Rule
  finding: Finding
}

/** Puts what follows from another finding under it. */
function fold(found: readonly Found[]): Found[] {
  const explained = explanations(found)
  const causes = new Map<Found, Found>()
  for (const each of found) {
    const { rule, subject } = each.finding
    const cause = explained.get(keyOf(rule, subject)) ?? explained.get(rule)
    if (cause && cause !== each) causes.set(each, cause)
  }
  const symptoms = new Map<Found, Finding[]>()
  const roots: Found[] = []
  for (const each of found) {
    const root = rootOf(each, causes)
    if (root === each) roots.push(each)
    else {
      const known = symptoms.get(root)
      if (known) known.push(each.finding)
      else symptoms.set(root, [each.finding])
    }
  }
  return roots.map((root) => withSymptoms(root, symptoms.get(root)))
}

/**
 * The first cause of each symptom. A cause on one amphora explains what happens there and to the pair, not what happens
 * on the other one; one that concerns the pair explains both.
 */
function explanations(found: readonly Found[]): ReadonlyMap<string, Found> {
  const explained = new Map<string, Found>()
  const add = (key: string, cause: Found) => {
    if (!explained.has(key)) explained.set(key, cause)
  }
  for (const cause of found) {
    for (const rule of cause.rule.explains ?? []) {
      const { subject } = cause.finding
      add(keyOf(rule, subject), cause)
      if (subject.kind === 'amphora') {
        for (const kind of TOGETHER) add(keyOf(rule, { kind, id: '' }), cause)
      } else add(rule, cause)
    }
  }
  return explained
}

/** What both amphorae are about. */
const TOGETHER = ['pair', 'loadBalancer', 'pool'] as const

/** Where a symptom is looked for: on its amphora, or wherever the pair is meant. */
const keyOf = (rule: string, { kind, id }: Pick<Subject, 'kind' | 'id'>): string =>
  JSON.stringify([rule, kind, kind === 'amphora' ? id : ''])

/** The first cause of a chain; of a ring, the finding itself. */
function rootOf(start: Found, causes: ReadonlyMap<Found, Found>): Found {
  const seen = new Set([start])
  let root = start
  for (let cause = causes.get(root); cause; cause = causes.get(root)) {
    if (seen.has(cause)) return start
    seen.add(cause)
    root = cause
  }
  return root
}

function withSymptoms(root: Found, symptoms: readonly Finding[] | undefined): Found {
  if (!symptoms?.length) return root
  const worst = Math.min(...[root.finding, ...symptoms].map(rankOf))
  const severity = SEVERITIES[worst] ?? root.finding.severity
  return { ...root, finding: { ...root.finding, severity, symptoms: [...symptoms] } }
}

const byWeight = (one: Found, other: Found): number =>
  rankOf(one.finding) - rankOf(other.finding) ||
  one.place - other.place ||
  compare(one.finding.subject.id, other.finding.subject.id)

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
