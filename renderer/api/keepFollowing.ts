import type { Contract } from '../../preload/contract'
import type { Input, Output, StreamName } from '../../preload/contract/channel'
import { AppError } from '../../preload/contract/error'
import { follow } from './client'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/**
 * Follows a stream for as long as the page lives: after a loss it follows anew, with growing pauses.
 * `onFailure` hears each loss, and undefined once items come again.
 */
export async function keepFollowing<K extends StreamName<Contract>>(
  name: K,
  input: Input<Contract[K]>,
  onItem: (item: Output<Contract[K]>) => void,
  onFailure: (failure: AppError | undefined) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal?.aborted;) {
    try {
      for await (const item of follow(name, input, signal)) {
        pause = FIRST_PAUSE_MS
        onFailure(undefined)
        onItem(item)
      }
    } catch (error) {
      if (signal?.aborted) return
      onFailure(AppError.from(error))
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
}
