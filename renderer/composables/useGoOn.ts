import { onScopeDispose } from 'vue'

/**
 * Goes on to another page once something is done; the answer does nothing when the operator has left the page meanwhile,
 * who must not be taken away from where they went.
 * @param push the router's
 */
export function useGoOn(push: (to: string) => Promise<unknown>): (to: string) => Promise<void> {
  let isHere = true
  onScopeDispose(() => (isHere = false))
  return async (to) => {
    if (isHere) await push(to)
  }
}
