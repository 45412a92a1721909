import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { LoadBalancerDetail } from '../../preload/contract/loadBalancer'
import { request } from '../api/client'

/** The load balancer on screen with all its parts. A failed reload keeps the old; another one never inherits it. */
export const useLoadBalancer = defineStore('loadBalancer', () => {
  /** Which one it is: cloud and id. */
  const subject = ref('')
  const detail = shallowRef<LoadBalancerDetail>()
  const failure = shallowRef<AppError>()
  const loading = ref(false)
  let abort = new AbortController()

  /** Whether Octavia is changing any part of it. */
  const pending = computed(() => {
    if (!detail.value) return false
    const { loadBalancer, listeners, pools } = detail.value
    const parts = [loadBalancer, ...listeners, ...pools, ...pools.flatMap((pool) => pool.members)]
    return parts.some((part) => part.provisioningStatus.startsWith('PENDING_'))
  })

  /** Reads it anew; true when the cloud answered. */
  async function load(cloud: string, id: string): Promise<boolean> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    const key = `${cloud} ${id}`
    if (key !== subject.value) detail.value = failure.value = undefined
    subject.value = key
    loading.value = true
    try {
      const read = await request('loadBalancer.read', { cloud, id }, signal)
      if (signal.aborted) return true
      detail.value = read
      failure.value = undefined
      return true
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
      return signal.aborted
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  return { subject, detail, pending, failure, loading, load }
})
