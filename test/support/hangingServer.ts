import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A service that takes every TCP connection and never says a word. */
export interface HangingServer {
  url: string
  /** Connections that are open now. */
  open: () => number
  close(): Promise<void>
}

/** Starts one on loopback. */
export async function hangingServer(): Promise<HangingServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // Without reading, the end of the other side is not noticed.
    socket.resume()
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
