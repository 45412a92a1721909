import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { DemoFault, DemoState } from '../../preload/contract/app'
import { AppError } from '../../preload/contract/error'
import { follow, request } from '../api/client'

/** The demo cloud: its load balancers and what is broken in them. */
export const useDemo = defineStore('demo', () => {
  /** Undefined until main has told once. */
  const state = shallowRef<DemoState>()
  const failure = shallowRef<AppError>()
  const all = computed(() => state.value?.loadBalancers ?? [])

  /** Keeps the state as it is in main until the signal ends it. */
  async function start(signal: AbortSignal): Promise<void> {
    try {
      for await (const item of follow('demo.follow', {}, signal)) {
        state.value = item
        failure.value = undefined
      }
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
    }
  }

  /** Breaks or mends. @throws AppError */
  const setFault = (loadBalancerId: string, fault: DemoFault, on: boolean): Promise<void> =>
    request('demo.fault', { loadBalancerId, fault, on })

  return { state, all, failure, start, setFault }
})
