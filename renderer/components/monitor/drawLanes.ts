import type { VrrpState } from '../../../preload/contract/pair'
import type { Identity } from '../pair/identity'
import { drawMarks } from './drawMarks'
import { drawProbes } from './drawProbes'
import type { LaneOwner, LaneSource, ProbeSource, Steps } from './laneData'
import type { LanePlace } from './laneLayout'
import { AXIS_HEIGHT } from './laneLayout'
import { hatch, identityColour, type LanePalette } from './lanePalette'
import { tickLabel, ticks, tickStep } from './timeAxis'

/** Everything one drawing needs. Lengths are CSS pixels. */
export interface LaneScene {
  context: CanvasRenderingContext2D
  width: number
  height: number
  /** The interval on screen. */
  from: number
  to: number
  /** Later than this nothing is known yet. */
  now: number
  lanes: readonly LanePlace[]
  source: LaneSource
  probes: ProbeSource
  identities: ReadonlyMap<string, Identity>
  palette: LanePalette
  /** Top of the latency scale in milliseconds. */
  ceilingMs: number
  /** Where the reading cursor stands; undefined when there is none. */
  cursor: number | undefined
  /** Words of the bars, each with a shorter one for bars that are too narrow. */
  words: {
    owner: (owner: LaneOwner) => [string, string]
    vrrp: (state: VrrpState | 'unknown') => [string, string]
  }
}

/** Draws the axis, all lanes, their marks and the cursor. */
export function drawLanes(scene: LaneScene): void {
  const { context, width, height, palette } = scene
  context.clearRect(0, 0, width, height)
  context.font = `11px ${palette.font}`
  context.textBaseline = 'middle'
  drawAxis(scene)
  for (const lane of scene.lanes) {
    context.fillStyle = palette.sunken
    context.fillRect(0, lane.top, width, lane.height)
    if (lane.kind === 'side') drawSide(scene, lane)
    else if (lane.kind === 'owner') drawOwner(scene, lane)
    else if (lane.kind === 'probe') drawProbes(scene, lane)
    else drawApi(scene, lane)
  }
  drawMarks(scene)
  drawFuture(scene)
  drawCursor(scene)
}

/** The horizontal place of an instant. */
export const placeOf = (
  { from, to, width }: { from: number; to: number; width: number },
  at: number,
) => ((at - from) / (to - from)) * width

function drawAxis(scene: LaneScene): void {
  const { context, from, to, width, height, palette } = scene
  const step = tickStep(to - from, width)
  for (const { at, major } of ticks(from, to, step)) {
    const x = Math.round(placeOf(scene, at)) + 0.5
    context.strokeStyle = palette.line
    context.beginPath()
    context.moveTo(x, major ? AXIS_HEIGHT - 6 : AXIS_HEIGHT - 3)
    context.lineTo(x, major ? height : AXIS_HEIGHT)
    context.stroke()
    if (!major) continue
    context.fillStyle = palette.muted
    const text = tickLabel(at, step)
    const half = context.measureText(text).width / 2
    context.textAlign = 'center'
    context.fillText(text, Math.min(width - half, Math.max(half, x)), 9)
  }
}

/** A state is told by the form of its bar, its word and its colour, in this order of certainty. */
function drawSide(scene: LaneScene, { amphoraId, top, height }: LanePlace): void {
  const { context, palette, source } = scene
  const steps = source.sides.get(amphoraId ?? '')
  read(scene, steps, { top, height }, (from, to, state) => {
    const x = placeOf(scene, from)
    const w = Math.max(1, placeOf(scene, to) - x)
    const inner = { x, y: top + 4, w, h: height - 8 }
    switch (state) {
      case 'MASTER':
        context.fillStyle = palette.good
        context.fillRect(inner.x, inner.y, inner.w, inner.h)
        break
      case 'BACKUP':
        context.fillStyle = tinted(palette.busy)
        context.fillRect(inner.x, inner.y + inner.h / 2, inner.w, inner.h / 2)
        context.fillStyle = palette.busy
        context.fillRect(inner.x, inner.y + inner.h / 2, inner.w, 2)
        break
      case 'FAULT':
        filled(scene, inner, hatch(context, palette.bad, true), palette.bad)
        break
      case 'INIT':
      case 'STOPPED':
        context.strokeStyle = palette.idle
        context.lineWidth = 2
        context.setLineDash(state === 'INIT' ? [2, 4] : [10, 5])
        context.beginPath()
        context.moveTo(inner.x, inner.y + inner.h - 1)
        context.lineTo(inner.x + inner.w, inner.y + inner.h - 1)
        context.stroke()
        context.setLineDash([])
        context.lineWidth = 1
        break
      case 'unknown':
        filled(scene, inner, hatch(context, palette.unknown), undefined)
        break
    }
    const colour = state === 'MASTER' ? palette.surface : palette.text
    const middle = state === 'BACKUP' || state === 'STOPPED' || state === 'INIT' ? 0.28 : 0.5
    label(scene, scene.words.vrrp(state), { ...inner, middle }, colour, boxed(state))
  })
}

