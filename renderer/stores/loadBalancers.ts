import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { LoadBalancer } from '../../preload/contract/loadBalancer'
import { request } from '../api/client'

/**
 * The load balancers of one cloud; each cloud has a store of its own, so that none inherits another's list.
 * One load at a time: a new one cancels the old. A failed reload keeps the old list.
 */
export const useLoadBalancers = (cloud: string) =>
  defineStore(`loadBalancers/${cloud}`, () => {
    /** Undefined until the cloud has answered once: not knowing is not the same as having none. */
    const byId = shallowRef<ReadonlyMap<string, LoadBalancer>>()
    /** When the list was read. */
    const at = ref<number>()
    const failure = shallowRef<AppError>()
    const loading = ref(false)
    let abort = new AbortController()

    const all = computed(() => [...(byId.value?.values() ?? [])])

    /** Reads the list anew; true when the cloud answered. */
    async function load(): Promise<boolean> {
      abort.abort()
      const { signal } = (abort = new AbortController())
      loading.value = true
      try {
        const list = await request('loadBalancer.list', { cloud }, signal)
        if (signal.aborted) return true
        byId.value = new Map(list.loadBalancers.map((one) => [one.id, one]))
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

    /** Forgets the list, as after a change of project. */
    function forget(): void {
      abort.abort()
      byId.value = at.value = failure.value = undefined
      loading.value = false
    }

    return { byId, at, all, failure, loading, load, forget }
  })()
