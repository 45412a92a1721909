import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { request } from '../api/client'

const NONE: ReadonlyMap<string, string> = new Map()

/** The names of projects by their ids, cloud by cloud, as far as the credentials may know them. */
export const useProjectNames = defineStore('projectNames', () => {
  const byCloud = shallowRef<ReadonlyMap<string, ReadonlyMap<string, string>>>(new Map())

  /** What is known about a cloud; nothing before it has answered. */
  const of = (cloud: string): ReadonlyMap<string, string> => byCloud.value.get(cloud) ?? NONE

  /** Asks a cloud anew. A failure is silent: ids are shown instead, and what was known before stays. */
  async function load(cloud: string): Promise<void> {
    try {
      const found = await request('cloud.projectNames', { cloud })
      const names = new Map(found.map(({ id, name }) => [id, name]))
      byCloud.value = new Map([...byCloud.value, [cloud, names]])
    } catch {
      return
    }
  }

  return { of, load }
})
