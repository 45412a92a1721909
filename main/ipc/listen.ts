import { ipcMain, type IpcMainEvent, type MessagePortMain } from 'electron'
import type { Handlers, Port, Table, ToMain, ToRenderer } from '../../preload/contract/channel'
import { serve } from './serve'

/** Serves every call from the top frame of our own page. Frames, popups and other origins are not ours. */
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
    if (port && ours && isCall(call)) void serve(table, handlers, call, adapt(port), report)
    else port?.close()
  })
}

const isCall = (call: unknown): call is { name: string; input?: unknown } =>
  typeof call === 'object' && call !== null && 'name' in call && typeof call.name === 'string'

const adapt = (port: MessagePortMain): Port<ToRenderer, ToMain> => ({
  post: (message) => port.postMessage(message),
  onMessage: (listener) => {
    port.on('message', (event) => listener(event.data as ToMain))
    port.start()
  },
  onClose: (listener) => port.on('close', listener),
  close: () => port.close(),
})
