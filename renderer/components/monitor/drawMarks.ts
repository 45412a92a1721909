import type { LaneScene } from './drawLanes'
import { placeOf } from './drawLanes'
import { formOf, type MarkForm } from './laneData'
import { laneIndex } from './laneReading'
import type { LanePlace } from './laneLayout'
import type { LanePalette } from './lanePalette'

/** Draws what happened as small marks at the lower edge of the lane it belongs to, with its error bar. */
export function drawMarks(scene: LaneScene): void {
  const { context, palette, source, lanes } = scene
  const first = laneIndex(source.marks, scene.from)
  for (let i = first; i < source.marks.length; i += 1) {
    const mark = source.marks[i]
    if (!mark || mark.at > scene.to) return
    const { event } = mark
    const lane = lanes.find((place) => belongs(place, event))
    if (!lane) continue
    const x = placeOf(scene, mark.at)
    const form = formOf(event)
    const y = lane.top + lane.height - 5
    const error = placeOf(scene, mark.at + mark.errorMs) - x
    if (error > 3) {
      context.strokeStyle = palette.text
      context.beginPath()
      context.moveTo(x - error, y)
      context.lineTo(x + error, y)
      context.moveTo(x - error, y - 3)
      context.lineTo(x - error, y + 3)
      context.moveTo(x + error, y - 3)
      context.lineTo(x + error, y + 3)
      context.stroke()
    }
    shape(context, form, x, y, palette)
  }
}

function belongs(place: LanePlace, event: LaneScene['source']['marks'][number]['event']): boolean {
  if (event.kind === 'api') return place.kind === 'api'
  if (event.kind === 'vipGained' || event.kind === 'vipLost') return place.kind === 'owner'
  return place.kind === 'side' && place.amphoraId === event.amphoraId
}

function shape(
  context: CanvasRenderingContext2D,
  form: MarkForm,
  x: number,
  y: number,
  palette: LanePalette,
): void {
  const size = form === 'notice' ? 3 : 5
  context.fillStyle = colourOf(form, palette)
  context.strokeStyle = palette.surface
  context.lineWidth = 1.5
  context.beginPath()
  if (form === 'problem') {
    context.moveTo(x, y - size)
    context.lineTo(x + size, y + size - 1)
    context.lineTo(x - size, y + size - 1)
  } else if (form === 'action') {
    context.moveTo(x - size, y - size)
    context.lineTo(x + size, y)
    context.lineTo(x - size, y + size)
  } else if (form === 'address' || form === 'transition') {
    context.moveTo(x, y - size)
    context.lineTo(x + size, y)
    context.lineTo(x, y + size)
    context.lineTo(x - size, y)
  } else if (form === 'watch') context.rect(x - size + 1, y - size + 1, 2 * size - 2, 2 * size - 2)
  else context.arc(x, y, size, 0, 2 * Math.PI)
  context.closePath()
  context.stroke()
  context.fill()
  context.lineWidth = 1
}

function colourOf(form: MarkForm, { bad, warn, busy, unknown, text, muted }: LanePalette): string {
  switch (form) {
    case 'problem':
      return bad
    case 'action':
      return warn
    case 'transition':
      return busy
    case 'address':
      return text
    case 'watch':
      return unknown
    case 'notice':
      return muted
  }
}
