import { AppError } from '../../../preload/contract/error'
import type { ReviewFileContent } from '../../../preload/contract/review'
import { redact } from '../../domain/redact'
import type { Recognised } from '../../domain/review/evidence'
import { fingerprint, secretTokens } from '../inspect/secretTokens'
import { openRoots } from './openRoots'
import type { ReviewOrder } from './threadMessages'

/** Lines told before and behind the one that is asked for. */
const AROUND = 200
/** A private key that begins before what is told is still known as one. */
const BEFORE = 200
/** Longest line that is told, in characters. */
const LONGEST = 4000

/**
 * A file of the evidence without its secrets: a configuration whole, of others the lines around one. Files are read anew, so
 * that what is open does not fill the memory.
 *
 * @throws AppError `review.gone` when no such file is there any more
 */
export async function fileContent(
  files: readonly Recognised[],
  roots: ReviewOrder['roots'],
  path: string,
  line = 1,
): Promise<ReviewFileContent> {
  const known = files.find((file) => file.path === path)
  if (known?.content.kind === 'config') {
    const { config: kind, text } = known.content
    const { text: clean, found: redacted } = redact(text)
    const { modifiedAt } = known
    return {
      kind: 'config',
      file: {
        ...{ path, kind, text: clean, redacted },
        digest: await fingerprint(text),
        secretTokens: await secretTokens(text),
        ...(modifiedAt !== undefined && { modifiedAt }),
      },
    }
  }
  const first = Math.max(1, line - AROUND)
  const from = Math.max(1, first - BEFORE)
  const { part, total } = await linesOfFile(roots, path, from, line + AROUND)
  const clean = redact(part.join('\n')).text.split('\n')
  // What was taken out may have had several lines: the end is what is counted from.
  const told = clean.slice(-(part.length - (first - from)))
  return { kind: 'lines', first, lines: told, total }
}

async function linesOfFile(
  roots: ReviewOrder['roots'],
  path: string,
  from: number,
  until: number,
): Promise<{ part: string[]; total: number }> {
  const near = roots.filter(({ shown }) => path === shown || path.startsWith(`${shown}/`))
  for await (const opened of openRoots(near)) {
    if ('file' in opened || opened.path !== path) continue
    return await linesOf('octets' in opened ? [opened.octets] : opened.pieces, from, until)
  }
  throw AppError.because('review.gone', path)
}

/** The lines of a file from one to another, counted from 1, and how many there are; no more than those are kept. */
async function linesOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  from: number,
  until: number,
): Promise<{ part: string[]; total: number }> {
  const decoder = new TextDecoder()
  const part: string[] = []
  let total = 0
  let rest = ''
  const take = (text: string) => {
    total += 1
    if (total >= from && total <= until) part.push(text.slice(0, LONGEST))
  }
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    // Of a line that never ends, no more is kept than is told.
    rest = (lines.pop() ?? '').slice(0, LONGEST)
    for (const text of lines) take(text)
  }
  rest += decoder.decode()
  if (rest !== '') take(rest)
  return { part, total }
}
