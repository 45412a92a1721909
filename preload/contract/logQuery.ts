import { z } from 'zod'
import type { LineMeaning, LogLine } from './pair'

/** How a line of a log should catch the eye. */
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

/** What part of a log is shown. */
export const LogQuery = z.object({
  /** Only lines with this; blanks separate words that must all occur. Empty: all. */
  include: z.string().max(1000),
  /** Not lines with one of these words. */
  exclude: z.string().max(1000),
  /** Both are regular expressions instead of words. */
  regex: z.boolean(),
  /** Leave out what says nothing about a failover. */
  hideNoise: z.boolean(),
  /** Only lines of these amphorae; empty: all. */
  amphoraIds: z.array(z.string().max(255)).max(100).readonly(),
})
export type LogQuery = z.infer<typeof LogQuery>

/** What a query is matched against: the identifier with its process id, and the text. */
export const searchedText = ({
  identifier,
  pid,
  text,
}: Pick<LogLine, 'identifier' | 'pid' | 'text'>): string =>
  `${identifier}${pid === undefined ? '' : `[${pid}]`}: ${text}`

/** A test for words, in either case; undefined where there are none. `every`: all must occur, `some`: one. */
export function wordTest(
  words: string,
  quantity: 'every' | 'some',
): ((text: string) => boolean) | undefined {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (!wanted.length) return undefined
  return (text) => {
    const lower = text.toLowerCase()
    return wanted[quantity]((word) => lower.includes(word))
  }
}
