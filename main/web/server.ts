import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Handlers, Table } from '../../preload/contract/channel'
import { serveSocket } from './calls'
import { Gate, type Refusal } from './gate'
import { contentSecurityPolicy, SECURITY_HEADERS, type PageFile } from './page'

/** The largest message a page may send; forms are far smaller. */
const LARGEST_MESSAGE = 1024 * 1024

/** A page whose machine went to sleep never closes its socket; silence this long does. */
const HEARTBEAT_MS = 30_000

interface WebOptions<T extends Table> {
  /** 0 takes a free one. */
  port: number
  page: ReadonlyMap<string, PageFile>
  table: T
  handlers: Handlers<T>
  report: (name: string, error: unknown) => void
}

/** The browser host's server: the built page and its calls, on loopback only. */
export interface WebServer {
  port: number
  /** A link that lets one browser in, once. */
  link(): string
  /** Ends every connection. */
  close(): Promise<void>
}

/** Starts serving. @throws Error (EADDRINUSE, EACCES) when the port cannot be had */
export async function startWebServer<T extends Table>(options: WebOptions<T>): Promise<WebServer> {
  const server = createServer()
  const port = () => (server.address() as AddressInfo).port
  const gate = new Gate(port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE })

  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    answer(gate, port(), options.page, request, response),
  )
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = checkUpgrade(gate, request)
    if (refusal) {
      socket.end(`HTTP/1.1 ${String(refusal.status)} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      let alive = true
      const heartbeat = setInterval(() => {
        if (!alive) webSocket.terminate()
        alive = false
        webSocket.ping()
      }, HEARTBEAT_MS)
      webSocket.on('pong', () => (alive = true))
      webSocket.on('close', () => clearInterval(heartbeat))
      serveSocket(webSocket, options.table, options.handlers, options.report)
    })
  })

  await listen(server, options.port)
  return {
    port: port(),
    link: () => gate.link(),
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })

const checkUpgrade = (gate: Gate, request: IncomingMessage): Refusal | undefined =>
  gate.checkHost(request) ??
  gate.checkOrigin(request, true) ??
  gate.checkSession(request) ??
  (request.url === '/calls' ? undefined : { status: 400, text: 'No such socket.' })

function answer(
  gate: Gate,
  port: number,
  page: ReadonlyMap<string, PageFile>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
  response.setHeader(
    'Content-Security-Policy',
    contentSecurityPolicy(`'self' ws://127.0.0.1:${String(port)} ws://localhost:${String(port)}`),
  )
  const refuse = ({ status, text }: Refusal) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
  }

  const readsOnly = request.method === 'GET' || request.method === 'HEAD'
  const refusal =
    gate.checkHost(request) ??
    gate.checkOrigin(request, false) ??
    (readsOnly ? undefined : ({ status: 405, text: 'Only GET.' } as const))
  if (refusal) return refuse(refusal)

  const url = new URL(request.url ?? '/', 'http://console')
  const token = url.searchParams.get('token')
  if (token !== null) {
    const cookie = gate.exchange(token)
    if (cookie !== undefined) {
      response.writeHead(303, { Location: '/', 'Set-Cookie': cookie, 'Cache-Control': 'no-store' })
      response.end()
      return
    }
  }
  const stranger = gate.checkSession(request)
  if (stranger) {
    return refuse(
      token === null
        ? stranger
        : { status: 401, text: 'This link was used already. Ask the console for a new one.' },
    )
  }

  const file = page.get(url.pathname)
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found.\n')
    return
  }
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': file.content.length,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : file.content)
}
