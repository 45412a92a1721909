import { onScopeDispose, readonly, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'

/** Runs changes for a view, one at a time: `busy` while one runs, `failure` when the last one failed. */
export function useRun() {
  const busy = ref(false)
  const failure = shallowRef<AppError>()
  let gone = false
  onScopeDispose(() => (gone = true))

  /** True when the change succeeded. */
  async function run(change: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    failure.value = undefined
    try {
      await change()
      return true
    } catch (error) {
      if (!gone) failure.value = AppError.from(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy: readonly(busy), failure, run }
}
