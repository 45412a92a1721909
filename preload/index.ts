import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { LocalBridge } from './contract/bridge'
import type { ToRenderer } from './contract/channel'

/** One call, one port: closing it cancels, and a page reload closes them all. */
const bridge: LocalBridge = {
  open(name, input, onMessage) {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = (event) => onMessage(event.data as ToRenderer)
    ipcRenderer.postMessage('call', { name, input }, [port2])
    return {
      post: (message) => port1.postMessage(message),
      close: () => port1.close(),
    }
  },
  // What was dropped on the page lies on this machine: main reads it there, and nothing is copied.
  pathOf: (file) => webUtils.getPathForFile(file as File),
}

contextBridge.exposeInMainWorld('bridge', bridge)
