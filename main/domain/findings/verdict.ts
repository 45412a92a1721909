import type { Fact, Unknown } from '../../../preload/contract/common'
import type { Values } from '../../../preload/contract/error'
import type { Proof, Severity, Subject } from '../../../preload/contract/finding'
import type { Verdict } from './rule'

/** What a rule may lack; the page has a word for each, `finding.missing.<what>`. */
export const NEEDS = [
  'addresses',
  'agent',
  'amphorae',
  'certificate',
  'comparison',
  'connection',
  'counters',
  'freeAddresses',
  'haproxy',
  'haproxyConfig',
  'heartbeats',
  'interfaces',
  'keepalivedConfig',
  'loadBalancer',
  'log',
  'orphanPorts',
  'securityGroups',
  'server',
  'serverGroup',
  'services',
  'strays',
  'system',
  'vipPort',
  'vrrpPort',
  'vrrpState',
] as const
type Need = (typeof NEEDS)[number]

type Needs = Partial<Record<Need, Fact<unknown>>>
type Known<N extends Needs> = {
  [K in keyof N]: N[K] extends Fact<infer T> ? T : never
}

export const fine: Verdict = { is: 'fine' }

/** A finding; `proofs` without those that are not there. */
export function holds(
  severity: Severity,
  subject: Subject,
  values: Values,
  proofs: readonly (Proof | undefined)[],
  since?: number,
): Verdict {
  return {
    is: 'holds',
    severity,
    subject,
    values,
    proofs: proofs.filter((proof) => proof !== undefined).slice(0, MOST_PROOFS),
    ...(since !== undefined && Number.isFinite(since) && { since }),
  }
}

/** More quotations than this prove nothing more. */
const MOST_PROOFS = 8

/** A rule that cannot be judged, for one reason. */
export const unjudged = (subject: Subject, what: Need, reason: Unknown): Verdict => ({
  is: 'unknown',
  subject,
  missing: [{ what, reason }],
})

/** Asks for a verdict when everything it needs is known, and says what is missing when not. */
export function judged<N extends Needs>(
  subject: Subject,
  needs: N,
  decide: (known: Known<N>) => Verdict,
): Verdict {
  const missing: { what: Need; reason: Unknown }[] = []
  const known: Record<string, unknown> = {}
  for (const [what, fact] of Object.entries(needs)) {
    if ('value' in fact) known[what] = fact.value
    else missing.push({ what: what as Need, reason: fact.unknown })
  }
  return missing.length ? { is: 'unknown', subject, missing } : decide(known as Known<N>)
}

/** The first entries of a list as one text, and how many more there are. */
export function listed(entries: readonly string[], most = 3): string {
  const more = entries.length - most
  const first = entries.slice(0, most).map((entry) => entry.slice(0, 200))
  return first.join(', ') + (more > 0 ? ` (+${more})` : '') || NOTHING
}

/** Stands where a list is empty. */
const NOTHING = '–'
