import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startWebServer, type WebServer } from '../../../main/web/server'
import { WINDOW, type SocketToRenderer } from '../../../preload/contract/channel'
import { handlersOf, Seen, table } from '../../support/callTable'

let server: WebServer
let seen: Seen

beforeEach(async () => {
  seen = new Seen()
  const index = { content: Buffer.from('<h1>page</h1>'), type: 'text/html', immutable: false }
  server = await startWebServer({
    port: 0,
    page: new Map([
      ['/', index],
      ['/assets/main.js', { content: Buffer.from('1'), type: 'text/javascript', immutable: true }],
    ]),
    table,
    handlers: handlersOf(seen),
    report: () => undefined,
  })
})
afterEach(() => server.close())

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

/** A request with exactly these headers: `fetch` would correct them. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, headers }
    httpRequest(options, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const pathOf = (link: string) => link.slice(link.indexOf('/?'))

async function signIn(): Promise<string> {
  const { headers } = await ask(pathOf(server.link()))
  return headers['set-cookie']![0]!.split(';')[0]!
}

describe('the door', () => {
  it('exchanges the token of the link for a cookie that neither scripts nor other sites can use', async () => {
    const { status, headers } = await ask(pathOf(server.link()))
    expect(status).toBe(303)
    expect(headers.location).toBe('/')
    expect(headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
  })

  it('lets a link in once', async () => {
    const link = pathOf(server.link())
    await ask(link)
    const again = await ask(link)
    expect(again.status).toBe(401)
    expect(again.headers['set-cookie']).toBeUndefined()
  })

  it('shows the page to who was let in, with a policy that allows only its own scripts', async () => {
    const cookie = await signIn()
    const { status, body, headers } = await ask('/', { cookie })
    expect({ status, body }).toEqual({ status: 200, body: '<h1>page</h1>' })
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
  })

  it.each([
    ['no cookie', {}],
    ['an invented cookie', { cookie: 'octavia-console=x' }],
    ['an empty cookie', { cookie: '' }],
  ])('shows nothing to a request with %s', async (_, headers) => {
    expect(await ask('/', headers)).toMatchObject({ status: 401 })
    expect(await ask('/assets/main.js', headers)).toMatchObject({ status: 401 })
  })

  it.each(['', 'x', '%00', 'a'.repeat(5000)])('refuses the token %j', async (token) => {
    expect(await ask(`/?token=${token}`)).toMatchObject({ status: 401 })
  })

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost', '127.0.0.1:1'])(
    'refuses the host name %s even with the cookie',
    async (host) => {
      const cookie = await signIn()
      expect(await ask('/', { cookie, host })).toMatchObject({ status: 421 })
    },
  )

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'refuses a request from a page of %s',
    async (origin) => {
      const cookie = await signIn()
      expect(await ask('/', { cookie, origin })).toMatchObject({ status: 403 })
    },
  )

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const cookie = await signIn()
    expect(await ask('/', { cookie }, method)).toMatchObject({ status: 405 })
  })

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '//etc/passwd',
    '/assets/',
    '/index.html%00',
  ])('has nothing at %s', async (path) => {
    const cookie = await signIn()
    expect(await ask(path, { cookie })).toMatchObject({ status: 404 })
  })

  it('listens on loopback only', async () => {
    await expect(
      new Promise((resolve, reject) => {
        connect({ host: '127.0.0.2', port: server.port }).on('connect', resolve).on('error', reject)
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

/** Opens the calls' socket with these headers; the status when it is refused. */
function openSocket(headers: Record<string, string>, path = '/calls'): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(server.port)}${path}`, { headers })
  return new Promise((resolve) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}

async function openPage(): Promise<{ socket: WebSocket; messages: SocketToRenderer[] }> {
  const origin = `http://127.0.0.1:${String(server.port)}`
  const socket = (await openSocket({ cookie: await signIn(), origin })) as WebSocket
  const messages: SocketToRenderer[] = []
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as SocketToRenderer)
  })
  return { socket, messages }
}

