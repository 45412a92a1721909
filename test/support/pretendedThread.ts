import type { Thread, ThreadPort } from '../../main/platform/thread'

/** Both sides of a thread in one; what passes between them is copied, as between threads. */
export function pretendedThread<ToThread, FromThread>(
  serve: (inside: ThreadPort<FromThread, ToThread>) => void,
) {
  let toThread: (message: ToThread) => void = () => undefined
  let fromThread: (message: FromThread) => void = () => undefined
  let ended: (error?: Error) => void = () => undefined
  let alive = true
  const posted: ToThread[] = []
  const thread: Thread<ToThread, FromThread> = {
    post: (message) => {
      const copy = structuredClone(message)
      posted.push(copy)
      queueMicrotask(() => alive && toThread(copy))
    },
    onMessage: (listener) => (fromThread = listener),
    onEnd: (listener) => (ended = listener),
    stop: () => Promise.resolve(),
  }
  serve({
    post: (message) => {
      const copy = structuredClone(message)
      queueMicrotask(() => alive && fromThread(copy))
    },
    onMessage: (listener) => (toThread = listener),
  })
  return {
    thread,
    posted,
    crash: (error: Error) => {
      alive = false
      ended(error)
    },
  }
}
