import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError, type Failure } from '../../preload/contract/error'
import type { Episode, MonitorItem, Pair, ProbeSettings } from '../../preload/contract/pair'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'
import { Lanes, withEpisodes } from './lanes'
import { oncePerFrame } from './oncePerFrame'
import { ProbeHistory } from './probeHistory'

/** What is monitored. */
export interface MonitorSubject {
  cloud: string
  loadBalancerId: string
  loadBalancerName: string
}

/** How many good answers had which body. */
export type Balance = Extract<MonitorItem, { kind: 'balance' }>

/** How many probes were sent and failed, and the last answers, newest first. */
type Counts = Pick<ProbeHistory, 'sent' | 'failed' | 'unsent' | 'recent'>
/** Least time between two showings of new probes. */
const PROBES_SHOWN_MS = 150
const NOTHING_SENT: Counts = { sent: 0, failed: 0, unsent: 0, recent: [] }

/**
 * The failover monitor. It goes on while other pages are on screen, until it is stopped.
 * What it saw stays readable after its end, until another one begins.
 */
export const useMonitor = defineStore('monitor', () => {
  const subject = shallowRef<MonitorSubject>()
  const probe = shallowRef<ProbeSettings>()
  const running = ref(false)
  const startedAt = ref<number>()
  const endedAt = ref<number>()
  /** Why nothing is seen now; it is tried again. */
  const failure = shallowRef<AppError>()
  const pair = shallowRef<Pair>()
  const probeFailure = shallowRef<Failure>()
  const balance = shallowRef<Balance>()
  /** By load balancer id, newest first; absent until they have been read or seen. */
  const episodes = shallowRef<ReadonlyMap<string, readonly Episode[]>>(new Map())
  const episodesFailure = shallowRef<AppError>()
  /** Everything that is drawn. The objects stay the same; `revision` tells that they have changed. */
  const lanes = shallowRef(new Lanes())
  const probes = shallowRef(new ProbeHistory())
  const revision = ref(0)
  /** Milliseconds by which main's clock is ahead of this page's. */
  const aheadMs = ref(0)
  /** Every amphora that was a side since the start, in the order they were first seen. */
  const seen = shallowRef<readonly string[]>([])
  let abort = new AbortController()

  /** What the probe has done so far. */
  const counts = shallowRef<Counts>(NOTHING_SENT)
  /** Something is wrong now that the operator should look at. */
  const alarm = computed(() => {
    const ongoing = episodes.value
      .get(subject.value?.loadBalancerId ?? '')
      ?.some(({ outcome }) => outcome === 'ongoing')
    const kind = pair.value?.ownership.kind
    if (!running.value) return undefined
    if (kind === 'two' || kind === 'none') return kind
    return ongoing ? 'alarm' : undefined
  })

  /** Whether this load balancer is being monitored now. */
  const follows = (cloud: string, loadBalancerId: string): boolean =>
    running.value &&
    subject.value?.cloud === cloud &&
    subject.value.loadBalancerId === loadBalancerId

  /** Begins to monitor, anew after each loss. One at a time: a running one ends. */
  function start(what: MonitorSubject, settings: ProbeSettings | undefined): void {
    stop()
    const { signal } = (abort = new AbortController())
    clear()
    subject.value = what
    probe.value = settings
    running.value = true
    startedAt.value = Date.now()
    const { cloud, loadBalancerId } = what
    void loadEpisodes(cloud, loadBalancerId)

    let ahead = -Infinity
    const learn = (at: number): void => {
      ahead = Math.max(ahead, at - Date.now())
    }
    const tell = (): void => {
      if (signal.aborted) return
      // On one machine both clocks are one; what is left is the time of transport.
      aheadMs.value = Math.abs(ahead) < 1_000 || ahead === -Infinity ? 0 : ahead
      announceChange()
    }
    const announce = oncePerFrame(tell)
    // Hundreds of probes per second would only make the numbers flicker.
    const announceProbes = oncePerFrame(tell, PROBES_SHOWN_MS)
    void keepFollowing(
      'monitor.follow',
      { cloud, loadBalancerId, ...(settings && { probe: settings }) },
      (item) => {
        if (signal.aborted) return
        apply(item, learn)
        if (item.kind === 'probe' || item.kind === 'balance') announceProbes()
        else announce()
      },
      (lost) => {
        if (signal.aborted || failure.value === lost) return
        if (lost && !failure.value) lanes.value.end(Date.now() + aheadMs.value)
        failure.value = lost
        announce()
      },
      signal,
    )
  }

  function apply(item: MonitorItem, learn: (at: number) => void): void {
    lanes.value.apply(item)
    switch (item.kind) {
      case 'pair':
        learn(item.pair.at)
        show(item.pair)
        return
      case 'probe':
        for (const sample of item.samples) {
          learn(sample.at + sample.durationMs)
          probes.value.add(sample)
        }
        return
      case 'probeState':
        probeFailure.value = item.state === 'failed' ? item.failure : undefined
        return
      case 'balance':
        balance.value = item
        return
      case 'episode':
        keep(subject.value?.loadBalancerId ?? '', [item.episode])
        return
      case 'lines':
      case 'log':
      case 'events':
        return
    }
  }

  function show(news: Pair): void {
    pair.value = news
    const added = news.sides.map((side) => side.amphoraId).filter((id) => !seen.value.includes(id))
    if (added.length > 0) seen.value = [...seen.value, ...added]
  }

  function stop(): void {
    if (!running.value) return
    abort.abort()
    running.value = false
    failure.value = undefined
    endedAt.value = Date.now()
    lanes.value.end(Date.now() + aheadMs.value)
    announceChange()
  }

  function clear(): void {
    lanes.value = new Lanes()
    probes.value = new ProbeHistory()
    pair.value = undefined
    seen.value = []
    balance.value = undefined
    probeFailure.value = undefined
    failure.value = undefined
    endedAt.value = undefined
    aheadMs.value = 0
    announceChange()
  }

  function announceChange(): void {
    const { sent, failed, unsent, recent } = probes.value
    counts.value = { sent, failed, unsent, recent }
    revision.value += 1
  }

  /** Reads the episodes on record. */
  async function loadEpisodes(cloud: string, loadBalancerId: string): Promise<void> {
    try {
      keep(loadBalancerId, await request('monitor.episodes', { cloud, loadBalancerId }))
      episodesFailure.value = undefined
    } catch (error) {
      episodesFailure.value = AppError.from(error)
    }
  }

  function keep(loadBalancerId: string, news: readonly Episode[]): void {
    const known = episodes.value.get(loadBalancerId) ?? []
    episodes.value = new Map(episodes.value).set(loadBalancerId, withEpisodes(known, news))
  }

  return {
    subject,
    probe,
    running,
    startedAt,
    endedAt,
    failure,
    pair,
    probeFailure,
    balance,
    episodes,
    episodesFailure,
    lanes,
    probes,
    revision,
    aheadMs,
    seen,
    counts,
    alarm,
    follows,
    start,
    stop,
    loadEpisodes,
  }
})
