import type { Comparison, Difference } from '../../../preload/contract/compare'

/** What a comparison found: the differences, and what it could not judge. */
export interface Compared {
  differences: readonly Difference[]
  unjudged: NonNullable<Comparison['unjudged']>
}
