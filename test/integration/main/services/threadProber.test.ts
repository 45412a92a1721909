import { createServer, type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { ProbeSample, ProbeSettings } from '../../../../preload/contract/pair'
import type {
  FromThread,
  Questions,
  ToThread,
} from '../../../../main/services/probe/threadMessages'
import { ThreadProber } from '../../../../main/services/probe/threadProber'
import { serveProbes } from '../../../../main/services/probe/threadSide'
import { pretendedThread } from '../../../support/pretendedThread'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

function bench(questions: Partial<Questions> = {}) {
  const threads: ReturnType<typeof pretendedThread<ToThread, FromThread>>[] = []
  const reports: unknown[] = []
  const unexpected = () => Promise.reject(new Error('Nobody was to ask that.'))
  const prober = new ThreadProber(
    () => {
      const made = pretendedThread<ToThread, FromThread>(serveProbes)
      threads.push(made)
      return made.thread
    },
    {
      ...{ jumpRoute: unexpected, knownKeyType: unexpected, acceptHostKey: unexpected },
      ...{ passphrase: unexpected, password: unexpected, keyboardInteractive: unexpected },
      ...questions,
    },
    (error) => reports.push(error),
  )
  return { prober, threads, reports }
}

async function service(): Promise<ProbeSettings> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end('HTTP/1.0 200 OK\r\n\r\nweb\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { kind: 'http', port, path: '/', intervalMs: 20, timeoutMs: 300, from: 'machine' }
}

const orderOf = (settings: ProbeSettings) => ({
  ...{ cloud: 'cloud', address: '127.0.0.1', firstSequence: 3 },
  settings,
})

async function first(batches: AsyncIterable<ProbeSample[]>): Promise<ProbeSample> {
  for await (const [sample] of batches) return sample!
  throw new Error('It ended without a sample.')
}

it('hands over what the thread measures, and ends the probe when the reader leaves', async () => {
  const { prober, threads } = bench()
  const batches = prober.probe(orderOf(await service()), new AbortController().signal)
  expect(await first(batches)).toMatchObject({ sequence: 3, ok: true, body: 'web' })
  expect(threads[0]!.posted.at(-1)).toEqual({ stop: 1 })
})

it('asks the console for the way to the jump host and says why there is none', async () => {
  const asked: string[] = []
  const { prober } = bench({
    jumpRoute: (cloud) => {
      asked.push(cloud)
      return Promise.resolve(undefined)
    },
  })
  const order = orderOf({ ...(await service()), from: 'jump' })
  await expect(first(prober.probe(order, new AbortController().signal))).rejects.toMatchObject({
    reason: 'ssh.noJump',
  })
  expect(asked).toEqual(['cloud'])
})

it('passes on why a question failed, and reports only what is a bug of ours', async () => {
  const order = orderOf({ ...(await service()), from: 'jump' })
  const refused = bench({
    jumpRoute: () => Promise.reject(AppError.because('ssh.configFile', 'line 3')),
  })
  await expect(
    first(refused.prober.probe(order, new AbortController().signal)),
  ).rejects.toMatchObject({ reason: 'ssh.configFile', message: 'line 3' })
  expect(refused.reports).toEqual([])

  const broken = bench({ jumpRoute: () => Promise.reject(new TypeError('a bug')) })
  await expect(
    first(broken.prober.probe(order, new AbortController().signal)),
  ).rejects.toMatchObject({ code: 'internal' })
  expect(broken.reports).toEqual([new TypeError('a bug')])
})

it('fails with the thread, and starts another for the next probe', async () => {
  const { prober, threads } = bench()
  const order = orderOf(await service())
  const batches = prober.probe(order, new AbortController().signal)
  await batches.next()
  threads[0]!.crash(new Error('out of memory'))
  await expect(first(batches)).rejects.toMatchObject({ code: 'internal' })
  expect(await first(prober.probe(order, new AbortController().signal))).toMatchObject({ ok: true })
  expect(threads).toHaveLength(2)
})
