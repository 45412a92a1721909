import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { CaptureFile, CaptureItem, CaptureOrder } from '../../preload/contract/capture'
import { AppError } from '../../preload/contract/error'
import { follow, request } from '../api/client'

type Item<K extends CaptureItem['kind']> = Extract<CaptureItem, { kind: K }>

/** The capture that runs or ran last, and the bundles of the load balancer on screen. One runs at a time; it goes on when the page changes. */
export const useCapture = defineStore('capture', () => {
  const subject = ref('')
  const running = ref(false)
  const progress = shallowRef<Item<'progress'>>()
  const result = shallowRef<Item<'result'>>()
  const failure = shallowRef<AppError>()
  /** Undefined until they were listed once. */
  const files = shallowRef<readonly CaptureFile[]>()
  const listFailure = shallowRef<AppError>()
  const stopping = ref(false)
  let abort = new AbortController()

  const keyOf = (cloud: string, loadBalancerId: string): string => `${cloud} ${loadBalancerId}`

  /** Whether what is told here is of this load balancer. */
  const isOf = (cloud: string, loadBalancerId: string): boolean =>
    subject.value === keyOf(cloud, loadBalancerId)

  /** Begins a capture; does nothing while one runs. */
  async function start(order: CaptureOrder): Promise<void> {
    if (running.value) return
    subject.value = keyOf(order.cloud, order.loadBalancerId)
    progress.value = result.value = failure.value = undefined
    stopping.value = false
    running.value = true
    try {
      for await (const item of follow('capture.start', order, new AbortController().signal)) {
        if (item.kind === 'progress') progress.value = item
        else result.value = item
      }
    } catch (error) {
      failure.value = AppError.from(error)
    } finally {
      running.value = false
    }
  }

  /** Ends the capture that runs; what was read is kept. */
  async function stop(): Promise<void> {
    const id = progress.value?.id
    if (id === undefined) return
    stopping.value = true
    try {
      await request('capture.stop', { id })
    } catch (error) {
      failure.value = AppError.from(error)
    }
  }

  /** Lists the bundles of a load balancer; those of another one are forgotten at once. */
  async function list(cloud: string, loadBalancerId: string): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    files.value = listFailure.value = undefined
    try {
      const found = await request('capture.list', { cloud, loadBalancerId }, signal)
      if (!signal.aborted) files.value = found
    } catch (error) {
      if (!signal.aborted) listFailure.value = AppError.from(error)
    }
  }

  return {
    ...{ subject, running, progress, result, failure, files, listFailure, stopping },
    ...{ isOf, start, stop, list },
  }
})
