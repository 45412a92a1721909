const HARMLESS = /^[\w.:/@=+,-]*$/

/**
 * A value as it may stand in a sentence, and in a command that somebody copies into a shell: whatever a shell would
 * read as more than a word is quoted, and no value ends or begins machine text.
 */
export function asWord(value: string | number): string | number {
  if (typeof value === 'number') return value
  const text = value.replaceAll(/[`\s]+/g, ' ').trim()
  return HARMLESS.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
