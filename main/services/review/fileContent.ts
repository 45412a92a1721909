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
  const lines = (await textOf(roots, path)).split('\n')
  if (lines.at(-1) === '') lines.pop()
  const first = Math.max(1, line - AROUND)
  const from = Math.max(1, first - BEFORE)
  const part = lines.slice(from - 1, line + AROUND).map((each) => each.slice(0, LONGEST))
  const clean = redact(part.join('\n')).text.split('\n')
  // What was taken out may have had several lines: the end is what is counted from.
  const told = clean.slice(-(part.length - (first - from)))
  return { kind: 'lines', first, lines: told, total: lines.length }
}

async function textOf(roots: ReviewOrder['roots'], path: string): Promise<string> {
  const near = roots.filter(({ shown }) => path === shown || path.startsWith(`${shown}/`))
  for await (const opened of openRoots(near)) {
    if ('octets' in opened && opened.path === path) return new TextDecoder().decode(opened.octets)
  }
  throw AppError.because('review.gone', path)
}
