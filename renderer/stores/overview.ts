import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { AppError } from '../../preload/contract/error'
import { isUrgent, type Diagnosis, type FindingChange } from '../../preload/contract/finding'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'
import { useClouds } from './clouds'
import { oncePerFrame } from './oncePerFrame'

/** What is known of the load balancers of one cloud. */
export interface Fleet {
  /** Of the round that runs, or of the last one. Undefined until the list has been read. */
  progress?: { done: number; total: number; at: number }
  /** By load balancer id. */
  diagnoses: ReadonlyMap<string, Diagnosis>
  /** Why it is not followed now; it is tried again. */
  failure?: AppError | undefined
}

const NOTHING: Fleet = { diagnoses: new Map() }

/**
 * The findings of all open clouds. Looking begins with the first visit of the page and goes on while other pages are on
 * screen, until it is paused; what was seen stays. A cloud that is closed, or shows another project, is forgotten.
 */
export const useOverview = defineStore('overview', () => {
  const clouds = useClouds()
  const running = ref(false)
  /** By cloud. */
  const fleets = shallowRef<ReadonlyMap<string, Fleet>>(new Map())
  /** By cloud, newest first; absent until it was read. */
  const histories = shallowRef<ReadonlyMap<string, readonly FindingChange[]>>(new Map())
  const historyFailures = shallowRef<ReadonlyMap<string, AppError>>(new Map())
  const following = new Map<string, AbortController>()
  /** The project that each of `fleets` is of. */
  const projects = new Map<string, string>()

  /** Each cloud with its diagnoses. */
  const diagnoses = computed(() =>
    [...fleets.value].map(([cloud, fleet]) => [cloud, [...fleet.diagnoses.values()]] as const),
  )

  /** How many load balancers have a finding that cannot wait. */
  const urgent = computed(
    () =>
      [...fleets.value.values()]
        .flatMap((fleet) => [...fleet.diagnoses.values()])
        .filter(({ findings }) => findings.some(isUrgent)).length,
  )

  /** Looks at all clouds that are open, and at those that are opened later. */
  function start(): void {
    running.value = true
    followOpen()
  }

  /** Looks no further; what was seen stays. */
  function pause(): void {
    running.value = false
    for (const abort of following.values()) abort.abort()
    following.clear()
  }

  /** Begins a new round at once. */
  function again(): void {
    pause()
    start()
  }

  function followOpen(): void {
    const open = new Map(clouds.open.map(({ cloud, project }) => [cloud, project?.id ?? '']))
    for (const cloud of fleets.value.keys()) {
      if (open.get(cloud) === projects.get(cloud)) continue
      following.get(cloud)?.abort()
      following.delete(cloud)
      forget(cloud)
    }
    if (!running.value) return
    for (const [cloud, project] of open) if (!following.has(cloud)) follow(cloud, project)
  }

  function follow(cloud: string, project: string): void {
    const abort = new AbortController()
    following.set(cloud, abort)
    projects.set(cloud, project)
    let fleet: Fleet = fleets.value.get(cloud) ?? NOTHING
    const known = new Map(fleet.diagnoses)
    put(cloud, fleet)
    const announce = oncePerFrame(() => {
      if (abort.signal.aborted) return
      fleet = { ...fleet, diagnoses: new Map(known) }
      put(cloud, fleet)
    })
    void keepFollowing(
      'overview.follow',
      { cloud },
      (item) => {
        if (abort.signal.aborted) return
        if (item.kind === 'progress') fleet = { ...fleet, progress: item }
        else if (item.kind === 'diagnosis') known.set(item.diagnosis.loadBalancerId, item.diagnosis)
        else known.delete(item.loadBalancerId)
        announce()
      },
      (lost) => {
        if (abort.signal.aborted || fleet.failure === lost) return
        fleet = { ...fleet, failure: lost }
        announce()
      },
      abort.signal,
    )
  }

  function put(cloud: string, fleet: Fleet): void {
    fleets.value = new Map(fleets.value).set(cloud, fleet)
  }

  function forget(cloud: string): void {
    projects.delete(cloud)
    fleets.value = without(fleets.value, cloud)
    histories.value = without(histories.value, cloud)
    historyFailures.value = without(historyFailures.value, cloud)
  }

  /** Reads what came and went in each open cloud; true when all could be read. */
  async function loadHistory(): Promise<boolean> {
    const results = await Promise.all(
      clouds.open.map(async ({ cloud }) => {
        try {
          const read = await request('finding.history', { cloud })
          histories.value = new Map(histories.value).set(cloud, read)
          historyFailures.value = without(historyFailures.value, cloud)
          return true
        } catch (error) {
          historyFailures.value = new Map(historyFailures.value).set(cloud, AppError.from(error))
          return false
        }
      }),
    )
    return results.every(Boolean)
  }

  /** What is known of one load balancer, from the last round. */
  const diagnosisOf = (cloud: string, loadBalancerId: string): Diagnosis | undefined =>
    fleets.value.get(cloud)?.diagnoses.get(loadBalancerId)

  watch(
    () => clouds.open.map(({ cloud, project }) => `${cloud}\n${project?.id}`).join('\n'),
    followOpen,
  )

  return {
    running,
    fleets,
    histories,
    historyFailures,
    diagnoses,
    urgent,
    start,
    pause,
    again,
    loadHistory,
    diagnosisOf,
  }
})

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map
  const rest = new Map(map)
  rest.delete(key)
  return rest
}
