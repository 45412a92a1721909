import type { Comparison, Difference } from '../../../preload/contract/compare'
import type { Identity } from '../pair/identity'

/** What one side of a comparison is called, and the amphora that it is, if it is one. */
export interface SideLabel {
  text: string
  amphora?: { id: string; identity: Identity | undefined }
}

/** The comparison with its amphorae in the order in which they stand everywhere else; whom nobody knows stays. */
export function inOrder(comparison: Comparison, amphoraIds: readonly string[]): Comparison {
  const [left, right] = [comparison.left, comparison.right].map(({ amphoraId = '' }) =>
    amphoraIds.indexOf(amphoraId),
  ) as [number, number]
  if (right < 0 || left <= right) return comparison
  return {
    ...comparison,
    left: comparison.right,
    right: comparison.left,
    differences: comparison.differences.map(turned),
  }
}

function turned({ left, right, leftLine, rightLine, ...rest }: Difference): Difference {
  return {
    ...rest,
    ...(right !== undefined && { left: right }),
    ...(left !== undefined && { right: left }),
    ...(rightLine !== undefined && { leftLine: rightLine }),
    ...(leftLine !== undefined && { rightLine: leftLine }),
  }
}
