import type { Machine } from '../amphora/machine'

/** One run of a program on an amphora. */
export interface Invocation {
  argv: readonly string[]
  root: boolean
  machine: Machine
  /** Everything that comes on standard input, until its end. */
  input: () => Promise<string>
  out: (text: string) => void
  err: (text: string) => void
  /** Output that is no text; absent at a prompt. */
  raw?: (octets: Uint8Array) => void
  /** It runs inside the namespace of the load balancer. */
  inNamespace?: true
  /** Aborted when the caller hangs up or the machine goes off. */
  signal: AbortSignal
}

/** Answers the exit status. */
export type Program = (call: Invocation) => number | Promise<number>

/** Waits until the caller hangs up. */
export const hangUp = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** A glob of systemd and the shell as a regular expression. */
export const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
