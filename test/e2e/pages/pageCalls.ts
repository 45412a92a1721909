import type { Page } from '@playwright/test'
import type {
  Bridge,
  SocketToMain,
  SocketToRenderer,
  ToRenderer,
} from '../../../preload/contract/channel'

declare global {
  interface Window {
    /** What `followFromPage` has heard, by the name it gave. */
    heard: Record<string, { messages: ToRenderer[]; call: ReturnType<Bridge['open']> }>
  }
}

/** Asks main once, as the page does: through the preload script's bridge, or a WebSocket of its own. @throws Error with the failure as JSON */
export const askFromPage = <T>(page: Page, name: string, input: unknown): Promise<T> =>
  page.evaluate(
    ([name, input]) =>
      new Promise<T>((resolve, reject) => {
        const receive = (message: ToRenderer) => {
          if ('items' in message) resolve(message.items[0] as T)
          else if ('failure' in message) reject(new Error(JSON.stringify(message.failure)))
        }
        if (window.bridge) {
          window.bridge.open(name, input, receive)
          return
        }
        const socket = new WebSocket(`ws://${window.location.host}/calls`)
        const question: SocketToMain = { call: 1, open: { name, input } }
        socket.addEventListener('open', () => socket.send(JSON.stringify(question)))
        socket.addEventListener('error', () => reject(new Error('There is no way to main.')))
        socket.addEventListener('message', (event) => {
          receive((JSON.parse(event.data as string) as SocketToRenderer).message)
          socket.close()
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
