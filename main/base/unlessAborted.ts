/** What the promise settles to. @throws the signal's reason when it is aborted before */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    const stay = () => signal.removeEventListener('abort', leave)
    promise.then(
      (value) => {
        stay()
        resolve(value)
      },
      (error: unknown) => {
        stay()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}
