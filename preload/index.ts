import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, ToRenderer } from './contract/channel'

/** One call, one port: closing it cancels, and a page reload closes them all. */
const bridge: Bridge = {
  open(name, input, onMessage) {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = (event) => onMessage(event.data as ToRenderer)
    ipcRenderer.postMessage('call', { name, input }, [port2])
    return {
      post: (message) => port1.postMessage(message),
      close: () => port1.close(),
    }
  },
}

contextBridge.exposeInMainWorld('bridge', bridge)