describe('the socket', () => {
  it('refuses pages of other sites, other hosts, and who was not let in', async () => {
    const cookie = await signIn()
    const origin = `http://127.0.0.1:${String(server.port)}`
    expect(await openSocket({ cookie })).toBe(403)
    expect(await openSocket({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await openSocket({ cookie, origin: 'null' })).toBe(403)
    expect(await openSocket({ cookie, origin, host: 'evil.example' })).toBe(421)
    expect(await openSocket({ origin })).toBe(401)
    expect(await openSocket({ origin, cookie: 'octavia-console=x' })).toBe(401)
    expect(await openSocket({ cookie, origin }, '/other')).toBe(400)
  })

  it('carries calls side by side', async () => {
    const { socket, messages } = await openPage()
    socket.send(JSON.stringify({ call: 1, open: { name: 'sum.read', input: { numbers: [1, 2] } } }))
    socket.send(JSON.stringify({ call: 2, open: { name: 'sum.read', input: { numbers: [3] } } }))
    await vi.waitFor(() => expect(messages).toHaveLength(4))
    expect(messages.filter(({ call }) => call === 1)).toEqual([
      { call: 1, message: { items: [3] } },
      { call: 1, message: { end: true } },
    ])
    expect(messages.filter(({ call }) => call === 2)[0]).toEqual({
      call: 2,
      message: { items: [3] },
    })
  })

  it('holds a stream back until the page gives credit, and drops it when the page closes it', async () => {
    const { socket, messages } = await openPage()
    socket.send(JSON.stringify({ call: 1, open: { name: 'count.follow', input: { until: 1e6 } } }))
    await vi.waitFor(() => expect(messages).toHaveLength(WINDOW))
    socket.send(JSON.stringify({ call: 1, credit: 10 }))
    await vi.waitFor(() => expect(messages).toHaveLength(WINDOW + 10))
    socket.send(JSON.stringify({ call: 1, close: true }))
    socket.send(JSON.stringify({ call: 2, open: { name: 'sum.read', input: { numbers: [] } } }))
    await vi.waitFor(() => expect(messages.at(-1)).toEqual({ call: 2, message: { end: true } }))
    expect(seen.produced).toBeLessThan(200)
  })

  it('aborts every call of a page that goes away', async () => {
    const { socket } = await openPage()
    for (const call of [1, 2, 3]) {
      socket.send(JSON.stringify({ call, open: { name: 'wait.follow', input: {} } }))
    }
    await vi.waitFor(() => expect(seen.waiting).toBe(3))
    socket.terminate()
    await vi.waitFor(() => expect(seen.aborted).toBe(3))
  })

  it.each([
    'not json',
    '[]',
    'null',
    '{}',
    '{"call":"1","open":{"name":"sum.read"}}',
    '{"call":1}',
    '{"call":1,"open":{"name":5}}',
    '{"call":1.5,"close":true}',
  ])('hangs up on %s', async (text) => {
    const { socket } = await openPage()
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.send(text)
    expect(await closed).toBe(1008)
  })

  it('hangs up on a page that opens calls without end, and on huge messages', async () => {
    const { socket } = await openPage()
    const closed = new Promise((resolve) => socket.on('close', resolve))
    for (let call = 0; call < 600; call += 1) {
      socket.send(JSON.stringify({ call, open: { name: 'wait.follow', input: {} } }))
    }
    expect(await closed).toBe(1008)
    await vi.waitFor(() => expect(seen.aborted).toBe(seen.waiting))

    const other = await openPage()
    const otherClosed = new Promise((resolve) => other.socket.on('close', resolve))
    other.socket.send('x'.repeat(2 * 1024 * 1024))
    expect(await otherClosed).toBe(1009)
  })

  it('ignores credit and closing of calls it does not know', async () => {
    const { socket, messages } = await openPage()
    socket.send(JSON.stringify({ call: 9, credit: 5 }))
    socket.send(JSON.stringify({ call: 9, close: true }))
    socket.send(JSON.stringify({ call: 1, open: { name: 'sum.read', input: { numbers: [4] } } }))
    await vi.waitFor(() => expect(messages[0]).toEqual({ call: 1, message: { items: [4] } }))
  })
})
