import type { Unknown } from '../../../preload/contract/common'
import type { Finding, Subject } from '../../../preload/contract/finding'
import type { LoadBalancerFacts } from './facts'

/** One of the three answers of a rule, for one subject. */
export type Verdict =
  | ({ is: 'holds' } & Omit<Finding, 'rule'>)
  | { is: 'fine' }
  | { is: 'unknown'; subject: Subject; missing: readonly { what: string; reason: Unknown }[] }

/** One failure mode: a pure function from facts to verdicts, one for each subject it is about; none where it does not apply. */
export interface Rule {
  /** `area.what`. */
  id: string
  /** Numbers of the failure modes it names, of the catalogue in `test/fixtures/failureModes.json`. */
  modes: readonly number[]
  /** Rules whose findings follow from a finding of this one, and are then told as its symptoms. */
  explains?: readonly string[]
  judge(facts: LoadBalancerFacts): readonly Verdict[]
}
