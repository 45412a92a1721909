import type { Difference } from '../../../preload/contract/compare'

/** Differences as lines to paste into a ticket: what, and what each side says. */
export const differencesAsText = (
  differences: readonly Difference[],
  leftName: string,
  rightName: string,
): string =>
  differences
    .map(({ kind, path, subject, left, right, leftLine, rightLine }) =>
      [
        `${kind === 'drift' ? '!' : ' '} ${path}${subject?.name ? ` (${subject.name})` : ''}`,
        `    ${leftName}${lineOf(leftLine)}: ${left ?? '-'}`,
        `    ${rightName}${lineOf(rightLine)}: ${right ?? '-'}`,
      ].join('\n'),
    )
    .join('\n')

const lineOf = (line: number | undefined): string => (line === undefined ? '' : `:${String(line)}`)
