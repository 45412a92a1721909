/** One lane: where it lies and what it shows. */
export interface LanePlace {
  kind: 'side' | 'owner' | 'probe' | 'api'
  /** Of a side. */
  amphoraId?: string
  top: number
  height: number
}

/** Height of the time axis above the lanes. */
export const AXIS_HEIGHT = 24
const HEIGHTS = { side: 38, owner: 38, probe: 112, api: 26 } as const
const GAP = 6

/** Lanes from top to bottom: the amphorae, the owner of the VIP, the probe, the API. In pixels. */
export function laneLayout(amphoraIds: readonly string[]): { lanes: LanePlace[]; height: number } {
  const kinds: Pick<LanePlace, 'kind' | 'amphoraId'>[] = [
    ...amphoraIds.map((amphoraId) => ({ kind: 'side' as const, amphoraId })),
    { kind: 'owner' },
    { kind: 'probe' },
    { kind: 'api' },
  ]
  let top = AXIS_HEIGHT
  const lanes = kinds.map((lane) => {
    const height = HEIGHTS[lane.kind]
    const place = { ...lane, top, height }
    top += height + GAP
    return place
  })
  return { lanes, height: top }
}

/** The top of the latency scale: the next round value above the slowest answer in sight, at least 2 ms. */
export function latencyCeiling(slowestMs: number): number {
  if (!(slowestMs > 2)) return 2
  const power = 10 ** Math.floor(Math.log10(slowestMs))
  return power * ([1, 2, 5, 10].find((step) => step * power >= slowestMs) ?? 10)
}
