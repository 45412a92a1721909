import { onScopeDispose } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'

/**
 * Goes on to another page once something is done; the answer does nothing when the operator has left the page meanwhile,
 * who must not be taken away from where they went.
 */
export function useGoOn(): (to: RouteLocationRaw) => Promise<void> {
  const router = useRouter()
  let isHere = true
  onScopeDispose(() => (isHere = false))
  return async (to) => {
    if (isHere) await router.push(to)
  }
}
