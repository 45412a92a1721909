import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { ActionPreview, ActionResult, AmphoraAction } from '../../preload/contract/action'
import type { LogLine, Pair, PairItem } from '../../preload/contract/pair'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'
import { LogBook } from './logBook'
import { oncePerFrame } from './oncePerFrame'

/** How one amphora's log is followed. */
export type LogFollowing = Extract<PairItem, { kind: 'log' }>

/** Which amphora of which load balancer an action is for. */
export interface ActionSubject {
  cloud: string
  loadBalancerId: string
  amphoraId: string
  action: AmphoraAction
}

/** Lines of history each log starts with. */
const HISTORY_LINES = 2_000

/** The pair on screen: its state, both logs, and what may be done to it. One pair at a time. */
export const usePair = defineStore('pair', () => {
  /** Undefined until the pair has been seen once. */
  const pair = shallowRef<Pair>()
  const lines = shallowRef<readonly LogLine[]>([])
  /** Lines that were too old to keep. */
  const dropped = ref(0)
  /** By amphora, how its log is followed and what happened on the way, oldest first. */
  const logs = shallowRef<ReadonlyMap<string, readonly LogFollowing[]>>(new Map())
  /** Every amphora that was a side since this pair is followed, in the order they were first seen. */
  const seen = shallowRef<readonly string[]>([])
  /** Milliseconds by which main's clock is ahead of this page's. */
  const aheadMs = ref(0)
  /** Why the pair is not followed now; it is tried again. */
  const failure = shallowRef<AppError>()
  const refreshing = ref(false)
  const refreshFailure = shallowRef<AppError>()
  /** Whose pair is followed now; undefined when none is, and what is shown is only what was last known. */
  const followed = shallowRef<{ cloud: string; loadBalancerId: string }>()
  let subject: { cloud: string; loadBalancerId: string } | undefined
  let abort = new AbortController()
  let book = new LogBook()

  function apply(item: PairItem): void {
    if (item.kind === 'pair') show(item.pair)
    if (item.kind === 'lines') book.add(item.lines)
    if (item.kind === 'log') {
      const before = logs.value.get(item.amphoraId) ?? []
      logs.value = new Map(logs.value).set(item.amphoraId, [...before, item].slice(-20))
    }
  }

  function show(news: Pair): void {
    pair.value = news
    const added = news.sides.map((side) => side.amphoraId).filter((id) => !seen.value.includes(id))
    if (added.length > 0) seen.value = [...seen.value, ...added]
    // On one machine both clocks are one; what is left is the time of transport.
    const ahead = news.at - Date.now()
    aheadMs.value = Math.abs(ahead) < 1_000 ? 0 : ahead
  }

  /**
   * Follows a pair until `stop`, anew after each loss. The same pair again keeps its lines; another one never
   * inherits them, and one that is followed already goes on.
   */
  function start(cloud: string, loadBalancerId: string): void {
    if (follows(cloud, loadBalancerId) && !failure.value) return
    abort.abort()
    const { signal } = (abort = new AbortController())
    if (subject?.cloud !== cloud || subject.loadBalancerId !== loadBalancerId) forget()
    followed.value = subject = { cloud, loadBalancerId }
    failure.value = undefined
    const announce = oncePerFrame(() => {
      if (signal.aborted) return
      lines.value = book.snapshot()
      dropped.value = book.dropped
    })
    void keepFollowing(
      'pair.follow',
      { cloud, loadBalancerId, lines: HISTORY_LINES },
      (item) => {
        if (signal.aborted) return
        apply(item)
        if (item.kind === 'lines') announce()
      },
      (lost) => {
        if (!signal.aborted && failure.value !== lost) failure.value = lost
      },
      signal,
    )
  }

  const follows = (cloud: string, loadBalancerId: string): boolean =>
    followed.value?.cloud === cloud && followed.value.loadBalancerId === loadBalancerId

  function stop(): void {
    abort.abort()
    followed.value = undefined
  }

  function forget(): void {
    pair.value = undefined
    seen.value = []
    aheadMs.value = 0
    lines.value = []
    dropped.value = 0
    logs.value = new Map()
    book = new LogBook()
  }

  /** Asks both sides anew; the answer comes with the stream. */
  async function refresh(): Promise<void> {
    if (!subject || refreshing.value) return
    refreshing.value = true
    try {
      await request('pair.refresh', subject)
      refreshFailure.value = undefined
    } catch (error) {
      refreshFailure.value = AppError.from(error)
    } finally {
      refreshing.value = false
    }
  }

  /** What an action would do. @throws AppError */
  const preview = (action: ActionSubject, signal: AbortSignal): Promise<ActionPreview> =>
    request('action.preview', action, signal)

  /** Does it. @throws AppError */
  const run = (
    action: ActionSubject,
    confirmation: string,
    override: string | undefined,
  ): Promise<ActionResult> =>
    request('action.run', { ...action, confirmation, ...(override && { override }) })

  return {
    pair,
    lines,
    dropped,
    logs,
    seen,
    aheadMs,
    followed,
    failure,
    refreshing,
    refreshFailure,
    follows,
    start,
    stop,
    refresh,
    preview,
    run,
  }
})
