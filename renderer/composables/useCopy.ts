import { onScopeDispose, ref } from 'vue'

/**
 * Copies text for the operator. `copied` says for two seconds that it worked; `failed` that the browser refused,
 * in which case the text has to be selected by hand.
 */
export function useCopy() {
  const copied = ref(false)
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function copy(text: string): Promise<void> {
    clearTimeout(timer)
    try {
      await navigator.clipboard.writeText(text)
      copied.value = true
      failed.value = false
    } catch {
      copied.value = false
      failed.value = true
    }
    timer = setTimeout(() => (copied.value = failed.value = false), 2000)
  }

  onScopeDispose(() => clearTimeout(timer))
  return { copy, copied, failed }
}
