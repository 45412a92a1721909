import type { Quote } from '../../../preload/contract/finding'

/** A stretch of an output, in characters: from the beginning of its first line to the end of its last. */
export interface Stretch {
  from: number
  to: number
  /** Of its first line; counted from 1. */
  line: number
}

/**
 * The whole lines of an output that hold the quoted words: those at the line that is told when they are there, else the
 * first that have them. Undefined when the output does not have them word for word.
 */
export function findQuote(output: string, { line, text }: Quote): Stretch | undefined {
  const words = text.trim()
  if (words === '') return undefined
  const told = line === undefined ? undefined : beginningOf(output, line)
  const there = told === undefined ? -1 : output.indexOf(words, told)
  const inTold = there >= 0 && !output.slice(told, there).includes('\n')
  const at = inTold ? there : output.indexOf(words)
  if (at < 0) return undefined
  const from = output.lastIndexOf('\n', at - 1) + 1
  const end = output.indexOf('\n', at + words.length)
  return {
    from: at === 0 ? 0 : from,
    to: end < 0 ? output.length : end,
    line: output.slice(0, at).split('\n').length,
  }
}

/** Where a line begins; undefined when there are not so many. */
function beginningOf(output: string, line: number): number | undefined {
  let from = 0
  for (let number = 1; number < line; number += 1) {
    const end = output.indexOf('\n', from)
    if (end < 0) return undefined
    from = end + 1
  }
  return from
}
