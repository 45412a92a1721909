import { REMOVED } from '../redact'
import type { Statement } from './keepalivedSyntax'

/** A directive that has no field of its own; `words` start with its keyword. */
export interface Directive {
  words: readonly string[]
  line: number
}

/** The statements of a block as directives. */
export const directivesOf = (block: readonly Statement[] | undefined): Directive[] =>
  (block ?? []).flatMap(flattened)

/** A statement and all within it, as a list, its secrets taken out: what stands in a block has the block's words in front of its own. */
export function flattened(statement: Statement): Directive[] {
  const directives: Directive[] = []
  const waiting: { statement: Statement; path: string }[] = [{ statement, path: '' }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { words, line, block } = next.statement
    const [keyword = '{', ...values] = words.map((text) => text.slice(0, LONGEST_WORD))
    const name = next.path ? `${next.path}.${keyword}` : keyword
    if (isSecret(keyword)) directives.push({ words: [name, REMOVED], line })
    else if (!block || values.length || !block.length) {
      directives.push({ words: [name, ...values], line })
    }
    const path = depthOf(name) < DEEPEST ? name : next.path
    for (const inner of [...(block ?? [])].reverse()) waiting.push({ statement: inner, path })
  }
  return directives
}

/** Names do not grow without end with blocks that a damaged file opens and never closes. */
const DEEPEST = 8
const LONGEST_WORD = 1024
const depthOf = (name: string): number => name.split('.').length

const isSecret = (keyword: string): boolean => /pass|secret|auth_data|key/i.test(keyword)
