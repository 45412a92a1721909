import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { ProbeSample, ProbeSettings } from '../../../../preload/contract/pair'
import { NodeDial, type Dial } from '../../../../main/platform/dial'
import { probe } from '../../../../main/services/probe/probe'

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

it('tells the members apart by the first line of what they answer', async () => {
  let count = 0
  const port = await serve((socket) => {
    socket.once('data', () => {
      count += 1
      socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nweb${1 + (count % 2)}\nmore\n`)
    })
  })

  const samples = await take(8, settings({ port }))
  const bodies = samples.flatMap(({ body }) => body ?? [])
  expect(new Set(bodies)).toEqual(new Set(['web1', 'web2']))
  expect(samples.some(({ ok, status }) => ok && status === 200)).toBe(true)
})

it('asks like any HTTP client', async () => {
  let asked = ''
  const port = await serve((socket) => {
    socket.once('data', (chunk) => {
      asked = chunk.toString()
      socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
  })

  const [sample] = await take(1, settings({ port, path: '/health?deep=1' }))
  expect(sample).toMatchObject({ ok: true, status: 204, body: '' })
  expect(asked).toMatch(/^GET \/health\?deep=1 HTTP\/1\.0\r\n/)
  expect(asked).toContain(`Host: 127.0.0.1:${String(port)}\r\n`)
})

it('counts an answer that blames the service as failed, with its status', async () => {
  const port = await serve((socket) => {
    socket.once('data', () => socket.end('HTTP/1.0 503 Service Unavailable\r\n\r\n<html>\n'))
  })
  const [sample] = await take(1, settings({ port }))
  expect(sample).toMatchObject({ ok: false, status: 503, body: '<html>' })
})

it('says that the port refuses', async () => {
  const port = await serve(() => undefined)
  servers.splice(0).forEach((server) => server.close())
  const samples = await take(3, settings({ port, kind: 'tcp' }))
  const sent = samples.filter(({ error }) => error !== 'overrun')
  expect(new Set(sent.map(({ ok, error }) => `${String(ok)} ${error ?? ''}`))).toEqual(
    new Set(['false ECONNREFUSED']),
  )
})

it('says that no answer came in time', async () => {
  const port = await serve(() => undefined)
  const [sample] = await take(1, settings({ port, timeoutMs: 60 }))
  expect(sample).toMatchObject({ ok: false, error: 'timeout' })
})

it('says that the answer is no HTTP, and when the connection ends without one', async () => {
  const talker = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
  const [wrong] = await take(1, settings({ port: talker }))
  expect(wrong).toMatchObject({ ok: false, error: 'malformed' })

  const silent = await serve((socket) => socket.once('data', () => socket.end()))
  const [ended] = await take(1, settings({ port: silent }))
  expect(ended).toMatchObject({ ok: false, error: 'lost' })
})

it('keeps its beat and loses no sequence number while answers are slow', async () => {
  const port = await serve((socket) => {
    socket.once('data', () => setTimeout(() => socket.end('HTTP/1.0 200 OK\r\n\r\nok\n'), 35))
  })
  const samples = await take(50, settings({ port, intervalMs: 10 }))
  expect(samples.map(({ sequence }) => sequence)).toEqual(samples.map((_, index) => index))
  const first = samples[0]!
  const last = samples.at(-1)!
  expect(Math.round((last.at - first.at) / 10)).toBeCloseTo(samples.length - 1, -1)
})

it('does not open more than 256 connections, and names what it did not send', async () => {
  let open = 0
  let most = 0
  const never: Dial = {
    dial: (_host, _port, signal) =>
      new Promise((_resolve, reject) => {
        open += 1
        most = Math.max(most, open)
        signal.addEventListener('abort', () => {
          open -= 1
          reject(new AppError('cancelled', 'Cancelled.'))
        })
      }),
  }
  const samples = await take(600, settings({ intervalMs: 10, timeoutMs: 10_000 }), never)
  expect(most).toBe(256)
  expect(samples.map(({ sequence }) => sequence)).toEqual(samples.map((_, index) => index))
  expect(new Set(samples.map(({ error }) => error))).toEqual(new Set(['timeout', 'overrun']))
  expect(samples[590]).toMatchObject({ ok: false, error: 'overrun' })
  expect(open).toBe(0)
})

it('names every beat that a busy process slept through', async () => {
  const port = await serve((socket) => {
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nok\n'))
  })
  const stop = new AbortController()
  const samples: ProbeSample[] = []
  for await (const batch of probe(new NodeDial(), '127.0.0.1', settings({ port }), stop.signal)) {
    samples.push(...batch)
    if (samples.length === batch.length) {
      const until = performance.now() + 200
      while (performance.now() < until);
    }
    if (samples.length > 60) stop.abort()
  }
  expect(samples.map(({ sequence }) => sequence)).toEqual(samples.map((_, index) => index))
  expect(samples.filter(({ error }) => error === 'overrun').length).toBeGreaterThanOrEqual(5)
})

it('fails as a whole when the way to its starting point is lost', async () => {
  const lost: Dial = {
    dial: () => Promise.reject(AppError.because('ssh.lost', 'Connection lost.')),
  }
  await expect(take(1, settings({}), lost)).rejects.toMatchObject({ reason: 'ssh.lost' })
})

it('closes its connections when the reader leaves', async () => {
  const sockets = new Set<Socket>()
  const port = await serve((socket) => {
    sockets.add(socket.resume())
    socket.on('close', () => sockets.delete(socket))
  })
  const stop = new AbortController()
  const reading = probe(
    new NodeDial(),
    '127.0.0.1',
    settings({ port, timeoutMs: 10_000 }),
    stop.signal,
  )
  const first = reading.next()
  await until(() => sockets.size > 3)
  stop.abort()
  expect(await first).toMatchObject({ done: true })
  await until(() => sockets.size === 0)
})

function settings(change: Partial<ProbeSettings>): ProbeSettings {
  return {
    kind: 'http',
    port: 1,
    path: '/',
    intervalMs: 10,
    timeoutMs: 1000,
    from: 'machine',
    ...change,
  }
}

async function take(count: number, how: ProbeSettings, dial: Dial = new NodeDial()) {
  const stop = new AbortController()
  const samples: ProbeSample[] = []
  for await (const batch of probe(dial, '127.0.0.1', how, stop.signal)) {
    samples.push(...batch)
    if (samples.length >= count) break
  }
  stop.abort()
  return samples
}

async function serve(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
