import type { Contract } from '../../preload/contract'
import type {
  Input,
  Output,
  RequestName,
  StreamName,
  ToRenderer,
} from '../../preload/contract/channel'
import { WINDOW } from '../../preload/contract/channel'
import { AppError } from '../../preload/contract/error'
import { bridge } from './bridge'

/** Asks the main process once. @throws AppError */
export async function request<K extends RequestName<Contract>>(
  name: K,
  input: Input<Contract[K]>,
  signal?: AbortSignal,
): Promise<Output<Contract[K]>> {
  for await (const item of open(name, input, signal)) return item as Output<Contract[K]>
  throw new AppError('internal', `'${name}' ended without an answer.`)
}

/** Follows a stream; leaving the loop or aborting cancels it. @throws AppError */
export function follow<K extends StreamName<Contract>>(
  name: K,
  input: Input<Contract[K]>,
  signal?: AbortSignal,
): AsyncGenerator<Output<Contract[K]>, void> {
  return open(name, input, signal) as AsyncGenerator<Output<Contract[K]>, void>
}

async function* open(
  name: string,
  input: unknown,
  signal?: AbortSignal,
): AsyncGenerator<unknown, void> {
  const inbox: ToRenderer[] = []
  let wake = () => {}
  const receive = (message: ToRenderer) => {
    inbox.push(message)
    wake()
  }
  const cancel = () => receive({ failure: { code: 'cancelled', message: 'Cancelled.' } })

  if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.')
  const call = bridge().open(name, input, receive)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    for (let used = 0; ;) {
      const message = inbox.shift()
      if (!message) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      if ('failure' in message) throw AppError.fromFailure(message.failure)
      if ('end' in message) return
      yield* message.items
      used += message.items.length
      if (used >= WINDOW / 2) {
        call.post({ credit: used })
        used = 0
      }
    }
  } finally {
    signal?.removeEventListener('abort', cancel)
    call.close()
  }
}
