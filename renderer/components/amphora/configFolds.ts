import type { Language } from './configTokens'

/** A block of lines that can be folded behind its first one; both line numbers count from 0 and belong to it. */
export interface Fold {
  start: number
  end: number
}

/** Opens a block at its line of an indented or headed language; undefined where blocks are braces. */
const HEADS: Partial<Record<Language, RegExp>> = {
  haproxy: /^\S/,
  ini: /^\s*\[/,
}

/** The blocks of a file, by their first line. Linear in the number of characters; never throws. */
export function foldsOf(lines: readonly string[], language: Language): ReadonlyMap<number, Fold> {
  const head = HEADS[language]
  const folds = head ? headedFolds(lines, head) : braceFolds(lines, language)
  return new Map(folds.map((fold) => [fold.start, fold]))
}

/** Lines that are shown when the blocks that start at these lines are folded. */
export function shownLines(
  count: number,
  folds: ReadonlyMap<number, Fold>,
  folded: ReadonlySet<number>,
): number[] {
  const shown: number[] = []
  for (let line = 0; line < count; line += 1) {
    shown.push(line)
    const fold = folded.has(line) ? folds.get(line) : undefined
    if (fold) line = fold.end
  }
  return shown
}

function headedFolds(lines: readonly string[], head: RegExp): Fold[] {
  const folds: Fold[] = []
  let start: number | undefined
  let last = 0
  const close = (): void => {
    if (start !== undefined && last > start) folds.push({ start, end: last })
  }
  lines.forEach((line, i) => {
    const isComment = /^\s*[#;]/.test(line)
    if (head.test(line) && !isComment) {
      close()
      start = last = i
    } else if (line.trim() !== '' && !isComment) last = i
  })
  close()
  return folds
}

function braceFolds(lines: readonly string[], language: Language): Fold[] {
  const folds: Fold[] = []
  const open: number[] = []
  lines.forEach((line, i) => {
    for (const step of stepsOf(line, language)) {
      if (step > 0) open.push(i)
      else {
        const start = open.pop()
        // The outer one of two blocks that start in one line is folded: it comes last.
        if (start !== undefined && i > start) folds.push({ start, end: i })
      }
    }
  })
  return folds
}

/** +1 for each block that a line opens, -1 for each that it closes, in order. */
function stepsOf(line: string, language: Language): number[] {
  const code = language === 'json' ? line : line.replace(/(?:^|\s)#.*$/, '')
  const bare = code.replace(/"(?:[^"\\]|\\.){0,400}"/g, '')
  if (language === 'shell')
    return Array.from(
      bare.matchAll(/(?:^|[;\s])(?:(if|case|do)|(fi|esac|done))(?=$|[;\s])|\{$|^\s*\}/g),
      ([text, opens]) => (opens !== undefined || text.endsWith('{') ? 1 : -1),
    )
  return Array.from(bare.matchAll(/[{[]|[}\]]/g), ([text]) =>
    text === '{' || text === '[' ? 1 : -1,
  )
}
