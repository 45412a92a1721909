import type { ProbeSample, VrrpState } from '../../../preload/contract/pair'
import type { LaneEvent, LaneOwner, LaneSource, LaneStretch, ProbeSource } from './laneData'

/** What all lanes say at one instant. Absent means that it was not watched then. */
export interface Reading {
  at: number
  sides: { amphoraId: string; state: VrrpState | undefined }[]
  owner: LaneOwner | undefined
  api: string | undefined
  /** The nearest single probe, or what is kept of that time. */
  probe: ProbeSample | LaneStretch | undefined
  /** The nearest event, not farther than what can be told apart on screen. */
  event: LaneEvent | undefined
}

/** Reads all lanes at an instant; `reachMs` is how far a probe or an event may lie from it. */
export function readLanes(
  source: LaneSource,
  probes: ProbeSource,
  at: number,
  reachMs: number,
): Reading {
  const sides = [...source.sides].map(([amphoraId, steps]) => {
    const state = steps.at(at)
    return { amphoraId, state: state === 'unknown' ? undefined : state }
  })
  return {
    at,
    sides,
    owner: source.owner.at(at),
    api: source.api.at(at),
    probe: probeAt(probes, at, reachMs),
    event: eventAt(source.marks, at, reachMs),
  }
}

function probeAt(probes: ProbeSource, at: number, reachMs: number): Reading['probe'] {
  const nearest = probes.nearest(at)
  if (nearest && Math.abs(nearest.at - at) <= Math.max(reachMs, 1_000)) return nearest
  let found: LaneStretch | undefined
  probes.read(at - 1_000, at + 1_000, 1_000, (stretch) => {
    if (stretch.at <= at && at < stretch.at + stretch.widthMs) found = stretch
  })
  return found
}

function eventAt(marks: readonly LaneEvent[], at: number, reachMs: number): LaneEvent | undefined {
  const after = laneIndex(marks, at)
  return [marks[after - 1], marks[after]]
    .filter((mark): mark is LaneEvent => mark !== undefined && Math.abs(mark.at - at) <= reachMs)
    .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0]
}

/** The event before or after an instant; undefined when there is none. */
export function neighbourOf(
  marks: readonly LaneEvent[],
  at: number,
  direction: 1 | -1,
): LaneEvent | undefined {
  // Half a microsecond: the cursor may stand on an event, which is then not its own neighbour.
  const index = laneIndex(marks, direction > 0 ? at + 0.000_5 : at - 0.000_5)
  return direction > 0 ? marks[index] : marks[index - 1]
}

/** Index of the first event at or after an instant. */
export function laneIndex(marks: readonly LaneEvent[], at: number): number {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((marks[middle]?.at ?? Infinity) < at) low = middle + 1
    else high = middle
  }
  return low
}
