import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { ProbeSample, ProbeSettings } from '../../../../preload/contract/pair'
import { NodeDial } from '../../../../main/platform/dial'
import type { SshHost } from '../../../../main/platform/ssh'
import { shellLine } from '../../../../main/platform/ssh/shellLine'
import { probe } from '../../../../main/services/probe/probe'
import { LocalProber } from '../../../../main/services/probe/prober'
import { readSamples, vantageProbe } from '../../../../main/services/probe/vantageProbe'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** This machine as an SSH host would be: its shell splits the line, its standard streams are the channel's. */
class ThisMachine implements Pick<SshHost, 'follow' | 'dial'> {
  readonly label = 'this machine'
  running = 0
  readonly dial = new NodeDial().dial.bind(new NodeDial())
  readonly run = () => Promise.reject(new Error('Nothing is run here.'))
  readonly shell = () => Promise.reject(new Error('No shell here.'))

  constructor(private readonly line = shellLine) {}

  async *follow(...[command, signal, input]: Parameters<SshHost['follow']>) {
    const child = spawn('sh', ['-c', this.line(command)], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.running += 1
    const over = once(child, 'exit').then(() => (this.running -= 1))
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.stdin.on('error', () => undefined)
    const stop = () => child.stdin.end()
    signal.addEventListener('abort', stop)
    void (async () => {
      for await (const text of input ?? []) child.stdin.write(text)
    })()
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer
      await over
      return { exit: child.exitCode ?? undefined, signal: undefined, stderr }
    } finally {
      stop()
      await over
    }
  }
}

