import { AppError } from '../../../preload/contract/error'
import type { ContentDigest } from '../../platform/contentDigest'
import { openEvidence, type OpenedFile, type Unopened } from '../../platform/evidenceFiles'
import type { ReadingProgress, ReviewOrder } from './threadMessages'

/** Least time between two reports of progress, in milliseconds. */
const REPORT_MS = 100

/**
 * Opens what a review is made of, each file under the name that the operator knows it by.
 *
 * @throws AppError `review.unreadable` for a root that cannot be read
 */
export async function* openRoots(
  roots: ReviewOrder['roots'],
): AsyncGenerator<OpenedFile | Unopened, void> {
  const names = new Map(roots.map(({ path, shown }) => [path, shown]))
  try {
    const files: AsyncIterable<OpenedFile | Unopened> | Iterable<OpenedFile | Unopened> =
      openEvidence(roots.map(({ path }) => path))
    for await (const opened of files) {
      if ('file' in opened) yield { ...opened, file: shownAs(opened.file, names) }
      else yield { ...opened, path: shownAs(opened.path, names) }
    }
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    const path = roots.map(({ shown }) => shown).join(', ')
    throw AppError.because('review.unreadable', words, { cause, values: { path } })
  }
}

/** Passes files on, and tells how far it is, and at the end what they come to. */
export async function* told(
  files: AsyncIterable<OpenedFile | Unopened>,
  digest: ContentDigest,
  report: (progress: ReadingProgress) => void,
): AsyncGenerator<OpenedFile | Unopened, void> {
  let count = 0
  let octets = 0
  let last = -Infinity
  for await (const file of files) {
    count += 1
    if ('octets' in file) {
      octets += file.octets.length
      digest.add(file.octets)
    }
    const now = performance.now()
    if (now - last >= REPORT_MS) {
      last = now
      report({ files: count, octets, file: 'octets' in file ? file.path : file.file })
    }
    yield file
  }
  report({ files: count, octets })
}

/** A path below a root is told below the root's name. */
function shownAs(path: string, names: ReadonlyMap<string, string>): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const shown = names.get(path.slice(0, end))
    if (shown !== undefined) return shown + path.slice(end)
  }
  return path
}
