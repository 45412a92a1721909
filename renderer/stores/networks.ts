import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { Network, Subnet } from '../../preload/contract/network'
import { request } from '../api/client'

/** A subnet with the network it belongs to. */
export interface PlacedSubnet {
  subnet: Subnet
  network: Network
}

/** Networks and subnets of the cloud on screen, to choose from by name. */
export const useNetworks = defineStore('networks', () => {
  const cloud = ref('')
  /** Undefined until the cloud has answered once. */
  const byId = shallowRef<ReadonlyMap<string, Network>>()
  const failure = shallowRef<AppError>()
  const loading = ref(false)
  let abort = new AbortController()

  const all = computed(() => [...(byId.value?.values() ?? [])])
  const subnets = computed<ReadonlyMap<string, PlacedSubnet>>(
    () =>
      new Map(
        all.value.flatMap((network) =>
          network.subnets.map((subnet) => [subnet.id, { subnet, network }] as const),
        ),
      ),
  )

  /** Reads them anew. A failed reload keeps the old ones; another cloud never inherits them. */
  async function load(from: string): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    if (from !== cloud.value) byId.value = failure.value = undefined
    cloud.value = from
    loading.value = true
    try {
      const list = await request('network.list', { cloud: from }, signal)
      if (signal.aborted) return
      byId.value = new Map(list.map((network) => [network.id, network]))
      failure.value = undefined
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  return { cloud, byId, all, subnets, failure, loading, load }
})
