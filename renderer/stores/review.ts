import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type {
  HostClocks,
  NoteSubject,
  ReportFormat,
  ReviewContent,
  ReviewFileContent,
  ReviewNote,
} from '../../preload/contract/review'
import { follow, request } from '../api/client'
import { Lanes } from './lanes'
import { ProbeHistory } from './probeHistory'

/** One load balancer's time line, as the lanes draw it. */
export interface ReviewTimeline {
  loadBalancerId: string
  lanes: Lanes
  probes: ProbeHistory
}

/** The review on screen. One at a time. */
export const useReview = defineStore('review', () => {
  const id = ref<string>()
  /** Undefined until it was read. */
  const content = shallowRef<ReviewContent>()
  const failure = shallowRef<AppError>()
  const notes = shallowRef<readonly ReviewNote[]>([])
  const notesFailure = shallowRef<AppError>()
  const timeline = shallowRef<ReviewTimeline>()
  const timelineFailure = shallowRef<AppError>()
  /** Changes whenever the time line did. */
  const revision = ref(0)
  /** The file that is looked at, and the line of it. */
  const place = shallowRef<{ file: string; line: number | undefined }>()
  const file = shallowRef<ReviewFileContent>()
  const fileFailure = shallowRef<AppError>()

  /** Shows a review; another one never inherits what was known of the last. */
  async function load(wanted: string): Promise<void> {
    if (id.value !== wanted) {
      content.value = timeline.value = place.value = file.value = undefined
      notes.value = []
    }
    id.value = wanted
    failure.value = undefined
    try {
      const read = await request('review.read', { id: wanted })
      if (id.value !== wanted) return
      content.value = read
      timeline.value = undefined
    } catch (error) {
      if (id.value === wanted) failure.value = AppError.from(error)
    }
    await keepNotes(() => request('review.notes', { id: wanted }))
  }

  /** Writes something down. @returns whether it is kept */
  function note(text: string, about: NoteSubject): Promise<boolean> {
    const fresh = { id: crypto.randomUUID(), writtenAt: Date.now(), text, about }
    return saveNote(fresh)
  }

  const saveNote = (changed: ReviewNote): Promise<boolean> =>
    keepNotes(() => request('review.saveNote', { id: id.value ?? '', note: changed }))

  const removeNote = (noteId: string): Promise<boolean> =>
    keepNotes(() => request('review.removeNote', { id: id.value ?? '', note: noteId }))

  async function keepNotes(change: () => Promise<readonly ReviewNote[]>): Promise<boolean> {
    const wanted = id.value
    try {
      const kept = await change()
      if (id.value === wanted) notes.value = kept
      notesFailure.value = undefined
      return true
    } catch (error) {
      notesFailure.value = AppError.from(error)
      return false
    }
  }

  /** Reads clocks otherwise: everything is judged anew. @throws AppError */
  async function setClocks(clocks: HostClocks): Promise<void> {
    const wanted = id.value ?? ''
    await request('review.settings', { id: wanted, clocks })
    await load(wanted)
  }

  async function loadTimeline(loadBalancerId: string): Promise<void> {
    const wanted = id.value
    if (wanted === undefined || timeline.value?.loadBalancerId === loadBalancerId) return
    const fresh = { loadBalancerId, lanes: new Lanes(), probes: new ProbeHistory() }
    timeline.value = fresh
    timelineFailure.value = undefined
    try {
      for await (const item of follow('review.timeline', { id: wanted, loadBalancerId })) {
        if (timeline.value !== fresh) return
        fresh.lanes.apply(item)
        if (item.kind === 'probe') {
          if (fresh.probes.sent === 0)
            fresh.lanes.apply({
              kind: 'probeState',
              state: 'running',
              at: item.samples[0]?.at ?? 0,
            })
          for (const sample of item.samples) fresh.probes.add(sample)
        }
        revision.value += 1
      }
      const until = content.value?.loadBalancers.find((one) => one.id === loadBalancerId)?.until
      if (until !== undefined) fresh.lanes.end(until)
      revision.value += 1
    } catch (error) {
      if (timeline.value === fresh) timelineFailure.value = AppError.from(error)
    }
  }

  /** The report as a file to keep. @throws AppError */
  const report = (format: ReportFormat, language: 'en' | 'vi') =>
    request('review.export', { id: id.value ?? '', format, language })

  /** Shows a file around a line. */
  async function show(path: string, line?: number): Promise<void> {
    const wanted = { file: path, line }
    place.value = wanted
    fileFailure.value = undefined
    const around = line === undefined ? {} : { line }
    try {
      const read = await request('review.file', { id: id.value ?? '', file: path, ...around })
      if (place.value === wanted) file.value = read
    } catch (error) {
      if (place.value !== wanted) return
      file.value = undefined
      fileFailure.value = AppError.from(error)
    }
  }

  function hide(): void {
    place.value = file.value = fileFailure.value = undefined
  }

  return {
    ...{ id, content, failure, notes, notesFailure, timeline, timelineFailure, revision },
    ...{ place, file, fileFailure },
    ...{ load, report, note, saveNote, removeNote, setClocks, loadTimeline, show, hide },
  }
})
