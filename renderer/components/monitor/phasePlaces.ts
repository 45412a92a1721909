import type { EpisodePhase } from '../../../preload/contract/pair'

/** Least distance of two phases on the line, in percent, so that their numbers can be read. */
const LEAST = 4

/**
 * Phases by time with their places from 0 to 100. Places grow with the square root of time, so that the first
 * hundred milliseconds of a failover can be told apart beside a phase that comes seconds later.
 */
export function phasePlaces(
  phases: readonly EpisodePhase[],
): { phase: EpisodePhase; left: number }[] {
  const sorted = [...phases].sort((a, b) => a.at - b.at)
  const first = sorted[0]?.at ?? 0
  const span = Math.max(1, (sorted.at(-1)?.at ?? 0) - first)
  let least = 0
  const spread = sorted.map((phase) => {
    const left = Math.max(least, Math.sqrt((phase.at - first) / span) * 100)
    least = left + LEAST
    return { phase, left }
  })
  // Phases that were pushed beyond the end push the ones before them back.
  let most = 100
  for (const place of spread.reverse()) {
    place.left = Math.min(place.left, most)
    most = place.left - LEAST
  }
  return spread.reverse()
}
