import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { Amphora } from '../../preload/contract/loadBalancer'
import { request } from '../api/client'

/** The amphorae of the load balancer on screen. A failed reload keeps the old; another one never inherits them. */
export const useAmphorae = defineStore('amphorae', () => {
  const subject = ref('')
  /** Undefined until the cloud has answered once. */
  const byId = shallowRef<ReadonlyMap<string, Amphora>>()
  const at = ref<number>()
  const failure = shallowRef<AppError>()
  const loading = ref(false)
  let abort = new AbortController()

  const all = computed(() => [...(byId.value?.values() ?? [])])

  /** Reads them anew; true when the cloud answered. Without admin rights it fails with `octavia.forbidden`. */
  async function load(cloud: string, loadBalancerId: string): Promise<boolean> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    const key = `${cloud} ${loadBalancerId}`
    if (key !== subject.value) byId.value = at.value = failure.value = undefined
    subject.value = key
    loading.value = true
    try {
      const list = await request('amphora.list', { cloud, loadBalancerId }, signal)
      if (signal.aborted) return true
      byId.value = new Map(list.amphorae.map((one) => [one.id, one]))
      at.value = list.at
      failure.value = undefined
      return true
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
      return signal.aborted
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  return { subject, byId, at, all, failure, loading, load }
})
