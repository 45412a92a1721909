import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Episode, MonitorItem, ProbeSettings } from '../../../../preload/contract/pair'
import { NodeDial } from '../../../../main/platform/dial'
import { EpisodeLog } from '../../../../main/services/monitor/episodeLog'
import { Monitor } from '../../../../main/services/monitor/monitor'
import { LocalProber } from '../../../../main/services/probe/prober'
import { pairBench, until } from '../../../support/pairBench'
import { LB, ScriptedAmphora } from '../../../support/scriptedAmphora'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** A pair whose VIP is a server on this machine. */
async function monitorBench() {
  const bench = pairBench()
  const folder = await mkdtemp(join(tmpdir(), 'monitor-'))
  const service = { ok: true, count: 0 }
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      if (!service.ok) return void socket.destroy()
      service.count += 1
      socket.end(`HTTP/1.0 200 OK\r\n\r\nweb${String(1 + (service.count % 2))}\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const local = new NodeDial()
  const dial = {
    dial: (_vip: string, port: number, signal: AbortSignal) =>
      local.dial('127.0.0.1', port, signal),
  }
  const reports: unknown[] = []
  const make = () =>
    new Monitor(
      {
        pairs: bench.pairs,
        prober: new LocalProber(dial, bench.hosts),
        episodes: new EpisodeLog(folder),
        report: (error) => reports.push(error),
      },
      20,
    )
  const monitor = make()
  endings.push(
    () => rm(folder, { recursive: true }),
    () => new Promise((resolve) => server.close(resolve)),
    () => bench.pairs.close(),
    () => monitor.close(),
  )
  const { port } = server.address() as AddressInfo
  return { ...bench, monitor, service, port, reports, make }
}

const probeOf = (port: number, change: Partial<ProbeSettings> = {}): ProbeSettings => ({
  kind: 'http',
  port,
  path: '/',
  intervalMs: 20,
  timeoutMs: 500,
  from: 'machine',
  ...change,
})

class Watcher {
  readonly items: MonitorItem[] = []
  private readonly stop = new AbortController()
  private readonly done: Promise<void>

  constructor(monitor: Monitor, settings?: ProbeSettings) {
    this.done = this.read(monitor.follow('cloud', LB, settings, this.stop.signal))
  }

  of<K extends MonitorItem['kind']>(kind: K) {
    return this.items.filter(
      (item): item is Extract<MonitorItem, { kind: K }> => item.kind === kind,
    )
  }

  get episodes(): Episode[] {
    return [...new Map(this.of('episode').map(({ episode }) => [episode.id, episode])).values()]
  }

  get owner() {
    return this.of('pair').at(-1)?.pair.ownership
  }

  async leave(): Promise<void> {
    this.stop.abort()
    await this.done
  }

  private async read(items: AsyncIterable<MonitorItem>): Promise<void> {
    for await (const item of items) this.items.push(item)
  }
}

it('tells a failover as one episode, with what clients saw of it, and keeps it', async () => {
  const { monitor, a, b, service, port, make } = await monitorBench()
  const watcher = new Watcher(monitor, probeOf(port))
  await until(() => watcher.owner?.kind === 'one' && watcher.owner.confirmed)
  await until(() => watcher.of('probe').length > 3)

  a.log('Stopping')
  service.ok = false
  a.setVip(false)
  await new Promise((resolve) => setTimeout(resolve, 300))
  b.setVip(true)
  b.log('(7a1f3c5294c44d6e9a1b0c5d3e7f8a10) Entering MASTER STATE')
  service.ok = true
  await until(() => watcher.episodes.some(({ endedAt }) => endedAt !== undefined))

  const [episode] = watcher.episodes
  expect(watcher.episodes).toHaveLength(1)
  expect(episode).toMatchObject({
    outcome: 'moved',
    from: 'amphora-a',
    to: 'amphora-b',
    trigger: { text: 'Stopping', amphoraId: 'amphora-a' },
  })
  expect(episode!.ownerlessMs).toBeGreaterThanOrEqual(280)
  expect(episode!.outageMs).toBeGreaterThanOrEqual(250)
  expect(episode!.failedProbes).toBeGreaterThan(5)
  expect(episode!.phases.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'trigger',
      'vipLost',
      'vipGained',
      'lastSuccess',
      'firstFailure',
      'firstSuccess',
    ]),
  )
  await watcher.leave()
  await monitor.close()
  expect(await make().recorded('cloud', LB)).toMatchObject([{ id: episode!.id, outcome: 'moved' }])
})

it('probes without gaps and counts which member answered', async () => {
  const { monitor, port } = await monitorBench()
  const watcher = new Watcher(monitor, probeOf(port))
  await until(() => watcher.of('probe').flatMap(({ samples }) => samples).length > 50)
  const sequences = watcher
    .of('probe')
    .flatMap(({ samples }) => samples.map(({ sequence }) => sequence))
  expect(sequences).toEqual(sequences.map((_, index) => index))
  const balance = watcher.of('balance').at(-1)!
  expect(balance.bodies.map(({ body }) => body).sort()).toEqual(['web1', 'web2'])
  expect(watcher.of('probeState').at(-1)).toMatchObject({ state: 'running' })
  await watcher.leave()
})

it('shares the probe among those who ask for the same, and ends it some time after the last', async () => {
  const { monitor, port, service, a } = await monitorBench()
  const first = new Watcher(monitor, probeOf(port))
  await until(() => first.of('probe').length > 2)
  const second = new Watcher(monitor, probeOf(port))
  await until(() => second.of('probe').length > 2)
  const numbers = second
    .of('probe')
    .flatMap(({ samples }) => samples.map(({ sequence }) => sequence))
  expect(numbers).toEqual(numbers.map((_, index) => index))
  await first.leave()
  await second.leave()
  await until(() => a.streams === 0)
  const asked = service.count
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(service.count).toBe(asked)
})

it('says that the probe itself failed where there is no jump host, and watches the pair all the same', async () => {
  const { monitor, port } = await monitorBench()
  const watcher = new Watcher(monitor, probeOf(port, { from: 'jump' }))
  await until(() => watcher.of('probeState').length > 0)
  expect(watcher.of('probeState')[0]).toMatchObject({
    state: 'failed',
    failure: { reason: 'ssh.noJump' },
  })
  await until(() => watcher.owner?.kind === 'one')
  expect(watcher.of('probe')).toEqual([])
  await watcher.leave()
})

it('goes on with a replacement, without an episode of its own', async () => {
  const { monitor, a, b, api, hosts, pairs } = await monitorBench()
  const watcher = new Watcher(monitor)
  await until(() => watcher.owner?.kind === 'one' && watcher.owner.confirmed)
  const c = new ScriptedAmphora('amphora-c', b.address)
  hosts.amphorae.push(c)
  api.amphorae = [a, c]
  pairs.refresh('cloud', LB)
  await until(() =>
    watcher
      .of('pair')
      .at(-1)!
      .pair.sides.some(({ amphoraId, vips }) => amphoraId === 'amphora-c' && 'value' in vips),
  )
  expect(watcher.episodes).toEqual([])

  a.setVip(false)
  c.setVip(true)
  await until(() => watcher.episodes.some(({ endedAt }) => endedAt !== undefined))
  expect(watcher.episodes).toMatchObject([{ outcome: 'moved', from: 'amphora-a', to: 'amphora-c' }])
  await watcher.leave()
})
