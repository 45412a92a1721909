import { computed, shallowRef, type Ref } from 'vue'
import type { LogLine } from '../../../preload/contract/pair'

/** A selection of neighbouring lines that stays with its lines when others come or are filtered out. */
export function useLogSelection(shown: Readonly<Ref<readonly LogLine[]>>) {
  const anchor = shallowRef<LogLine>()
  /** The line that keys start from. */
  const active = shallowRef<LogLine>()

  const range = computed(() => {
    if (!anchor.value || !active.value) return undefined
    const ends = [shown.value.indexOf(anchor.value), shown.value.indexOf(active.value)]
    return ends.includes(-1) ? undefined : { from: Math.min(...ends), to: Math.max(...ends) }
  })
  const selection = computed(() =>
    range.value ? shown.value.slice(range.value.from, range.value.to + 1) : [],
  )

  const inRange = (index: number): boolean =>
    !!range.value && index >= range.value.from && index <= range.value.to

  /** Goes to a line, or to the nearest one there is, and answers its index; `extend` keeps what was selected. */
  function mark(index: number, extend: boolean): number | undefined {
    const at = Math.min(Math.max(0, index), shown.value.length - 1)
    const line = shown.value[at]
    if (!line) return undefined
    active.value = line
    if (!extend || !anchor.value) anchor.value = line
    return at
  }

  function markAll(): void {
    anchor.value = shown.value[0]
    active.value = shown.value.at(-1)
  }

  function clear(): void {
    anchor.value = active.value = undefined
  }

  return { active, selection, inRange, mark, markAll, clear }
}
