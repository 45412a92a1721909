import { serve } from '../../main/ipc/serve'
import type { Bridge, Handlers, Table, ToMain, ToRenderer } from '../../preload/contract/channel'

/** A bridge without a host: the real `serve` behind a real MessageChannel. */
export function localBridge<T extends Table>(
  table: T,
  handlers: Handlers<T>,
  report: (name: string, error: unknown) => void = () => undefined,
): Bridge {
  return {
    open(name, input, onMessage) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = (event) => onMessage(event.data as ToRenderer)
      void serve(
        table,
        handlers,
        { name, input },
        {
          post: (message) => port2.postMessage(message),
          onMessage: (listener) => (port2.onmessage = (event) => listener(event.data as ToMain)),
          onClose: (listener) => port2.addEventListener('close', listener),
          close: () => port2.close(),
        },
        report,
      )
      return { post: (message) => port1.postMessage(message), close: () => port1.close() }
    },
  }
}
