import { createContext, Script } from 'node:vm'
import { AppError } from '../../preload/contract/error'

/** Longest time that one expression may take over all texts, in milliseconds. */
const LIMIT_MS = 3000

/** Locals, as every look at a name of the context costs. */
const TEST_ALL = new Script(`(() => {
  const all = texts
  const one = pattern
  const found = []
  for (let i = 0; i < all.length; i += 1) found.push(one.test(all[i]))
  return found
})()`)

/**
 * Tells which texts a regular expression matches, in either case. An expression that somebody typed may run for ages on one
 * line; this one is ended.
 *
 * @throws AppError `review.pattern` for what is no expression, `review.patternSlow` when it took too long
 */
export function matchAll(
  expression: string,
  texts: readonly string[],
  limitMs = LIMIT_MS,
): readonly boolean[] {
  const context = createContext({ texts, pattern: patternOf(expression) })
  try {
    return TEST_ALL.runInContext(context, { timeout: limitMs }) as readonly boolean[]
  } catch (cause) {
    if (!isTimeout(cause)) throw cause
    throw AppError.because('review.patternSlow', 'It took too long.', { cause })
  }
}

/** It comes from another realm, so it may be no `Error` of this one. */
const isTimeout = (cause: unknown): boolean =>
  typeof cause === 'object' &&
  cause !== null &&
  'code' in cause &&
  cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

function patternOf(expression: string): RegExp {
  try {
    return new RegExp(expression, 'i')
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw AppError.because('review.pattern', words, { cause })
  }
}
