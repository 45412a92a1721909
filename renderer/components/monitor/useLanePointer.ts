import { ref, type Ref } from 'vue'
import { neighbourOf } from './laneReading'
import type { LaneEvent } from './laneData'
import { panned, zoomed, type TimeView } from './timeAxis'

/** A hand that clicks moves less, in pixels. */
const CLICK = 4

/** What moving and reading the lanes needs to know. */
interface LanePointerOptions {
  view: Ref<TimeView>
  /** The interval on screen. */
  extent: () => { from: number; to: number }
  now: () => number
  /** Width of the lanes in pixels. */
  width: () => number
  marks: () => readonly LaneEvent[]
  /** An instant was clicked, or chosen with Enter. */
  onPick: (at: number) => void
}

/** Moves and reads the lanes with wheel, drag and keys; `cursor` is the instant that is read. */
export function useLanePointer({ view, extent, now, width, marks, onPick }: LanePointerOptions) {
  const cursor = ref<number>()
  /** The cursor was moved by keys, so its reading is to be spoken. */
  const spoken = ref(false)
  let dragged: { x: number; id: number; from: number } | undefined

  const instantAt = (event: MouseEvent): number => {
    const { from, to } = extent()
    return from + (event.offsetX / Math.max(1, width())) * (to - from)
  }

  function onWheel(event: WheelEvent): void {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      const distance = event.deltaX || event.deltaY
      view.value = panned(view.value, distance / Math.max(1, width()), now())
      return
    }
    const factor = Math.exp(Math.sign(event.deltaY) * Math.min(0.5, Math.abs(event.deltaY) / 400))
    view.value = zoomed(view.value, factor, event.offsetX / Math.max(1, width()), now())
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return
    dragged = { x: event.clientX, id: event.pointerId, from: event.clientX }
    if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId)
  }

  function onPointerMove(event: PointerEvent): void {
    spoken.value = false
    if (dragged?.id === event.pointerId) {
      const distance = dragged.x - event.clientX
      dragged.x = event.clientX
      if (distance !== 0) view.value = panned(view.value, distance / Math.max(1, width()), now())
    }
    cursor.value = instantAt(event)
  }

  function onPointerUp(event: PointerEvent): void {
    const isClick = dragged !== undefined && Math.abs(event.clientX - dragged.from) < CLICK
    dragged = undefined
    if (isClick && event.type === 'pointerup') onPick(instantAt(event))
  }

  function onPointerLeave(): void {
    if (!dragged) cursor.value = undefined
  }

  function moveCursor(to: number): void {
    cursor.value = to
    spoken.value = true
    const { from, to: end } = extent()
    const span = end - from
    if (to < from) view.value = panned(view.value, (to - from) / span - 0.1, now())
    else if (to > end) view.value = panned(view.value, (to - end) / span + 0.1, now())
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { from, to } = extent()
    const read = cursor.value ?? (from + to) / 2
    const step = ((to - from) / Math.max(1, width())) * 5
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight': {
        const direction = event.key === 'ArrowRight' ? 1 : -1
        if (event.shiftKey) moveCursor(read + direction * step)
        else view.value = panned(view.value, direction * 0.1, now())
        break
      }
      case '[':
      case ']': {
        const found = neighbourOf(marks(), read, event.key === ']' ? 1 : -1)
        if (found) moveCursor(found.at)
        break
      }
      case '+':
      case '=':
        view.value = zoomed(view.value, 0.5, anchorOf(from, to), now())
        break
      case '-':
        view.value = zoomed(view.value, 2, anchorOf(from, to), now())
        break
      case 'Enter':
        if (cursor.value !== undefined) onPick(cursor.value)
        break
      case 'End':
        view.value = { ...view.value, live: true }
        break
      case 'Escape':
        cursor.value = undefined
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  /** Zooming by keys keeps the cursor in its place when it is on screen. */
  function anchorOf(from: number, to: number): number {
    const at = cursor.value
    return at !== undefined && at >= from && at <= to ? (at - from) / (to - from) : 0.5
  }

  return {
    cursor,
    spoken,
    onWheel,
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerLeave,
    onKey,
  }
}
