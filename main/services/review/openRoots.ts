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
    for await (const opened of openEvidence(roots.map(({ path }) => path))) {
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
  const tell = (file: string) => {
    const now = performance.now()
    if (now - last < REPORT_MS) return
    last = now
    report({ files: count, octets, file })
  }
  async function* counted(path: string, pieces: AsyncIterable<Uint8Array> | Uint8Array[]) {
    const content = digest.file()
    try {
      for await (const piece of pieces) {
        octets += piece.length
        content.add(piece)
        tell(path)
        yield piece
      }
    } finally {
      content.end()
    }
  }
  for await (const file of files) {
    count += 1
    if ('reason' in file) {
      tell(file.file)
      yield file
    } else if ('pieces' in file) yield { ...file, pieces: counted(file.path, file.pieces) }
    else {
      for await (const whole of counted(file.path, [file.octets])) yield { ...file, octets: whole }
    }
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