async function server(onRequest: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => onRequest(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function refused(): Promise<number> {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  return port
}

const settingsOf = (port: number, change: Partial<ProbeSettings> = {}): ProbeSettings => ({
  kind: 'http',
  port,
  path: '/',
  intervalMs: 20,
  timeoutMs: 300,
  from: 'jump',
  ...change,
})

async function take(
  count: number,
  start: (signal: AbortSignal) => AsyncIterable<ProbeSample[]>,
): Promise<ProbeSample[]> {
  const abort = new AbortController()
  const samples: ProbeSample[] = []
  for await (const batch of start(abort.signal)) {
    samples.push(...batch)
    if (samples.length >= count) break
  }
  abort.abort()
  return samples.slice(0, count)
}

const orderOf = (settings: ProbeSettings, firstSequence = 0) => ({
  cloud: 'cloud',
  address: '127.0.0.1',
  settings,
  firstSequence,
})

/** What came of the probes, each once; what a busy machine did not send says nothing of the server. */
function foundOf(samples: readonly ProbeSample[]): string[] {
  const sent = samples.filter(({ error }) => error !== 'overrun')
  expect(sent.length, 'some were sent').toBeGreaterThan(0)
  const found = ({ ok, status, body, error }: ProbeSample) => ({ ok, status, body, error })
  return [...new Set(sent.map((sample) => JSON.stringify(found(sample))))]
}

it.each<[string, () => Promise<number>, Partial<ProbeSettings>?]>([
  [
    'a length',
    () => server((s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nweb1\nrest')),
  ],
  [
    'chunks',
    () =>
      server((s) =>
        s.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nweb2\n\r\n0\r\n\r\n'),
      ),
  ],
  ['no end but the end', () => server((s) => s.end('HTTP/1.0 200 OK\r\n\r\nwithout a newline'))],
  ['UTF-8', () => server((s) => s.end('HTTP/1.0 200 OK\r\n\r\nmáy chủ\n'))],
  ['no body', () => server((s) => s.end('HTTP/1.0 204 No Content\r\n\r\n'))],
  ['an error of the client', () => server((s) => s.end('HTTP/1.0 404 Not Found\r\n\r\nno\n'))],
  ['an error of the server', () => server((s) => s.end('HTTP/1.0 503 Down\r\n\r\nno server\n'))],
  ['another protocol', () => server((s) => s.end('SSH-2.0-OpenSSH_9.2\r\n'))],
  ['half a head', () => server((s) => s.end('HTTP/1.0 200'))],
  ['a reset', () => server((s) => void s.resetAndDestroy())],
  ['a goodbye', () => server((s) => s.end())],
  ['silence', () => server(() => undefined)],
  ['a closed port', refused],
  ['a closed port, asked by TCP', refused, { kind: 'tcp' }],
  ['an open port, asked by TCP', () => server(() => undefined), { kind: 'tcp' }],
])('finds of %s what the probe of this machine finds', async (_what, start, change = {}) => {
  const settings = settingsOf(await start(), change)
  const here = await take(12, (signal) => probe(new NodeDial(), '127.0.0.1', settings, signal))
  const there = await take(12, (signal) =>
    vantageProbe(new ThisMachine(), orderOf(settings), signal),
  )
  expect(foundOf(there)).toEqual(foundOf(here))
})

it('numbers every probe from the first number on, at the asked interval, by our clock', async () => {
  const settings = settingsOf(await server((s) => s.end('HTTP/1.0 200 OK\r\n\r\nweb\n')))
  const from = Date.now()
  const samples = await take(30, (signal) =>
    vantageProbe(new ThisMachine(), orderOf(settings, 7), signal),
  )
  expect(samples.map(({ sequence }) => sequence)).toEqual(samples.map((_, index) => 7 + index))
  expect(samples[0]!.at).toBeGreaterThan(from - 1000)
  expect(samples.at(-1)!.at).toBeLessThan(Date.now() + 1000)
  const span = samples.at(-1)!.at - samples[0]!.at
  expect(span).toBeGreaterThan(28 * 20)
})

it('goes on while answers hang, and names what they ended with', async () => {
  let hang = false
  const settings = settingsOf(
    await server((s) => {
      if (!hang) s.end('HTTP/1.0 200 OK\r\n\r\nweb\n')
    }),
  )
  const errors = new Map<string, number>()
  let good = 0
  await take(120, async function* (signal) {
    for await (const batch of vantageProbe(new ThisMachine(), orderOf(settings), signal)) {
      for (const { ok, error = '' } of batch) {
        if (ok) good += 1
        else errors.set(error, (errors.get(error) ?? 0) + 1)
      }
      hang = good > 10 && !errors.has('timeout')
      yield batch
    }
  })
  expect([...errors.keys()].filter((error) => error !== 'overrun')).toEqual(['timeout'])
  expect(good).toBeGreaterThan(20)
})

it('leaves no program behind', async () => {
  const settings = settingsOf(await server((s) => s.end('HTTP/1.0 200 OK\r\n\r\nweb\n')))
  const host = new ThisMachine()
  await take(3, (signal) => vantageProbe(host, orderOf(settings), signal))
  await expect.poll(() => host.running).toBe(0)
})

it.each([
  ['no Python', () => 'echo "sh: python3: not found" >&2; exit 127'],
  ['no commands', () => 'echo "This account can only forward connections."; exit 1'],
])('probes through a host with %s by forwarded connections', async (_what, line) => {
  const settings = settingsOf(await server((s) => s.end('HTTP/1.0 200 OK\r\n\r\nweb\n')))
  const host = new ThisMachine(line)
  const prober = new LocalProber(new NodeDial(), { jump: () => Promise.resolve(host) })
  const samples = await take(3, (signal) => prober.probe(orderOf(settings), signal))
  expect(samples.map(({ ok, body }) => ({ ok, body }))).toEqual(
    Array(3).fill({ ok: true, body: 'web' }),
  )
})

it('says that the probe has ended when its program does', async () => {
  const settings = settingsOf(await server((s) => s.end()))
  const host = new ThisMachine(() => `echo '{"probe": 1}'; echo killed >&2; exit 1`)
  await expect(
    take(1, (signal) => vantageProbe(host, orderOf(settings), signal)),
  ).rejects.toMatchObject({ reason: 'ssh.commandFailed', message: 'killed\n' })
})

it.each(['x', '{}', '[1]', '[["a",1,1,null,null,null]]', '[[1,1,1,200,3,null]]', '[[1,1,1]]'])(
  'refuses a line that the program does not write: %s',
  (line) => {
    expect(() => readSamples(line, 'http')).toThrow(
      expect.objectContaining({ reason: 'answer.malformed' }),
    )
  },
)
