import { createServer, request as forward, type IncomingMessage } from 'node:http'
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AxiosHttp } from '../../../../main/platform/axiosHttp'
import type { HttpRequest } from '../../../../main/platform/http'
import { Authority } from '../../../support/certificates'
import { json, SmallCloud } from '../../../support/smallCloud'

const tls = { insecure: false }
const http = new AxiosHttp({})
const { signal } = new AbortController()

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function cloudOf(options?: Parameters<typeof SmallCloud.start>[0]): Promise<SmallCloud> {
  const cloud = await SmallCloud.start(options)
  closing.push(() => cloud.stop())
  return cloud
}

async function listen(server: TcpServer) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const get = (url: string, rest: Partial<HttpRequest> = {}) =>
  http.send({ method: 'GET', url, tls, signal, ...rest })

describe('AxiosHttp', () => {
  it('hands over every answer with its request id, whatever its status', async () => {
    const cloud = await cloudOf()
    cloud.instead.set('/teapot', (_, response) => json(response, 418, { short: true }))
    expect(await get(`${cloud.url}/teapot`)).toMatchObject({
      status: 418,
      body: { short: true },
      requestId: 'req-1',
    })
  })

  it('repeats a list in the query and leaves out what is undefined', async () => {
    const cloud = await cloudOf()
    await get(`${cloud.url}/x`, { query: { fields: ['id', 'name'], limit: 2, marker: undefined } })
    expect(cloud.calls).toEqual(['GET /x?fields=id&fields=name&limit=2'])
  })

  it('leaves alone what is not JSON', async () => {
    const cloud = await cloudOf()
    cloud.instead.set('/broken', (_, response) => response.end('{"a": '))
    cloud.instead.set('/text', (_, response) => response.end('OK'))
    expect((await get(`${cloud.url}/broken`)).body).toBe('{"a": ')
    expect((await get(`${cloud.url}/text`)).body).toBe('OK')
  })

  it('follows a redirect on the same host, and carries no token to another', async () => {
    const [cloud, other] = [await cloudOf(), await cloudOf()]
    cloud.instead.set('/here', (_, response) =>
      response.writeHead(302, { Location: '/there' }).end(),
    )
    cloud.instead.set('/there', (_, response) => json(response, 200, { arrived: true }))
    cloud.instead.set('/away', (_, response) =>
      response.writeHead(302, { Location: `${other.url}/x` }).end(),
    )
    const headers = { 'X-Auth-Token': 'secret' }
    expect((await get(`${cloud.url}/here`, { headers })).body).toEqual({ arrived: true })
    expect((await get(`${cloud.url}/away`, { headers })).status).toBe(302)
    expect(other.arrived).toEqual([])
  })

  it('never repeats a change, not even for a redirect', async () => {
    const cloud = await cloudOf()
    cloud.instead.set('/x', (_, response) => response.writeHead(307, { Location: '/y' }).end())
    await http.send({ method: 'POST', url: `${cloud.url}/x`, body: {}, tls, signal })
    expect(cloud.calls).toEqual(['POST /x'])
  })

  it('asks again where the server closes an idle connection just then', async () => {
    const sockets = new Set<Socket>()
    let asked = 0
    const server = createTcpServer((socket) => {
      let first = true
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('data', () => {
        asked += 1
        if (first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
        else socket.resetAndDestroy()
        first = false
      })
    })
    closing.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const url = `http://127.0.0.1:${await listen(server)}/`
    await get(url)
    await expect(get(url)).resolves.toMatchObject({ status: 200 })
    expect(asked).toBe(3)
  })

  it('tells refused, lost and unknown apart', async () => {
    const lost = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.resetAndDestroy())
    })
    const port = await listen(lost)
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      reason: 'network.lost',
    })
    lost.close()
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      reason: 'network.refused',
      values: { host: '127.0.0.1', port },
    })
    await expect(get('http://nobody.invalid/')).rejects.toMatchObject({ reason: 'network.dns' })
  })

  it('says that a server speaks another protocol', async () => {
    const ssh = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('SSH-2.0-OpenSSH_9.2\r\n')
    })
    closing.push(() => ssh.close())
    await expect(get(`http://127.0.0.1:${await listen(ssh)}/`)).rejects.toMatchObject({
      reason: 'answer.malformed',
    })
  })

  it('gives up on a server that hangs, and at once when its caller leaves', async () => {
    const cloud = await cloudOf()
    cloud.instead.set('/hang', () => undefined)
    const url = `${cloud.url}/hang`
    await expect(get(url, { timeoutMs: 100 })).rejects.toMatchObject({ reason: 'network.timeout' })
    const abort = new AbortController()
    const asked = get(url, { signal: abort.signal })
    abort.abort()
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('gives up on an answer that stalls half-way', async () => {
    const cloud = await cloudOf()
    cloud.instead.set('/stall', (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.write('{"loadbalancers": [')
    })
    await expect(get(`${cloud.url}/stall`, { timeoutMs: 200 })).rejects.toMatchObject({
      reason: 'network.timeout',
    })
  })

  it('refuses an answer that would fill the memory', async () => {
    const cloud = await cloudOf()
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    let sent = 0
    cloud.instead.set('/flood', (_, response) => {
      const pump = () => {
        while (!response.destroyed && sent < 200 && response.write(chunk)) sent += 1
      }
      response.on('drain', pump)
      pump()
    })
    await expect(get(`${cloud.url}/flood`)).rejects.toMatchObject({ reason: 'answer.malformed' })
    expect(sent).toBeLessThan(100)
  })

  it('lets no header, body or query into its errors', async () => {
    const cloud = await cloudOf()
    cloud.instead.set('/x', () => undefined)
    const error = (await http
      .send({
        method: 'POST',
        url: `${cloud.url}/x`,
        headers: { 'X-Auth-Token': 'secret-token' },
        body: { password: 'secret-password' },
        tls,
        signal,
        timeoutMs: 100,
      })
      .catch((failure: unknown) => failure)) as Error
    const refused = (await get('http://127.0.0.1:1/?ticket=secret-ticket', {
      headers: { 'X-Auth-Token': 'secret-token' },
    }).catch((failure: unknown) => failure)) as Error
    for (const failure of [error, refused]) expect(everything(failure)).not.toContain('secret')
  })
})

