import type { Comparison } from '../../../preload/contract/compare'
import { alignLines, type AlignedLine } from './alignLines'

/** How a line is marked: `layout` differs as text only, which means nothing. */
type LineMark = 'drift' | 'expected' | 'layout'

/** A row of both texts, or a stretch of equal ones that is folded. */
export type TextRow =
  ({ kind: 'line'; mark?: LineMark } & AlignedLine) | { kind: 'fold'; first: number; count: number }

/** Equal lines that stay beside a difference. */
const CONTEXT = 3

/** The lines of a text without the empty one behind its last line break. */
export const linesOf = (text: string | undefined): string[] =>
  text ? text.replace(/\n$/, '').split('\n') : []

/** Both texts line by line, with what differs marked. A comparison with one text has that alone. */
export function markedRows({ left, right, differences }: Comparison): TextRow[] {
  const marks = { left: new Map<number, LineMark>(), right: new Map<number, LineMark>() }
  for (const { kind, leftLine, rightLine } of differences) {
    for (const [side, line] of [
      ['left', leftLine],
      ['right', rightLine],
    ] as const) {
      if (line !== undefined && marks[side].get(line) !== 'drift') marks[side].set(line, kind)
    }
  }
  const lefts = linesOf(left.text)
  const aligned =
    right.text === undefined
      ? lefts.map((_, index) => ({ left: index + 1, equal: true }))
      : alignLines(lefts, linesOf(right.text))
  return aligned.map((row: AlignedLine): TextRow => {
    const found = [
      row.left === undefined ? undefined : marks.left.get(row.left),
      row.right === undefined ? undefined : marks.right.get(row.right),
    ]
    const mark = found.includes('drift')
      ? 'drift'
      : (found.find(Boolean) ?? (row.equal ? undefined : 'layout'))
    return { kind: 'line', ...row, ...(mark && { mark }) }
  })
}

/** The part of a line that its counterpart does not have: characters from, and to without the last. */
export interface Contrast {
  from: number
  to: number
}

/** Where two lines differ: what is between their common beginning and their common end. */
export function contrastOf(left: string, right: string): { left: Contrast; right: Contrast } {
  const most = Math.min(left.length, right.length)
  let from = 0
  while (from < most && left[from] === right[from]) from += 1
  let end = 0
  while (end < most - from && left.at(-1 - end) === right.at(-1 - end)) end += 1
  return { left: { from, to: left.length - end }, right: { from, to: right.length - end } }
}

/** Folds stretches of rows that are neither marked nor wanted. `open` holds the first row of stretches that stay open. */
export function foldRows(
  rows: readonly TextRow[],
  open: ReadonlySet<number>,
  isWanted: (row: TextRow) => boolean,
): TextRow[] {
  const near = new Uint8Array(rows.length)
  for (const [index, row] of rows.entries()) {
    if (!(row.kind === 'line' && row.mark) && !isWanted(row)) continue
    near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1)
  }
  const folded: TextRow[] = []
  for (let index = 0; index < rows.length;) {
    let end = index
    while (end < rows.length && !near[end]) end += 1
    if (end - index > 2 && !open.has(index)) {
      folded.push({ kind: 'fold', first: index, count: end - index })
      index = end
    } else {
      end = Math.max(end, index + 1)
      folded.push(...rows.slice(index, end))
      index = end
    }
  }
  return folded
}
