import { ipcMain, type IpcMainEvent, type MessagePortMain, type WebContents } from 'electron'
import type { Handlers, Port, Table, ToMain, ToRenderer } from '../../preload/contract/channel'
import { serve } from './serve'

/**
 * Serves every call from the top frame of our own page. Frames, popups and other origins are not ours.
 * When the page's process is gone, so are its calls.
 */
export function listen<T extends Table>(
  table: T,
  handlers: Handlers<T>,
  origin: string,
  report: (name: string, error: unknown) => void,
): void {
  ipcMain.on('call', (event: IpcMainEvent, call: unknown) => {
    const [port] = event.ports
    const frame = event.senderFrame
    const ours = frame?.parent === null && frame.origin === origin
    if (port && ours && isCall(call))
      void serve(table, handlers, call, adapt(port, event.sender), report)
    else port?.close()
  })
}

const isCall = (call: unknown): call is { name: string; input?: unknown } =>
  typeof call === 'object' && call !== null && 'name' in call && typeof call.name === 'string'

const adapt = (port: MessagePortMain, page: WebContents): Port<ToRenderer, ToMain> => {
  const calls = callsOf(page)
  const listeners: (() => void)[] = []
  const end = () => {
    calls.delete(lose)
    for (const listener of listeners.splice(0)) listener()
  }
  const lose = () => {
    port.close()
    end()
  }
  calls.add(lose)
  port.on('close', end)
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data as ToMain))
      port.start()
    },
    onClose: (listener) => listeners.push(listener),
    close: () => {
      calls.delete(lose)
      port.close()
    },
  }
}

/** What ends each open call of a page. */
const pages = new WeakMap<WebContents, Set<() => void>>()

function callsOf(page: WebContents): Set<() => void> {
  const known = pages.get(page)
  if (known) return known
  const calls = new Set<() => void>()
  pages.set(page, calls)
  page.on('render-process-gone', () => {
    for (const lose of [...calls]) lose()
  })
  return calls
}