function drawOwner(scene: LaneScene, { top, height }: LanePlace): void {
  const { context, palette, source, identities } = scene
  read(scene, source.owner, { top, height }, (from, to, owner) => {
    const x = placeOf(scene, from)
    const w = Math.max(1, placeOf(scene, to) - x)
    const inner = { x, y: top + 4, w, h: height - 8 }
    if (owner.kind === 'one') {
      context.fillStyle = identityColour(identities.get(owner.amphoraId), palette)
      context.fillRect(inner.x, inner.y, inner.w, inner.h)
    } else if (owner.kind === 'both') {
      // Two bands, as there are two: not to be taken for the crossed lines of FAULT.
      const band = inner.h * 0.36
      context.fillStyle = palette.bad
      context.fillRect(inner.x, inner.y, inner.w, band)
      context.fillRect(inner.x, inner.y + inner.h - band, inner.w, band)
    } else if (owner.kind === 'none') {
      context.fillStyle = tinted(palette.bad)
      context.fillRect(inner.x, inner.y, inner.w, inner.h)
      context.strokeStyle = palette.bad
      context.setLineDash([4, 3])
      context.strokeRect(inner.x + 0.5, inner.y + 0.5, Math.max(1, inner.w - 1), inner.h - 1)
      context.setLineDash([])
    } else filled(scene, inner, hatch(context, palette.unknown), undefined)
    const colour = owner.kind === 'one' ? palette.surface : palette.text
    label(scene, scene.words.owner(owner), { ...inner, middle: 0.5 }, colour, owner.kind !== 'one')
  })
}

function drawApi(scene: LaneScene, { top, height }: LanePlace): void {
  const { context, palette, source } = scene
  read(scene, source.api, { top, height }, (from, to, status) => {
    const x = placeOf(scene, from)
    const w = Math.max(1, placeOf(scene, to) - x)
    const bad = status.includes('ERROR')
    const busy = status.includes('PENDING')
    context.fillStyle = bad ? palette.bad : busy ? palette.busy : palette.idle
    context.fillRect(x, top + height - (bad || busy ? 8 : 4), w, bad || busy ? 8 : 4)
    const inner = { x, y: top, w, h: height - 6, middle: 0.5 }
    label(scene, [status.replace(' ', ' · ')], inner, palette.text, false)
  })
}

/** Reads the steps on screen and hatches what comes before the first one: it was not watched then. */
function read<T>(
  scene: LaneScene,
  steps: Steps<T> | undefined,
  { top, height }: Pick<LanePlace, 'top' | 'height'>,
  visit: (from: number, to: number, value: T) => void,
): void {
  const end = Math.min(scene.to, scene.now)
  let first = end
  steps?.read(scene.from, end, (from, to, value) => {
    first = Math.min(first, from)
    visit(from, to, value)
  })
  if (first <= scene.from) return
  const x = placeOf(scene, scene.from)
  const box = { x, y: top + 4, w: placeOf(scene, first) - x, h: height - 8 }
  filled(scene, box, hatch(scene.context, scene.palette.unknown), undefined)
}

interface Box {
  x: number
  y: number
  w: number
  h: number
}

function filled(
  { context }: LaneScene,
  { x, y, w, h }: Box,
  pattern: CanvasPattern | string,
  edge: string | undefined,
): void {
  context.fillStyle = pattern
  context.fillRect(x, y, w, h)
  if (edge === undefined) return
  context.strokeStyle = edge
  context.lineWidth = 2
  context.strokeRect(x + 1, y + 1, Math.max(1, w - 2), h - 2)
  context.lineWidth = 1
}

const tinted = (colour: string): string => `color-mix(in srgb, ${colour} 30%, transparent)`
const boxed = (state: string): boolean => state === 'FAULT' || state === 'unknown'

/** Writes a word into its bar where it fits, always inside the screen; on a plate where the bar is hatched. */
function label(
  { context, width, palette }: LaneScene,
  words: readonly string[],
  { x, y, w, h, middle }: Box & { middle: number },
  colour: string,
  plate: boolean,
): void {
  const left = Math.max(0, x) + 6
  const room = Math.min(width, x + w) - left
  context.font = `600 11px ${palette.font}`
  const word = words.find((one) => context.measureText(one).width + 6 <= room)
  if (word === undefined) return
  const needed = context.measureText(word).width
  if (plate) {
    context.fillStyle = palette.surface
    context.fillRect(left - 3, y + h * middle - 8, needed + 6, 16)
  }
  context.fillStyle = colour
  context.textAlign = 'left'
  context.fillText(word, left, y + h * middle + 0.5)
  context.font = `11px ${palette.font}`
}

function drawFuture(scene: LaneScene): void {
  const { context, now, to, width, height, palette } = scene
  if (now >= to) return
  const x = placeOf(scene, now)
  context.fillStyle = palette.surface
  context.fillRect(x, AXIS_HEIGHT, width - x, height - AXIS_HEIGHT)
}

function drawCursor(scene: LaneScene): void {
  const { context, cursor, height, palette } = scene
  if (cursor === undefined) return
  const x = Math.round(placeOf(scene, cursor)) + 0.5
  context.strokeStyle = palette.text
  context.beginPath()
  context.moveTo(x, AXIS_HEIGHT - 8)
  context.lineTo(x, height)
  context.stroke()
}
