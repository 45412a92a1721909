import type { LaneScene } from './drawLanes'
import { placeOf } from './drawLanes'
import type { LanePlace } from './laneLayout'
import { hatch } from './lanePalette'

/** What one column of pixels holds. */
interface Column {
  count: number
  failed: number
  unsent: number
  min: number
  max: number
}

/** Room above the latency scale where failures stand out. */
const FAILURE_HEIGHT = 20

/**
 * Draws each probe as a mark at its latency, a column's extremes where many share a pixel, and failures as tall marks
 * over the whole lane, so that a single lost probe is seen at any zoom. Probes that could not be sent are short marks of the colour of what is
 * not known.
 */
export function drawProbes(scene: LaneScene, lane: LanePlace): void {
  drawSilence(scene, lane)
  const { context, palette, width, ceilingMs, from, to } = scene
  const floor = lane.top + lane.height - 2
  const room = lane.height - FAILURE_HEIGHT - 4
  const heightOf = (ms: number): number => Math.min(1, ms / ceilingMs) * room
  drawScale(scene, lane, floor, heightOf)

  const perPixel = (to - from) / width
  const single = perPixel < 2
  const columns = new Map<number, Column>()
  scene.probes.read(from - perPixel, Math.min(to, scene.now), perPixel * 2, (stretch) => {
    const x = Math.round(placeOf(scene, stretch.at + stretch.widthMs / 2))
    const column = columns.get(x) ?? {
      count: 0,
      failed: 0,
      unsent: 0,
      min: Infinity,
      max: -Infinity,
    }
    column.count += stretch.count
    column.failed += stretch.failed
    column.unsent += stretch.unsent
    if (stretch.minMs < column.min) column.min = stretch.minMs
    if (stretch.maxMs > column.max) column.max = stretch.maxMs
    columns.set(x, column)
  })

  context.fillStyle = palette.bad
  for (const [x, { failed }] of columns)
    if (failed > 0) context.fillRect(x - 1, lane.top + 2, 3, lane.height - 4)
  context.fillStyle = palette.accent
  for (const [x, { min, max }] of columns) {
    if (max < 0) continue
    const high = floor - heightOf(max)
    const low = floor - heightOf(min)
    context.fillRect(x - 1, high - 1, single ? 3 : 2, Math.max(2, low - high + 2))
  }
  context.fillStyle = palette.unknown
  for (const [x, { unsent }] of columns)
    if (unsent > 0) context.fillRect(x - 1, lane.top + FAILURE_HEIGHT - 6, 2, 6)
}

function drawScale(
  { context, palette, width, ceilingMs }: LaneScene,
  lane: LanePlace,
  floor: number,
  heightOf: (ms: number) => number,
): void {
  context.strokeStyle = palette.line
  for (const ms of [ceilingMs, ceilingMs / 2]) {
    const y = Math.round(floor - heightOf(ms)) + 0.5
    context.beginPath()
    context.moveTo(0, y)
    context.lineTo(width, y)
    context.stroke()
  }
  context.beginPath()
  context.moveTo(0, lane.top + FAILURE_HEIGHT + 0.5)
  context.lineTo(width, lane.top + FAILURE_HEIGHT + 0.5)
  context.stroke()
}

/** Where no probe ran, the lane is hatched: no mark there means nothing was asked, not that nothing failed. */
function drawSilence(scene: LaneScene, lane: LanePlace): void {
  const { context, palette, source } = scene
  const pattern = hatch(context, palette.unknown)
  const blank = (from: number, to: number): void => {
    const x = placeOf(scene, from)
    context.fillStyle = pattern
    context.fillRect(x, lane.top, placeOf(scene, to) - x, lane.height)
  }
  const end = Math.min(scene.to, scene.now)
  let known = scene.from
  source.probing.read(scene.from, end, (from, to, activity) => {
    if (from > known) blank(known, from)
    if (activity !== 'running') blank(from, to)
    known = to
  })
  if (known < end) blank(known, end)
}
