import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { Diagnosis, FindingChange } from '../../preload/contract/finding'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'

/** How long a refresh is awaited before it may be asked for again. */
const REFRESH_MS = 20_000
/** Main tells what changed before it has written it down. */
const HISTORY_AFTER_MS = 1_000

/** What is wrong with the load balancer on screen. One at a time. */
export const useDiagnosis = defineStore('diagnosis', () => {
  /** Undefined until it has been judged once. */
  const diagnosis = shallowRef<Diagnosis>()
  /** Why it is not followed now; it is tried again. */
  const failure = shallowRef<AppError>()
  /** Whose diagnosis is followed now; undefined when none is. */
  const followed = shallowRef<{ cloud: string; loadBalancerId: string }>()
  /** What came and went, newest first; undefined until it was read. */
  const history = shallowRef<readonly FindingChange[]>()
  const historyFailure = shallowRef<AppError>()
  const refreshFailure = shallowRef<AppError>()
  /** The time of the diagnosis that a refresh is to replace. */
  const replaced = ref<number>()
  const refreshing = computed(() => replaced.value !== undefined)
  let subject: { cloud: string; loadBalancerId: string } | undefined
  let abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let historyTimer: ReturnType<typeof setTimeout> | undefined

  /** Follows a diagnosis until `stop`, anew after each loss. Another one never inherits what was known of the last. */
  function start(cloud: string, loadBalancerId: string): void {
    if (follows(cloud, loadBalancerId) && !failure.value) return
    abort.abort()
    const { signal } = (abort = new AbortController())
    if (subject?.cloud !== cloud || subject.loadBalancerId !== loadBalancerId) forget()
    followed.value = subject = { cloud, loadBalancerId }
    failure.value = undefined
    void loadHistory()
    void keepFollowing(
      'diagnosis.follow',
      { cloud, loadBalancerId },
      (news) => {
        if (!signal.aborted) show(news)
      },
      (lost) => {
        if (!signal.aborted && failure.value !== lost) failure.value = lost
      },
      signal,
    )
  }

  const follows = (cloud: string, loadBalancerId: string): boolean =>
    followed.value?.cloud === cloud && followed.value.loadBalancerId === loadBalancerId

  function show(news: Diagnosis): void {
    const before = namesOf(diagnosis.value)
    diagnosis.value = news
    if (replaced.value !== undefined && news.at > replaced.value) endRefresh()
    if (namesOf(news) === before) return
    clearTimeout(historyTimer)
    historyTimer = setTimeout(() => void loadHistory(), HISTORY_AFTER_MS)
  }

  function stop(): void {
    abort.abort()
    clearTimeout(historyTimer)
    followed.value = undefined
    endRefresh()
  }

  function forget(): void {
    diagnosis.value = undefined
    history.value = undefined
    historyFailure.value = refreshFailure.value = undefined
    endRefresh()
  }

  function endRefresh(): void {
    clearTimeout(timer)
    replaced.value = undefined
  }

  /** Looks at everything anew; the result comes with the stream. */
  async function refresh(): Promise<void> {
    if (!subject || refreshing.value) return
    replaced.value = diagnosis.value?.at ?? 0
    timer = setTimeout(endRefresh, REFRESH_MS)
    try {
      await request('diagnosis.refresh', subject)
      refreshFailure.value = undefined
    } catch (error) {
      refreshFailure.value = AppError.from(error)
      endRefresh()
    }
  }

  async function loadHistory(): Promise<void> {
    const asked = subject
    if (!asked) return
    try {
      const read = await request('finding.history', asked)
      if (asked !== subject) return
      history.value = read
      historyFailure.value = undefined
    } catch (error) {
      if (asked === subject) historyFailure.value = AppError.from(error)
    }
  }

  return {
    diagnosis,
    failure,
    followed,
    history,
    historyFailure,
    refreshing,
    refreshFailure,
    follows,
    start,
    stop,
    refresh,
    loadHistory,
  }
})

/** Which findings there are: when that changes, so did the history. */
const namesOf = (diagnosis: Diagnosis | undefined): string | undefined =>
  diagnosis?.findings.map(({ rule, subject }) => `${rule} ${subject.id}`).join('\n')
