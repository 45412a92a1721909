import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'

/** An answer as a fact; why there is none, otherwise. @throws what it rejected with when the signal is aborted */
export async function factOf<T extends { at: number }>(
  signal: AbortSignal,
  answer: Promise<T>,
): Promise<Fact<T>> {
  try {
    const value = await answer
    return { value, at: value.at }
  } catch (error) {
    if (signal.aborted) throw error
    return { unknown: AppError.from(error).reason ?? 'answer.malformed', at: Date.now() }
  }
}

/** The answer; undefined when there is none. @throws what it rejected with when the signal is aborted */
export async function attempt<T>(signal: AbortSignal, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
