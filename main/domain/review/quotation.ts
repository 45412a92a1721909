import { redact } from '../redact'

/** Longest quotation, in characters. */
const LONGEST = 500

/** What is told of a line of the evidence: without secrets, and no more than 500 characters. */
export const quotation = (text: string): string =>
  // What is cut off may hold the end of a secret that begins before: more is looked at than is told.
  redact(text.trim().slice(0, 4 * LONGEST)).text.slice(0, LONGEST)
