import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Contract } from '../../preload/contract'
import type { Output } from '../../preload/contract/channel'
import { AppError } from '../../preload/contract/error'
import { request } from '../api/client'

/** The comparisons of the load balancer on screen. A failed reload keeps the old; another one never inherits them. */
export const useCompare = defineStore('compare', () => {
  const subject = ref('')
  /** Undefined until they were read once. */
  const comparisons = shallowRef<Output<Contract['compare.read']>>()
  const failure = shallowRef<AppError>()
  const loading = ref(false)
  let abort = new AbortController()

  /** Reads all files anew; takes seconds, for it asks every amphora. */
  async function load(cloud: string, loadBalancerId: string): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    const key = `${cloud} ${loadBalancerId}`
    if (key !== subject.value) comparisons.value = failure.value = undefined
    subject.value = key
    loading.value = true
    try {
      const read = await request('compare.read', { cloud, loadBalancerId }, signal)
      if (signal.aborted) return
      comparisons.value = read
      failure.value = undefined
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  /** Ends the reading that is under way. */
  function stop(): void {
    abort.abort()
    loading.value = false
  }

  return { subject, comparisons, failure, loading, load, stop }
})
