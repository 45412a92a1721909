/**
 * Answers a function to call whenever something changed; `changed` then runs once per frame, however often it was
 * called. Hidden pages draw no frames, so there it runs once per second.
 */
export function oncePerFrame(changed: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
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
