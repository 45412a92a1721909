import { onScopeDispose, shallowRef } from 'vue'
import type { ActionPreview, ActionResult } from '../../preload/contract/action'
import { AppError } from '../../preload/contract/error'

/** Where an action on an amphora stands: being looked at, running, or over. */
export type ActionStage<S> =
  | { kind: 'checking'; subject: S; since: number }
  | { kind: 'uncheckable'; subject: S; failure: AppError }
  | { kind: 'ready'; subject: S; preview: ActionPreview; failure?: AppError }
  | { kind: 'running'; subject: S; preview: ActionPreview; since: number }
  | { kind: 'done'; subject: S; preview: ActionPreview; result: ActionResult }

/**
 * Leads an action from its preview over the operator's decision to its result. One at a time.
 * A run that was begun is not cancelled by closing: it goes on, and the audit log keeps how it ended.
 */
export function useAmphoraAction<S>(
  preview: (subject: S, signal: AbortSignal) => Promise<ActionPreview>,
  run: (subject: S, confirmation: string, override: string | undefined) => Promise<ActionResult>,
) {
  /** Undefined while no action is on screen. */
  const stage = shallowRef<ActionStage<S>>()
  let abort = new AbortController()

  /** Looks at what an action would do; again for the same subject runs the checks anew. */
  async function look(subject: S): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    stage.value = { kind: 'checking', subject, since: Date.now() }
    try {
      const found = await preview(subject, signal)
      if (!signal.aborted) stage.value = { kind: 'ready', subject, preview: found }
    } catch (error) {
      if (!signal.aborted)
        stage.value = { kind: 'uncheckable', subject, failure: AppError.from(error) }
    }
  }

  /** Does what was looked at. A refusal leads back to the decision. */
  async function confirm(confirmation: string, override: string | undefined): Promise<void> {
    if (stage.value?.kind !== 'ready') return
    const { subject, preview: seen } = stage.value
    const { signal } = abort
    stage.value = { kind: 'running', subject, preview: seen, since: Date.now() }
    try {
      const result = await run(subject, confirmation, override)
      if (!signal.aborted) stage.value = { kind: 'done', subject, preview: seen, result }
    } catch (error) {
      const failure = AppError.from(error)
      if (!signal.aborted) stage.value = { kind: 'ready', subject, preview: seen, failure }
    }
  }

  function close(): void {
    abort.abort()
    stage.value = undefined
  }

  onScopeDispose(() => abort.abort())
  return { stage, look, confirm, close }
}
