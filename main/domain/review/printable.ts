/** Of ASCII and of Latin-1, and what turns the direction of a text around: a terminal would obey them. */
const OBEYED = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu
/** The same without the newlines that stand between the lines. */
const OBEYED_IN_LINES = /(?!\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One line for a terminal: what evidence says cannot move its cursor, colour it, or begin a line of its own. */
export const printableLine = (line: string): string => line.replace(OBEYED, escaped)

/** JSON for a terminal, as JSON: `JSON.stringify` leaves what is above ASCII as it is. */
export const printableJson = (json: string): string => json.replace(OBEYED_IN_LINES, escaped)
