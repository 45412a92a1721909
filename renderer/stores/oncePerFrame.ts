/**
 * Answers a function to call whenever something changed; `changed` then runs once per frame, however often it was
 * called, and not more often than every `leastMs`. Hidden pages draw no frames, so there it runs once per second.
 */
export function oncePerFrame(changed: () => void, leastMs = 0): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    if (leastMs > 0) setTimeout(inFrame, leastMs)
    else inFrame()
  }

  function inFrame(): void {
    const finish = (): void => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
      waiting = false
      changed()
    }
    const frame = requestAnimationFrame(finish)
    const timer = setTimeout(finish, 1_000)
  }
}
