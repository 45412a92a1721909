/** What would be pasted, for the operator to look at before it runs. */
export interface Paste {
  text: string
  /** Lines that the shell would run at once, without Enter being pressed. */
  lines: number
}

/**
 * What to ask about before it is pasted: text that ends a line runs before anybody has read it, and control
 * characters do what nobody sees. Undefined for text that may go on as it is.
 */
export function pasteToAsk(text: string): Paste | undefined {
  const lines = text.match(/\r\n|\r|\n/g)?.length ?? 0
  const isControl = Array.from(text).some((char) => char < ' ' && !'\t\r\n'.includes(char))
  return lines > 0 || isControl ? { text, lines } : undefined
}

/** The text without what would run it, or do what is not seen: one line, for Enter to be pressed by hand. */
export const asOneLine = (text: string): string =>
  Array.from(
    text
      .split(/\r\n|\r|\n/)
      .map((line) => line.trim())
      .filter(Boolean)
      .join(' '),
  )
    .filter((char) => char >= ' ' || char === '\t')
    .join('')