describe('a proxy', () => {
  async function startProxy() {
    const seen: string[] = []
    const server = createServer((incoming: IncomingMessage, response) => {
      seen.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`)
      const { hostname, port, pathname } = new URL(incoming.url ?? '')
      const target = hostname.replace('cloud.test', '127.0.0.1')
      const { headers } = incoming
      incoming.pipe(
        forward({ hostname: target, port, path: pathname, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers)
          answer.pipe(response)
        }),
      )
    })
    server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
      seen.push(`CONNECT ${incoming.url ?? ''}`)
      if (incoming.url?.startsWith('refused')) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
        return
      }
      const port = Number(incoming.url?.split(':')[1])
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      onward.on('error', () => socket.destroy())
      socket.on('error', () => onward.destroy())
    })
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return { seen, url: `http://127.0.0.1:${await listen(server)}` }
  }

  it('of the environment carries requests, with our own authority at the far end', async () => {
    const proxy = await startProxy()
    const authority = new Authority('Authority of the test')
    const { key, certificate } = authority.issue('cloud.test', ['DNS:cloud.test'], 9)
    const plain = await cloudOf({ host: 'cloud.test' })
    const secure = await cloudOf({ host: 'cloud.test', tls: { key, cert: certificate } })
    for (const cloud of [plain, secure]) {
      cloud.instead.set('/x', (_, response) => json(response, 200, {}))
    }
    const proxied = new AxiosHttp({ http_proxy: proxy.url, HTTPS_PROXY: proxy.url })
    const trusting = { ca: authority.certificate, insecure: false }
    for (const { url } of [plain, secure]) {
      await expect(
        proxied.send({ method: 'GET', url: `${url}/x`, tls: trusting, signal }),
      ).resolves.toMatchObject({ status: 200 })
    }
    expect(proxy.seen).toEqual([
      `GET ${plain.url}/x`,
      `CONNECT ${secure.url.replace('https://', '')}`,
    ])
  })

  it('that does not let us through is named as the cause', async () => {
    const proxy = await startProxy()
    const proxied = new AxiosHttp({ https_proxy: proxy.url })
    await expect(
      proxied.send({ method: 'GET', url: 'https://refused.test/', tls, signal }),
    ).rejects.toMatchObject({ reason: 'network.proxy', values: { host: '127.0.0.1' } })
  })
})

/** All texts of an error and of its causes. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error ?? '')
  const own = Object.values(error).map((value: unknown) => JSON.stringify(value))
  return [error.message, error.stack, ...own, everything(error.cause)].join('\n')
}
