import type { Page } from '@playwright/test'
import type { Bridge, ToRenderer } from '../../../preload/contract/channel'

declare global {
  interface Window {
    /** What `followFromPage` has heard, by the name it gave. */
    heard: Record<string, { messages: ToRenderer[]; call: ReturnType<Bridge['open']> }>
  }
}

/** Asks main once, through `window.bridge`, as the page does. @throws Error with the failure as JSON */
export const askFromPage = <T>(page: Page, name: string, input: unknown): Promise<T> =>
  page.evaluate(
    ([name, input]) =>
      new Promise<T>((resolve, reject) => {
        window.bridge?.open(name, input, (message) => {
          if ('items' in message) resolve(message.items[0] as T)
          else if ('failure' in message) reject(new Error(JSON.stringify(message.failure)))
        })
      }),
    [name, input] as const,
  )

/** Opens a stream and leaves it open. With `credit` it is read on and on, otherwise nothing is ever acknowledged. */
export const followFromPage = (
  page: Page,
  { as, name, input, credit }: { as: string; name: string; input: unknown; credit: boolean },
): Promise<void> =>
  page.evaluate(
    ({ as, name, input, credit }) => {
      const messages: ToRenderer[] = []
      const call = window.bridge!.open(name, input, (message) => {
        messages.push(message)
        if (credit && 'items' in message) call.post({ credit: message.items.length })
      })
      window.heard = { ...window.heard, [as]: { messages, call } }
    },
    { as, name, input, credit },
  )

/** How many items a stream of `followFromPage` has brought. */
export const itemsOf = (page: Page, as: string): Promise<number> =>
  page.evaluate(
    (as) =>
      window.heard[as]!.messages.reduce(
        (sum, message) => sum + ('items' in message ? message.items.length : 0),
        0,
      ),
    as,
  )
