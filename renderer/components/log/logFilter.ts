import {
  searchedText,
  weightOf,
  wordTest,
  type LineWeight,
  type LogQuery,
} from '../../../preload/contract/logQuery'
import type { LogLine } from '../../../preload/contract/pair'

/** A test for lines, or what is wrong with the expression, in the words of the browser. */
export type LogTest =
  { test: (line: LogLine) => boolean } | { field: 'include' | 'exclude'; problem: string }

/** A line without the name of its VRRP instance, which says the same in every line: `(…) Entering MASTER STATE`. */
export const shortened = (text: string): string => text.replace(/^\([0-9a-f]{32}\)/, '(…)')

/** Builds the test of a query. Letters match in either case. */
export function logTest({ include, exclude, regex, hideNoise, amphoraIds }: LogQuery): LogTest {
  const wanted = matcher(include, regex, 'every')
  if (typeof wanted === 'string') return { field: 'include', problem: wanted }
  const unwanted = matcher(exclude, regex, 'some')
  if (typeof unwanted === 'string') return { field: 'exclude', problem: unwanted }
  const amphorae = new Set(amphoraIds)
  return {
    test: (line) => {
      if (hideNoise && weightOf(line.meaning) === 'noise') return false
      if (amphorae.size > 0 && !amphorae.has(line.amphoraId)) return false
      if (!wanted && !unwanted) return true
      const text = searchedText(line)
      return (!wanted || wanted(text)) && !unwanted?.(text)
    },
  }
}

/** How many lines of a log are left out only because they say nothing about a failover. */
export function noiseHidden(lines: readonly LogLine[], query: LogQuery): number {
  if (!query.hideNoise) return 0
  const result = logTest({ ...query, hideNoise: false })
  let hidden = 0
  for (const line of lines)
    if (weightOf(line.meaning) === 'noise' && (!('test' in result) || result.test(line)))
      hidden += 1
  return hidden
}

type Matcher = (text: string) => boolean

/** A matcher, undefined for an empty expression, or what is wrong with it. */
function matcher(
  expression: string,
  regex: boolean,
  quantity: 'every' | 'some',
): Matcher | string | undefined {
  const trimmed = expression.trim()
  if (!trimmed) return undefined
  if (!regex) return wordTest(trimmed, quantity)
  try {
    const pattern = new RegExp(trimmed, 'i')
    return (text) => pattern.test(text)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Index of the next line of one of the weights after (or before) `from`; undefined when there is none. */
export function nextOf(
  lines: readonly LogLine[],
  weights: readonly LineWeight[],
  from: number,
  direction: 1 | -1,
): number | undefined {
  for (let i = from + direction; i >= 0 && i < lines.length; i += direction) {
    const line = lines[i]
    if (line && weights.includes(weightOf(line.meaning))) return i
  }
  return undefined
}

/** Lines as text for a ticket: time with milliseconds and zone, error, amphora, process, message. */
export function linesAsText(
  lines: readonly LogLine[],
  nameOf: (amphoraId: string) => string,
): string {
  return lines
    .map((line) => {
      const error = line.errorMs === undefined ? '±?' : `±${line.errorMs.toFixed(1)}ms`
      const time = new Date(line.at).toISOString()
      return `${time} ${error} ${nameOf(line.amphoraId)} ${searchedText(line)}`
    })
    .join('\n')
}
