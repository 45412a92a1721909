import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '../identity'

export interface WebRequest {
  method: string
  /** Without query and without a slash at the end. */
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** Parsed; undefined without a body, `malformed` where it is not JSON. */
  body: unknown
  malformed: boolean
  /** Such as `http://127.0.0.1:40001`. */
  origin: string
}

export interface WebAnswer {
  status: number
  /** Sent as JSON; a string goes as it is. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
}

/** One API on an ephemeral port of loopback. Every answer carries a request id of its own. */
export class HttpServer {
  private readonly server: Server

  constructor(private readonly answer: (request: WebRequest) => WebAnswer) {
    this.server = createServer((request, response) => void this.handle(request, response))
  }

  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => resolve(this.origin))
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
    } catch {
      return
    }
    const url = new URL(incoming.url ?? '/', this.origin)
    const text = Buffer.concat(chunks).toString()
    const parsed = parse(text)
    const answer = this.answer({
      method: incoming.method ?? 'GET',
      path: url.pathname.replace(/\/+$/, ''),
      query: url.searchParams,
      headers: incoming.headers,
      body: parsed.value,
      malformed: parsed.malformed,
      origin: this.origin,
    })
    send(response, answer)
  }
}

function parse(text: string): { value: unknown; malformed: boolean } {
  if (!text) return { value: undefined, malformed: false }
  try {
    return { value: JSON.parse(text) as unknown, malformed: false }
  } catch {
    return { value: undefined, malformed: true }
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: WebAnswer): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, {
    'x-openstack-request-id': `req-${newId()}`,
    ...(text && { 'Content-Type': 'application/json' }),
    ...headers,
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}
