import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import {
  UPLOAD_CHUNK,
  type ReviewHead,
  type ReviewOpening,
  type ReviewSource,
} from '../../preload/contract/review'
import { pathOf } from '../api/bridge'
import { follow, request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'

/** A file that somebody gave to the page, and the name that it is told by. */
export interface GivenFile {
  name: string
  file: File
}

/** How far an opening is. */
export interface OpeningProgress {
  stage: 'sending' | 'reading' | 'judging'
  files: number
  octets: number
  /** Of `octets`, where that is known. */
  total?: number
  file?: string | undefined
}

/** Reviews that are open in the console, and the opening of another one. */
export const useReviews = defineStore('reviews', () => {
  /** Undefined until main has told them once. */
  const all = shallowRef<readonly ReviewHead[]>()
  const failure = shallowRef<AppError>()
  /** Undefined while nothing is being opened. */
  const progress = shallowRef<OpeningProgress>()
  const openFailure = shallowRef<AppError>()
  const started = ref(false)
  let abort = new AbortController()

  /** Follows the open reviews for as long as the page lives. */
  function start(): void {
    if (started.value) return
    started.value = true
    void keepFollowing(
      'review.follow',
      {},
      (heads) => (all.value = heads),
      (lost) => (failure.value = lost),
    )
  }

  /** Opens what lies at paths of main's machine, and files of this page, as one review. @returns it, unless that failed */
  async function open(
    paths: readonly string[],
    files: readonly GivenFile[],
  ): Promise<ReviewHead | undefined> {
    if (progress.value) return undefined
    const { signal } = (abort = new AbortController())
    openFailure.value = undefined
    progress.value = { stage: 'reading', files: 0, octets: 0 }
    let upload: string | undefined
    try {
      const sources: ReviewSource[] = paths.map((path) => ({ kind: 'path', path }))
      const local = rootsOf(files)
      if (local) sources.push(...local.map((path) => ({ kind: 'path' as const, path })))
      else if (files.length > 0) {
        upload = (await request('review.uploadStart', {}, signal)).upload
        await send(upload, files, signal)
        sources.push({ kind: 'upload', upload })
      }
      const opened = await openSources(sources, signal)
      upload = undefined
      return opened
    } catch (error) {
      const failed = AppError.from(error)
      if (failed.code !== 'cancelled') openFailure.value = failed
      return undefined
    } finally {
      progress.value = undefined
      if (upload !== undefined)
        void request('review.uploadCancel', { upload }).catch(() => undefined)
    }
  }

  async function openSources(
    sources: ReviewSource[],
    signal: AbortSignal,
  ): Promise<ReviewHead | undefined> {
    for await (const item of follow('review.open', { sources }, signal)) {
      const opened = take(item)
      if (opened) return opened
    }
    return undefined
  }

  function take(item: ReviewOpening): ReviewHead | undefined {
    if (item.kind === 'opened') return item.review
    const { stage, files, octets, file } = item
    progress.value = { stage, files, octets, file }
    return undefined
  }

  /** Piece by piece: the next one leaves when the last one is on main's disk. */
  async function send(
    upload: string,
    files: readonly GivenFile[],
    signal: AbortSignal,
  ): Promise<void> {
    const total = files.reduce((sum, { file }) => sum + file.size, 0)
    let octets = 0
    for (const [index, { name, file }] of files.entries()) {
      let offset = 0
      do {
        progress.value = { stage: 'sending', files: index, octets, total, file: name }
        const piece = await file.slice(offset, offset + UPLOAD_CHUNK).arrayBuffer()
        const base64 = asBase64(new Uint8Array(piece))
        const modifiedAt = file.lastModified
        await request('review.upload', { upload, name, offset, base64, modifiedAt }, signal)
        offset += piece.byteLength
        octets += piece.byteLength
      } while (offset < file.size)
    }
  }

  /** Ends the opening that is under way. */
  function cancel(): void {
    abort.abort()
  }

  async function close(id: string): Promise<void> {
    await request('review.close', { id })
  }

  return { all, failure, progress, openFailure, start, open, cancel, close }
})

/**
 * Where main finds files by itself: their folders where folders were given. Undefined where one of them lies nowhere that
 * main knows of.
 */
function rootsOf(files: readonly GivenFile[]): string[] | undefined {
  const roots = files.map(({ name, file }) => {
    const path = pathOf(file)
    const isBelow = path?.replaceAll('\\', '/').endsWith(`/${name}`)
    const [first = ''] = name.split('/')
    return isBelow ? path?.slice(0, path.length - name.length + first.length) : path
  })
  const known = roots.flatMap((root) => root ?? [])
  return known.length > 0 && known.length === files.length ? [...new Set(known)] : undefined
}

/** In parts, as an engine takes only so many values at once. */
function asBase64(octets: Uint8Array): string {
  let letters = ''
  for (let start = 0; start < octets.length; start += 0x8000)
    letters += String.fromCharCode(...octets.subarray(start, start + 0x8000))
  return btoa(letters)
}
