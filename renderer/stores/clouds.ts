import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { CloudForm, CloudSession, CloudSummary, TestStep } from '../../preload/contract/cloud'
import { AppError, type Failure } from '../../preload/contract/error'
import { follow, request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'

/** A file that was looked at for clouds, and why it could not be used. */
export interface CloudFile {
  path: string
  failure?: Failure | undefined
}

/** The clouds that are configured, and the sessions of those that are open. */
export const useClouds = defineStore('clouds', () => {
  /** Undefined until main has answered once. */
  const byName = shallowRef<ReadonlyMap<string, CloudSummary>>()
  const files = shallowRef<readonly CloudFile[]>([])
  const preferred = ref<string>()
  /** Undefined until main has told once which clouds are open. */
  const sessions = shallowRef<ReadonlyMap<string, CloudSession>>()
  /** Why the sessions cannot be followed; the console itself is out of reach then. */
  const lost = shallowRef<AppError>()
  const failure = shallowRef<AppError>()
  const loading = ref(false)
  /** Clouds that are being opened, since when. */
  const opening = shallowRef<ReadonlyMap<string, number>>(new Map())
  /** Why the last attempt to open a cloud failed. */
  const openFailures = shallowRef<ReadonlyMap<string, AppError>>(new Map())

  const all = computed(() => [...(byName.value?.values() ?? [])])
  const open = computed(() => [...(sessions.value?.values() ?? [])])

  /** Reads the configured clouds anew; a failed reload keeps what was known. */
  async function load(): Promise<void> {
    loading.value = true
    try {
      const list = await request('cloud.list', {})
      byName.value = new Map(list.clouds.map((cloud) => [cloud.name, cloud]))
      files.value = list.files
      preferred.value = list.preferred
      failure.value = undefined
    } catch (error) {
      failure.value = AppError.from(error)
    } finally {
      loading.value = false
    }
  }

  /** Keeps the sessions as they are in main, for as long as the page lives. */
  const start = () =>
    keepFollowing(
      'cloud.follow',
      {},
      (list) => (sessions.value = new Map(list.map((session) => [session.cloud, session]))),
      (error) => (lost.value = error),
    )

  const put = (session: CloudSession): CloudSession => {
    sessions.value = new Map(sessions.value).set(session.cloud, session)
    return session
  }

  /** Opens a cloud; true when it is open. A failure is kept in `openFailures`. */
  async function openCloud(cloud: string): Promise<boolean> {
    if (opening.value.has(cloud)) return false
    opening.value = new Map(opening.value).set(cloud, Date.now())
    openFailures.value = without(openFailures.value, cloud)
    try {
      put(await request('cloud.open', { cloud }))
      return true
    } catch (error) {
      openFailures.value = new Map(openFailures.value).set(cloud, AppError.from(error))
      return false
    } finally {
      opening.value = without(opening.value, cloud)
    }
  }

  /** Signs out. @throws AppError */
  async function close(cloud: string): Promise<void> {
    await request('cloud.close', { cloud })
    if (sessions.value) sessions.value = without(sessions.value, cloud)
  }

  /** An own cloud without its secrets. @throws AppError */
  const read = (cloud: string) => request('cloud.read', { cloud })

  /** Adds an own cloud or replaces `previous`. @throws AppError */
  async function save(form: CloudForm, previous?: string): Promise<void> {
    await request('cloud.save', { form, ...(previous && { previous }) })
    await load()
  }

  /** Removes an own cloud with its secrets. @throws AppError */
  async function remove(cloud: string): Promise<void> {
    await request('cloud.remove', { cloud })
    await load()
  }

  /** The steps of a connection test, of a saved cloud or of a form. */
  const test = (
    subject: { cloud: string } | { form: CloudForm; previous?: string },
    signal: AbortSignal,
  ): AsyncIterable<TestStep> => follow('cloud.test', subject, signal)

  /** @throws AppError */
  const projects = (cloud: string) => request('cloud.projects', { cloud })

  /** @throws AppError */
  const switchProject = async (cloud: string, projectId: string): Promise<CloudSession> =>
    put(await request('cloud.switchProject', { cloud, projectId }))

  /** Allows changes for some minutes. @throws AppError */
  const arm = async (cloud: string, minutes: number): Promise<CloudSession> =>
    put(await request('cloud.arm', { cloud, minutes }))

  /** Back to read-only. @throws AppError */
  const disarm = async (cloud: string): Promise<CloudSession> =>
    put(await request('cloud.disarm', { cloud }))

  return {
    byName,
    files,
    preferred,
    sessions,
    lost,
    failure,
    loading,
    opening,
    openFailures,
    all,
    open,
    load,
    start,
    openCloud,
    close,
    read,
    save,
    remove,
    test,
    projects,
    switchProject,
    arm,
    disarm,
  }
})

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const rest = new Map(map)
  rest.delete(key)
  return rest
}
