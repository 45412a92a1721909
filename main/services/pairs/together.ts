/**
 * Runs tasks side by side until all are done. The first that fails ends the others; its error is thrown
 * when the last one has stopped, so that nothing is left running.
 */
export async function together(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const group = new AbortController()
  const stop = () => group.abort(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  let failure: { error: unknown } | undefined
  await Promise.all(
    tasks.map(async (task) => {
      try {
        await task(group.signal)
      } catch (error) {
        failure ??= { error }
        group.abort(error)
      }
    }),
  )
  signal.removeEventListener('abort', stop)
  if (failure) throw failure.error
}
