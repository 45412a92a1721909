import { createHmac, randomBytes } from 'node:crypto'

/**
 * Numbers from 0 to 2³²-1 out of texts, the same for the same, by a key that is drawn anew with each call and given to
 * nobody: from a number nobody finds the text, not even by trying all texts.
 */
export function keyedNumbers(): (text: string) => number {
  const key = randomBytes(32)
  return (text) => createHmac('sha256', key).update(text).digest().readUInt32BE(0)
}
