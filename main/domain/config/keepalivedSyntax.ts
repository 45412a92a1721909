import { redact } from '../redact'
import type { ConfigProblem } from './located'

/** One statement of a keepalived configuration: its words, and the statements in its braces. */
export interface Statement {
  /** Keyword first; quotes are taken off. Never empty for a statement with a block of its own. */
  words: readonly string[]
  line: number
  /** Absent where no braces follow. */
  block?: readonly Statement[]
  /** Where the block ends; absent without a block. */
  endLine?: number
}

/** A comment on a line of its own, without its mark: in LVS files the only place where ids of members stand. */
interface Comment {
  line: number
  text: string
}

export interface KeepalivedSyntax {
  statements: readonly Statement[]
  comments: readonly Comment[]
  problems: readonly ConfigProblem[]
}

interface Open {
  statement: { words: readonly string[]; line: number; block: Statement[]; endLine?: number }
}

const WORDS = /"([^"]*)"?|'([^']*)'?|[^\s"'#!]+|[#!].*/g

/** Characters of a line that are looked at: keepalived itself stops at 1,024. */
const LONGEST_LINE = 65_536

/**
 * Reads the syntax of keepalived's configurations (keepalived 1.2 to 2.3, lib/parser.c): one statement per line, `{` at the
 * end of a line or alone, comments from `#` or `!`. Whatever is no statement is a problem; nothing is thrown.
 */
export function parseKeepalivedSyntax(text: string): KeepalivedSyntax {
  const statements: Statement[] = []
  const comments: Comment[] = []
  const problems: ConfigProblem[] = []
  const open: Open[] = []
  let words: string[] = []
  let last: { words: readonly string[]; line: number } | undefined

  const list = (): Statement[] => open.at(-1)?.statement.block ?? statements
  const flush = (line: number): void => {
    if (!words.length) return
    last = { words, line }
    list().push(last)
    words = []
  }

  const lines = text.split('\n')
  for (const [index, source] of lines.entries()) {
    const line = index + 1
    for (const token of tokensOf(source.slice(0, LONGEST_LINE))) {
      if (token.kind === 'comment') {
        if (!words.length) comments.push({ line, text: token.text })
      } else if (token.kind === 'word') {
        words.push(token.text)
      } else if (token.text === '{') {
        const started = startOf(words, line, last, list())
        if (!started) problems.push(problem(line, source, 'noName'))
        const statement = { words: started?.words ?? [], line: started?.line ?? line, block: [] }
        list().push(statement)
        open.push({ statement })
        words = []
        last = undefined
      } else {
        flush(line)
        last = undefined
        const closed = open.pop()
        if (closed) closed.statement.endLine = line
        else problems.push(problem(line, source, 'unexpectedEnd'))
      }
    }
    flush(line)
  }
  for (const { statement } of open) {
    problems.push(problem(statement.line, lines[statement.line - 1] ?? '', 'unclosed'))
  }
  return { statements, comments, problems }
}

/** What the block belongs to: the words before it, or the statement of the line before, which then is no statement of its own. */
function startOf(
  words: readonly string[],
  line: number,
  last: { words: readonly string[]; line: number } | undefined,
  list: Statement[],
): { words: readonly string[]; line: number } | undefined {
  if (words.length) return { words, line }
  if (!last || list.at(-1) !== last) return undefined
  list.pop()
  return last
}

interface Token {
  kind: 'word' | 'brace' | 'comment'
  text: string
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = []
  for (const match of line.matchAll(WORDS)) {
    const [all, double, single] = match
    const quoted = double ?? single
    if (quoted !== undefined) {
      tokens.push({ kind: 'word', text: quoted })
    } else if (all.startsWith('#') || all.startsWith('!')) {
      tokens.push({ kind: 'comment', text: all.slice(1).trim() })
    } else if (all === '{' || all === '}') {
      tokens.push({ kind: 'brace', text: all })
    } else if (all.endsWith('{') && !all.endsWith('${')) {
      tokens.push({ kind: 'word', text: all.slice(0, -1) }, { kind: 'brace', text: '{' })
    } else {
      tokens.push({ kind: 'word', text: all })
    }
  }
  return tokens
}

/** A line that makes no sense, without its secrets. */
export function problem(line: number, source: string, kind: ConfigProblem['kind']): ConfigProblem {
  return { line, text: redact(source.trim().slice(0, 200)).text, kind }
}
