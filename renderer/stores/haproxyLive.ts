import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { AppError } from '../../preload/contract/error'
import type { HaproxyFacts } from '../../preload/contract/inspect'
import { keepFollowing } from '../api/keepFollowing'
import { HaproxyHistory } from './haproxyHistory'
import type { InspectionSubject } from './inspection'

/** What haproxy on the amphora on screen says, over and over. One amphora at a time. */
export const useHaproxyLive = defineStore('haproxyLive', () => {
  /** The last answer; undefined until there was one. */
  const latest = shallowRef<{ at: number; haproxy: HaproxyFacts }>()
  /** Replaced with each answer. */
  const history = shallowRef<{ of: HaproxyHistory['of'] }>({ of: () => [] })
  /** Why nothing comes now; it is tried again. */
  const failure = shallowRef<AppError>()
  const running = ref(false)
  let abort = new AbortController()
  let subjectKey = ''
  let book = new HaproxyHistory()

  /** Follows haproxy until `stop`. The same amphora again keeps its rates. */
  function start(subject: InspectionSubject, intervalMs: number): void {
    abort.abort()
    const { signal } = (abort = new AbortController())
    const key = JSON.stringify(subject)
    if (key !== subjectKey) {
      latest.value = undefined
      book = new HaproxyHistory()
      history.value = { of: () => [] }
    }
    subjectKey = key
    running.value = true
    failure.value = undefined
    void keepFollowing(
      'inspect.haproxy',
      { ...subject, intervalMs },
      (item) => {
        if (signal.aborted) return
        latest.value = item
        if ('value' in item.haproxy.stat) book.add(item.at, item.haproxy.stat.value)
        const current = book
        history.value = { of: (row) => current.of(row) }
      },
      (lost) => {
        if (!signal.aborted && failure.value !== lost) failure.value = lost
      },
      signal,
    )
  }

  function stop(): void {
    abort.abort()
    running.value = false
  }

  return { latest, history, failure, running, start, stop }
})
