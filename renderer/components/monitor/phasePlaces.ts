import type { EpisodePhase } from '../../../preload/contract/pair'

/** Least distance of two phases on the line, in percent, so that their numbers can be read. */
const LEAST = 3

/**
 * The phases of a failover by time, with places from 0 to 100 in proportion to time, moved apart only where their
 * numbers would overlap. The steady state comes seconds after all else and is left out, so that the rest can be told
 * apart.
 */
export function phasePlaces(
  phases: readonly EpisodePhase[],
): { phase: EpisodePhase; left: number }[] {
  const sorted = phases.filter(({ name }) => name !== 'steady').sort((a, b) => a.at - b.at)
  const first = sorted[0]?.at ?? 0
  const span = Math.max(1, (sorted.at(-1)?.at ?? 0) - first)
  let least = 0
  const spread = sorted.map((phase) => {
    const left = Math.max(least, ((phase.at - first) / span) * 100)
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
