import { redact } from '../redact'
import type { ConfigProblem } from './located'

/** One line of a section: its keyword, and what follows as it is written, escapes and quotes included. */
export interface Keyword {
  name: string
  arguments: readonly string[]
  line: number
}

export interface HaproxySection {
  kind: string
  /** Empty for sections that have none, such as `global`. */
  name: string
  line: number
  keywords: readonly Keyword[]
}

export interface HaproxySyntax {
  sections: readonly HaproxySection[]
  /** Lines that are comments only, without their mark. */
  comments: readonly { line: number; text: string }[]
  problems: readonly ConfigProblem[]
}

const SECTIONS: ReadonlySet<string> = new Set([
  'global',
  'defaults',
  'peers',
  'frontend',
  'backend',
  'listen',
  'userlist',
  'resolvers',
  'mailers',
  'program',
  'http-errors',
  'ring',
  'cache',
  'fcgi-app',
  'log-forward',
  'log-profile',
  'crt-store',
  'traces',
  'acme',
])

/** A word, or a comment to the end of the line. */
const WORDS = /#.*|(?:\\.|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s\\"'#]+|\\$)+/g

/** Characters of a line that are looked at: haproxy itself stops at 2,048 by default. */
const LONGEST_LINE = 65_536

const wordsAndComment = (source: string): string[] =>
  source.slice(0, LONGEST_LINE).match(WORDS) ?? []
const isComment = (word: string): boolean => word.startsWith('#')

/** The words of a line as they are written; `#` ends it wherever it stands, unless it is quoted or escaped. */
export const wordsOf = (source: string): string[] =>
  wordsAndComment(source).filter((word) => !isComment(word))

/**
 * Reads the syntax of haproxy.cfg (haproxy 1.5 to 3.x, configuration manual, section 2): a section starts with its keyword, every other
 * line is one keyword of the section above it. Nothing is thrown; a line before the first section is a problem.
 */
export function parseHaproxySyntax(text: string): HaproxySyntax {
  const sections: (HaproxySection & { keywords: Keyword[] })[] = []
  const comments: { line: number; text: string }[] = []
  const problems: ConfigProblem[] = []
  for (const [index, source] of text.split('\n').entries()) {
    const line = index + 1
    const found = wordsAndComment(source)
    if (source.length > LONGEST_LINE) {
      problems.push({ line, text: redact(source.slice(0, 200)).text, kind: 'malformed' })
    }
    const [first, ...rest] = found.filter((word) => !isComment(word))
    if (first === undefined) {
      const [comment] = found
      if (comment !== undefined) comments.push({ line, text: comment.slice(1).trim() })
    } else if (SECTIONS.has(first)) {
      sections.push({ kind: first, name: rest[0] ?? '', line, keywords: [] })
    } else {
      const section = sections.at(-1)
      if (section) section.keywords.push({ name: first, arguments: rest, line })
      else {
        const shown = redact(source.trim().slice(0, 200)).text
        problems.push({ line, text: shown, kind: 'orphan' })
      }
    }
  }
  return { sections, comments, problems }
}
