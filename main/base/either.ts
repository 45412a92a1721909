/** A signal that is aborted with any of others, until it is let go. */
export interface Either {
  signal: AbortSignal
  /** Takes nothing from the others any more; to be called when nobody needs the signal. */
  letGo: () => void
}

/**
 * Like `AbortSignal.any`, which in Node 20 leaves a record behind for each call for as long as one of the given signals
 * lives: those of a monitor live for days, and each command of it would leave one.
 */
export function either(...signals: readonly AbortSignal[]): Either {
  const joined = new AbortController()
  const abort = ({ target }: Event) => joined.abort((target as AbortSignal).reason)
  const letGo = () => {
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
  const aborted = signals.find((signal) => signal.aborted)
  if (aborted) joined.abort(aborted.reason)
  else for (const signal of signals) signal.addEventListener('abort', abort)
  joined.signal.addEventListener('abort', letGo, { once: true })
  return { signal: joined.signal, letGo }
}
