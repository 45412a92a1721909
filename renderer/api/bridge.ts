import type { LocalBridge } from '../../preload/contract/bridge'
import type {
  Bridge,
  SocketToMain,
  SocketToRenderer,
  ToRenderer,
} from '../../preload/contract/channel'

declare global {
  interface Window {
    /** Offered by Electron's preload script; absent in a browser. */
    bridge?: LocalBridge
  }
}

let chosen: Bridge | undefined

/** The way to main: the preload script's in Electron, one WebSocket to the browser host elsewhere. */
export function bridge(): Bridge {
  chosen ??= window.bridge ?? socketBridge(() => new WebSocket(socketAddress(window.location)))
  return chosen
}

/** Where a file lies that was given to the page; undefined where main cannot know that, or it lies nowhere. */
export const pathOf = (file: File): string | undefined => window.bridge?.pathOf(file) || undefined

const socketAddress = ({ protocol, host }: Location): string =>
  `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/calls`

const LOST: ToRenderer = {
  failure: {
    code: 'unreachable',
    reason: 'host.lost',
    message: 'The connection to the console was lost.',
  },
}

/**
 * Carries all calls over one WebSocket, which is opened with the first call and again after a loss.
 * Calls that were open when it was lost fail with `host.lost`; who follows a stream decides whether to follow anew.
 */
function socketBridge(connect: () => WebSocket): Bridge {
  let last = 0
  let socket: WebSocket | undefined
  const calls = new Map<number, (message: ToRenderer) => void>()

  function send(message: SocketToMain): void {
    const current = (socket ??= dial())
    const text = JSON.stringify(message)
    if (current.readyState === WebSocket.OPEN) current.send(text)
    else current.addEventListener('open', () => current.send(text), { once: true })
  }

  function dial(): WebSocket {
    const current = connect()
    current.addEventListener('message', (event) => {
      const { call, message } = JSON.parse(event.data as string) as SocketToRenderer
      calls.get(call)?.(message)
      if (!('items' in message)) calls.delete(call)
    })
    current.addEventListener('close', () => {
      socket = undefined
      const open = [...calls.values()]
      calls.clear()
      for (const receive of open) receive(LOST)
    })
    return current
  }

  return {
    open(name, input, onMessage) {
      const call = (last += 1)
      calls.set(call, onMessage)
      send({ call, open: { name, input } })
      return {
        post: ({ credit }) => {
          if (calls.has(call)) send({ call, credit })
        },
        close: () => {
          if (calls.delete(call)) send({ call, close: true })
        },
      }
    },
  }
}
