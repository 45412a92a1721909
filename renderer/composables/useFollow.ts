import { onScopeDispose, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'

/**
 * Shows a stream: keeps its last `limit` items and redraws once per frame, however fast they come.
 * Reading waits for the frame, so the producer can never run ahead of the screen.
 * Ends with the scope that called it; `failure` tells why it ended before.
 */
export function useFollow<T>(open: (signal: AbortSignal) => AsyncIterable<T>, limit = 10_000) {
  const items = shallowRef<readonly T[]>([])
  const failure = shallowRef<AppError>()
  const live = ref(true)
  const abort = new AbortController()

  async function run(): Promise<void> {
    let batch: T[] = []
    const flush = () => {
      items.value = [...items.value, ...batch].slice(-limit)
      batch = []
    }
    try {
      for await (const item of open(abort.signal)) {
        if (batch.push(item) === 1) requestAnimationFrame(flush)
        if (batch.length === limit) await nextFrame()
      }
    } catch (error) {
      if (!abort.signal.aborted) failure.value = AppError.from(error)
    } finally {
      live.value = false
    }
  }

  onScopeDispose(() => abort.abort())
  void run()
  return { items, failure, live }
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
