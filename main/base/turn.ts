/** Milliseconds of work after which others must have had their turn: timers, sockets, probes. */
const LONGEST_MS = 8

const waiting: (() => void)[] = []
let since = performance.now()

/**
 * To be awaited between pieces of long work: returns at once while the event loop has not been held for long, else after
 * timers and sockets had their turn. All who work long share the same few milliseconds, and come one after another.
 */
export async function turn(): Promise<void> {
  if (waiting.length === 0 && performance.now() - since < LONGEST_MS) return
  await new Promise<void>((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(next)
  })
}

function next(): void {
  since = performance.now()
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(next)
}
