import type { LineMeaning, LogLine } from '../../../preload/contract/pair'

/** What part of a log is shown. */
export interface LogQuery {
  /** Only lines with this; blanks separate words that must all occur. Empty: all. */
  include: string
  /** Not lines with one of these words. */
  exclude: string
  /** Both are regular expressions instead of words. */
  regex: boolean
  /** Leave out what says nothing about a failover. */
  hideNoise: boolean
  /** Only lines of these amphorae; empty: all. */
  amphoraIds: readonly string[]
}

/** A test for lines, or what is wrong with the expression, in the words of the browser. */
export type LogTest =
  { test: (line: LogLine) => boolean } | { field: 'include' | 'exclude'; problem: string }

/** How a line should catch the eye. */
export type LineWeight = 'transition' | 'problem' | 'notice' | 'plain' | 'noise'

const WEIGHTS: Record<LineMeaning, LineWeight> = {
  enterMaster: 'transition',
  enterBackup: 'transition',
  enterFault: 'problem',
  higherPriority: 'notice',
  lowerPriority: 'notice',
  priorityZero: 'notice',
  scriptFailed: 'problem',
  scriptSucceeded: 'plain',
  scriptChanged: 'notice',
  linkDown: 'problem',
  linkUp: 'notice',
  starting: 'notice',
  stopping: 'transition',
  stopped: 'transition',
  reloading: 'notice',
  died: 'problem',
  mismatch: 'problem',
  starved: 'problem',
  configProblem: 'problem',
  vipSet: 'transition',
  vipRemoved: 'transition',
  gratuitousArp: 'plain',
  noise: 'noise',
  other: 'plain',
}

/** How a line of this meaning should catch the eye. */
export const weightOf = (meaning: LineMeaning): LineWeight => WEIGHTS[meaning]

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
      if (hideNoise && WEIGHTS[line.meaning] === 'noise') return false
      if (amphorae.size > 0 && !amphorae.has(line.amphoraId)) return false
      if (!wanted && !unwanted) return true
      const text = searched(line)
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
    if (WEIGHTS[line.meaning] === 'noise' && (!('test' in result) || result.test(line))) hidden += 1
  return hidden
}

/** What a query is matched against: the identifier with its process id, and the text. */
const searched = ({ identifier, pid, text }: LogLine): string =>
  `${identifier}${pid === undefined ? '' : `[${pid}]`}: ${text}`

type Matcher = (text: string) => boolean

/** A matcher, undefined for an empty expression, or what is wrong with it. */
function matcher(
  expression: string,
  regex: boolean,
  quantity: 'every' | 'some',
): Matcher | string | undefined {
  const trimmed = expression.trim()
  if (!trimmed) return undefined
  if (!regex) {
    const words = trimmed.toLowerCase().split(/\s+/)
    return (text) => {
      const lower = text.toLowerCase()
      return words[quantity]((word) => lower.includes(word))
    }
  }
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
    if (line && weights.includes(WEIGHTS[line.meaning])) return i
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
      return `${time} ${error} ${nameOf(line.amphoraId)} ${searched(line)}`
    })
    .join('\n')
}
