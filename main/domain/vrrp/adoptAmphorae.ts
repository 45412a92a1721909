import type { Core } from './episodeCore'
import type { EpisodeState } from './episodes'
import { silent } from './owners'

/**
 * The same state for another set of amphorae: one was replaced. Those that stay are where they were, new ones
 * have not been heard yet, those that are gone hold nothing.
 */
export function adoptAmphorae(state: EpisodeState, amphoraIds: readonly string[]): EpisodeState {
  const adopted = (core: Core): Core => ({
    ...core,
    sides: Object.fromEntries(amphoraIds.map((id) => [id, core.sides[id] ?? silent])),
  })
  return {
    ...state,
    setup: { ...state.setup, amphoraIds },
    settled: adopted(state.settled),
    preview: adopted(state.preview),
    pending: state.pending.map(({ input, after }) => ({ input, after: adopted(after) })),
  }
}
