import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'

/** Rows drawn above and below what is in sight. */
const MARGIN = 8

/**
 * Which of many rows of one height are in sight of a scrolling element, so that only those are drawn.
 * `rowHeight` in pixels.
 */
export function useRows(
  element: Readonly<Ref<HTMLElement | null>>,
  total: Readonly<Ref<number>>,
  rowHeight: number,
) {
  const top = ref(0)
  const height = ref(0)
  const observer = new ResizeObserver(() => (height.value = element.value?.clientHeight ?? 0))

  const first = computed(() => Math.max(0, Math.floor(top.value / rowHeight) - MARGIN))
  const last = computed(() =>
    Math.min(total.value, Math.ceil((top.value + height.value) / rowHeight) + MARGIN),
  )
  const pageRows = computed(() => Math.max(1, Math.floor(height.value / rowHeight) - 1))

  /** To be called when the element has scrolled. */
  function scrolled(): void {
    top.value = element.value?.scrollTop ?? 0
  }

  /** Whether the last row is in sight, or almost. */
  function atEnd(): boolean {
    const list = element.value
    return !list || list.scrollHeight - list.scrollTop - list.clientHeight < 2 * rowHeight
  }

  function toEnd(): void {
    const list = element.value
    if (list) list.scrollTop = list.scrollHeight
    scrolled()
  }

  /** Scrolls as little as needed to bring a row into sight; `centre` puts it in the middle. */
  function show(index: number, centre = false): void {
    const list = element.value
    if (!list) return
    const begin = index * rowHeight
    const middle = begin - (list.clientHeight - rowHeight) / 2
    if (centre) list.scrollTop = middle
    else if (begin < list.scrollTop) list.scrollTop = begin
    else if (begin + rowHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = begin + rowHeight - list.clientHeight
    scrolled()
  }

  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
      height.value = now?.clientHeight ?? 0
    },
    { immediate: true },
  )
  onScopeDispose(() => observer.disconnect())
  return { first, last, height, pageRows, scrolled, atEnd, toEnd, show }
}
