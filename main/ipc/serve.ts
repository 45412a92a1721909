import { z } from 'zod'
import {
  WINDOW,
  type Handlers,
  type Port,
  type Table,
  type ToMain,
  type ToRenderer,
} from '../../preload/contract/channel'
import { AppError } from '../../preload/contract/error'

type AnyHandler = (input: unknown, signal: AbortSignal) => Promise<unknown> | AsyncIterable<unknown>

/**
 * Answers one call on one port.
 *
 * The input is validated before the handler sees it. Items leave only against credit, so a slow
 * page slows the handler down instead of filling memory. A closed port aborts the handler.
 * Failures that are our own bugs go to `report`, with their cause; the page learns only that there was one.
 */
export async function serve<T extends Table>(
  table: T,
  handlers: Handlers<T>,
  call: { name: string; input?: unknown },
  port: Port<ToRenderer, ToMain>,
  report: (name: string, error: unknown) => void,
): Promise<void> {
  const abort = new AbortController()
  const credit = new Credit(WINDOW)
  port.onClose(() => {
    abort.abort()
    credit.release()
  })
  port.onMessage((message) => {
    if (Number.isSafeInteger(message.credit) && message.credit > 0) credit.add(message.credit)
  })

  try {
    const entry = Object.hasOwn(table, call.name) ? table[call.name] : undefined
    if (!entry) throw new AppError('invalidInput', `Unknown call '${call.name}'.`)

    const input = entry.input.safeParse(call.input)
    if (!input.success) throw new AppError('invalidInput', z.prettifyError(input.error))

    const handler = handlers[call.name] as AnyHandler
    const answer = handler(input.data, abort.signal)
    if (Symbol.asyncIterator in answer) {
      for await (const item of answer) {
        await credit.take()
        if (abort.signal.aborted) return
        port.post({ items: [item] })
      }
    } else {
      port.post({ items: [await answer] })
    }
    if (!abort.signal.aborted) port.post({ end: true })
  } catch (error) {
    if (abort.signal.aborted) return
    const failure = AppError.from(error)
    if (failure.code === 'internal') report(call.name, error)
    port.post({ failure: failure.toFailure() })
  } finally {
    port.close()
  }
}

/** A counting semaphore: `take` waits while the balance is zero. */
class Credit {
  private waiting: (() => void) | undefined

  constructor(private balance: number) {}

  add(amount: number): void {
    this.balance += amount
    this.wake()
  }

  /** Lets every waiter go, for good. */
  release(): void {
    this.balance = Infinity
    this.wake()
  }

  async take(): Promise<void> {
    while (this.balance <= 0) await new Promise<void>((resolve) => (this.waiting = resolve))
    this.balance -= 1
  }

  private wake(): void {
    this.waiting?.()
    this.waiting = undefined
  }
}
