import { onScopeDispose, watch, type Ref } from 'vue'

/**
 * Draws an element in step with the screen, and only while it can be seen. `draw` answers whether it wants the next
 * frame too; otherwise nothing runs until `request` is called.
 */
export function useFrames(
  element: Readonly<Ref<HTMLElement | null>>,
  draw: (timestamp: number) => boolean,
) {
  let visible = false
  let wanted = true
  let frame = 0

  function request(): void {
    wanted = true
    if (visible && frame === 0) frame = requestAnimationFrame(run)
  }

  function run(timestamp: number): void {
    frame = 0
    wanted = draw(timestamp)
    if (wanted && visible) frame = requestAnimationFrame(run)
  }

  const observer = new IntersectionObserver(([entry]) => {
    visible = entry?.isIntersecting ?? false
    if (visible && wanted) request()
    if (visible) return
    cancelAnimationFrame(frame)
    frame = 0
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    observer.disconnect()
    cancelAnimationFrame(frame)
  })
  return { request }
}
