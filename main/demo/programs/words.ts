/** Either the words of a command line, or what bash would say about it. */
export type Parsed = { words: string[] } | { problem: string }

const SPECIAL = /[;&|<>()`\n]/

/** Splits a command line by the quoting rules of POSIX; operators, substitutions and jobs are refused. */
export function delimiterless(line: string): Parsed {
  const words: string[] = []
  let word: string | undefined
  for (let index = 0; index < line.length; index += 1) {
    const char = line.charAt(index)
    if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === "'") {
      const end = line.indexOf("'", index + 1)
      if (end < 0) return { problem: `unexpected EOF while looking for matching \`''` }
      word = (word ?? '') + line.slice(index + 1, end)
      index = end
    } else if (char === '"') {
      let text = ''
      for (index += 1; line.charAt(index) !== '"'; index += 1) {
        if (index >= line.length)
          return { problem: 'unexpected EOF while looking for matching `"\'' }
        const isEscape = line.charAt(index) === '\\' && /["\\$`]/.test(line.charAt(index + 1))
        if (isEscape) index += 1
        text += line.charAt(index)
      }
      word = (word ?? '') + text
    } else if (char === '\\') {
      index += 1
      word = (word ?? '') + line.charAt(index)
    } else if (SPECIAL.test(char)) {
      return { problem: `syntax error near unexpected token \`${char}'` }
    } else {
      word = (word ?? '') + char
    }
  }
  if (word !== undefined) words.push(word)
  return { words }
}
