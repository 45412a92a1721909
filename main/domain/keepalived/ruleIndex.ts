import type { Rule } from './messages'

/** Characters that are not themselves in a pattern. */
const SPECIAL = /[\\^$.*+?()[\]{}|]/
/** Quantifiers that allow for none of what stands before them. */
const MAY_BE_ABSENT = /^(?:[*?]|\{0)/

/**
 * Finds the first rule that fits without trying all of them: only those whose pattern begins as the text does.
 * Which rules these are is read from the patterns, so that the table of messages stays the only truth.
 */
export class RuleIndex {
  private readonly candidates = new Map<number, readonly Candidate[]>()
  private readonly others: readonly Candidate[]

  constructor(rules: readonly Rule[]) {
    const all = rules.flatMap((rule) =>
      beginningsOf(rule[0].source).map((beginning) => ({ beginning, rule })),
    )
    const among = (first: number | undefined) =>
      all.filter(({ beginning }) => !beginning || beginning.charCodeAt(0) === first)
    this.others = among(undefined)
    for (const { beginning } of all) {
      const first = beginning.charCodeAt(0)
      if (beginning) this.candidates.set(first, among(first))
    }
  }

  find(text: string): Rule | undefined {
    for (const { beginning, rule } of this.candidates.get(text.charCodeAt(0)) ?? this.others)
      if (text.startsWith(beginning) && rule[0].test(text)) return rule
    return undefined
  }
}

interface Candidate {
  /** What the text begins with; empty: anything. */
  beginning: string
  rule: Rule
}

/** The words that a text may begin with where an anchored pattern fits; `['']` when that cannot be told. */
export function beginningsOf(source: string): string[] {
  return source.startsWith('^') ? beginnings(source.slice(1)) : ['']
}

function beginnings(source: string): string[] {
  if (source.startsWith('(?:')) {
    const { alternatives, rest } = group(source)
    return MAY_BE_ABSENT.test(rest) ? [''] : alternatives.flatMap(beginnings)
  }
  let words = ''
  for (let index = 0; index < source.length;) {
    const escaped = source[index] === '\\'
    const length = escaped ? 2 : 1
    const character = source[index + length - 1] ?? ''
    // An escaped letter is a class of characters, an escaped sign is itself.
    if (escaped ? /\w/.test(character) : SPECIAL.test(character)) break
    if (MAY_BE_ABSENT.test(source.slice(index + length))) break
    words += character
    index += length
    if (/^[+{]/.test(source.slice(index))) break
  }
  return [words]
}

/** The alternatives of the group that a pattern begins with, and what follows it. */
function group(source: string): { alternatives: string[]; rest: string } {
  const alternatives: string[] = []
  let depth = 0
  let begin = '(?:'.length
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index]
    if (character === '\\') index += 1
    else if (character === '[') index = endOfClass(source, index)
    else if (character === '(') depth += 1
    else if (character === '|' && depth === 1) {
      alternatives.push(source.slice(begin, index))
      begin = index + 1
    } else if (character === ')') {
      depth -= 1
      if (depth > 0) continue
      alternatives.push(source.slice(begin, index))
      return { alternatives, rest: source.slice(index + 1) }
    }
  }
  throw new Error(`A pattern with an open group: ${source}`)
}

function endOfClass(source: string, begin: number): number {
  let index = begin + 1
  while (index < source.length && source[index] !== ']') index += source[index] === '\\' ? 2 : 1
  return index
}
