import { describe, expect, it } from 'vitest'
import type { SshHost } from '../../../../../main/platform/ssh'
import type { Exchange } from '../../../../../main/services/capture/exchanges'
import { exchangeOf, parseManifest } from '../../../../../main/services/capture/manifest'
import {
  Answers,
  ReplayingApi,
  ReplayingHosts,
} from '../../../../../main/services/capture/replaying'

const never = new AbortController().signal
const command = { argv: ['date'], sudo: false }
const times = { startedAt: 10, endedAt: 12 }
const said = (stdout: string): Exchange => ({
  ...{ amphoraId: 'a', host: 'h', command: 'date', ...times, exit: 0 },
  ...{ kind: 'command', truncated: false, stdout, stderr: '' },
})
const connected: Exchange = { kind: 'connect', amphoraId: 'a', host: 'ubuntu@a', ...times }
const hostOf = (exchanges: Exchange[]): Promise<SshHost> =>
  new ReplayingHosts(new Answers(exchanges)).connect('c', {
    amphoraId: 'a',
    managementAddress: 'x',
  })

describe('what was captured', () => {
  it('answers the n-th question with the n-th answer, and with the last from then on', async () => {
    const host = await hostOf([connected, said('1'), said('2')])
    const answers = []
    for (let turn = 0; turn < 3; turn += 1) answers.push(await host.run(command, { signal: never }))
    expect(answers.map(({ stdout }) => stdout)).toEqual(['1', '2', '2'])
    expect(answers[0]).toMatchObject({ exit: 0, ...times })
  })

  it('does not know what was not asked', async () => {
    const host = await hostOf([connected])
    const missing = { reason: 'capture.notKept' }
    await expect(host.run(command, { signal: never })).rejects.toMatchObject(missing)
    await expect(host.follow(command, never).next()).rejects.toMatchObject(missing)
    await expect(host.shell({ rows: 1, columns: 1 }, never)).rejects.toMatchObject(missing)
    await expect(host.dial('x', 1, never)).rejects.toMatchObject(missing)
    await expect(hostOf([])).rejects.toMatchObject(missing)
  })

  it('fails as it failed', async () => {
    const failure = { code: 'unreachable', reason: 'ssh.refused', message: 'no' } as const
    await expect(
      hostOf([{ kind: 'connect', amphoraId: 'a', ...times, failure }]),
    ).rejects.toMatchObject(failure)
  })

  it('tells requests apart by what they ask, in whatever order they name it', async () => {
    const ask = {
      kind: 'request',
      service: 'network',
      method: 'GET',
      path: '/p',
      ...times,
    } as const
    const api = new ReplayingApi(
      new Answers([
        { ...ask, query: { limit: '1', id: ['a', 'b'] }, status: 200, body: { ports: [] } },
      ]),
      27,
    )
    const call = (query: Record<string, string | number | readonly string[] | undefined>) =>
      api.call('c', 'network', { method: 'GET', path: '/p', query, signal: never })
    expect(await call({ id: ['a', 'b'], limit: 1, marker: undefined })).toMatchObject({
      ...{ status: 200, body: { ports: [] }, at: 10, durationMs: 2 },
    })
    await expect(call({ limit: 2 })).rejects.toMatchObject({ reason: 'capture.notKept' })
  })
})

const MANIFEST = {
  ...{ format: 'octavia-console capture', schema: 1, version: '1', cloud: 'c', octaviaMinor: 27 },
  ...{ loadBalancer: { id: 'lb' }, startedAt: 1, stateAt: 2, endedAt: 3, hours: 24 },
  ...{ partial: false, masked: false, ssh: true, amphorae: [], records: [], logs: [] },
  ...{ unread: [], redacted: [] },
}
const parsed = (change: object) => parseManifest(JSON.stringify({ ...MANIFEST, ...change }))

describe('a manifest', () => {
  it('is read where it is one', () => {
    expect(parsed({})?.loadBalancer).toEqual({ id: 'lb' })
  })

  it.each<[string, object]>([
    ['another format', { format: 'other' }],
    ['a later form', { schema: 2 }],
    ['no load balancer', { loadBalancer: undefined }],
    ['a time that is none', { stateAt: 1e17 }],
    ['records that are none', { records: [{ kind: 'command' }] }],
    ['too many amphorae', { amphorae: Array.from({ length: 101 }, () => ({ id: 'a' })) }],
  ])('is none with %s', (_, change) => {
    expect(parsed(change)).toBeUndefined()
  })

  it.each(['../../etc/passwd', '/etc/passwd', 'api/../../x', 'amphora-a/commands/../x', 'api/.x'])(
    'leads to no file but its own: %s',
    (file) => {
      const record = { ...said(''), file }
      expect(parsed({ records: [record] })).toBeUndefined()
    },
  )

  it('is none where it is no JSON, nor anything else that is damaged', () => {
    const text = JSON.stringify(MANIFEST)
    expect(parseManifest('')).toBeUndefined()
    for (let cut = 0; cut < text.length; cut += 7)
      expect(parseManifest(text.slice(0, cut))).toBeUndefined()
  })

  it('takes a record without its file, or with a damaged one, for none', () => {
    const [entry] = parsed({
      records: [{ ...said(''), file: 'amphora-a/commands/1.txt' }],
    })!.records
    expect(exchangeOf(entry!, undefined)).toBeUndefined()
    expect(exchangeOf(entry!, 'x')).toMatchObject({ stdout: 'x' })
    const [request] = parsed({
      records: [
        {
          ...{ kind: 'request', service: 'network', method: 'GET', path: '/p', query: {} },
          ...{ ...times, status: 200, file: 'api/1.json' },
        },
      ],
    })!.records
    expect(exchangeOf(request!, '{')).toBeUndefined()
    expect(exchangeOf(request!, '{"a":1}')).toMatchObject({ body: { a: 1 } })
  })
})
