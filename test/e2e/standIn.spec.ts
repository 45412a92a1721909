import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { WINDOW } from '../../preload/contract/channel'
import type { Job } from '../../preload/contract/job'
import type { LoadBalancer } from '../../preload/contract/loadBalancer'
import type { Network } from '../../preload/contract/network'
import { aLoadBalancerPlan } from '../support/aLoadBalancerPlan'
import { hangingServer, type HangingServer } from '../support/hangingServer'
import { askFromPage, followFromPage, itemsOf } from './pages/pageCalls'
import { expect, test, type StandIn } from './standIn'

const OURS = 'console://page'
const CLOUDS = { name: 'cloud.list', input: {} }
const PROBE = {
  kind: 'tcp',
  port: 1,
  path: '/',
  intervalMs: 10,
  timeoutMs: 50,
  from: 'machine',
} as const

/** Tests of a cloud that never answers, and the moment when main waits for all of them. */
async function testsThatHang(page: Page, server: HangingServer, count: number): Promise<void> {
  const form = {
    name: 'silent',
    authUrl: `${server.url}/v3`,
    interface: 'public',
    auth: { type: 'password', userName: 'operator', userDomain: 'Default', password: 'x' },
    insecure: false,
  }
  for (let each = 0; each < count; each += 1) {
    const as = `test ${String(each)}`
    await followFromPage(page, { as, name: 'cloud.test', input: { form }, credit: true })
  }
  await expect.poll(server.open).toBe(count)
}

/** How many calls the page itself has open, once it has settled. */
async function ownCalls(standIn: StandIn): Promise<number> {
  await expect(standIn.page.getByRole('article', { name: 'demo', exact: true })).toBeVisible()
  let before = -1
  await expect(async () => {
    const { calls } = await standIn.open()
    const settled = calls === before
    before = calls
    expect(settled).toBe(true)
  }).toPass()
  return before
}

test('the page shows its clouds, and knows nothing of main but window.bridge', async ({
  standIn,
}) => {
  const { page } = standIn
  await expect(page.getByRole('article', { name: 'demo', exact: true })).toBeVisible()
  expect(await page.evaluate(() => Object.keys(window.bridge ?? {}))).toEqual(['open'])
})

test('a stream stops at its credit and goes on with it, while another one reads on', async ({
  standIn: { page },
}) => {
  await askFromPage(page, 'cloud.open', { cloud: 'demo' })
  const list = await askFromPage<{ loadBalancers: LoadBalancer[] }>(page, 'loadBalancer.list', {
    cloud: 'demo',
  })
  const input = { cloud: 'demo', loadBalancerId: list.loadBalancers[0]!.id, probe: PROBE }
  const name = 'monitor.follow'
  await followFromPage(page, { as: 'slow', name, input, credit: false })
  await followFromPage(page, { as: 'fast', name, input, credit: true })
  await expect.poll(() => itemsOf(page, 'fast'), { timeout: 60_000 }).toBeGreaterThan(3 * WINDOW)
  expect(await itemsOf(page, 'slow')).toBe(WINDOW)

  await page.evaluate(() => window.heard['slow']!.call.post({ credit: 2 }))
  await expect.poll(() => itemsOf(page, 'slow')).toBe(WINDOW + 2)
})

test('navigation away is refused', async ({ standIn: { page } }) => {
  const before = page.url()
  await page.evaluate(() => {
    window.location.href = 'https://elsewhere.test/'
  })
  await expect(page.getByRole('heading', { name: 'Clouds' })).toBeVisible()
  expect(page.url()).toBe(before)
  await expect(page.getByText('another site')).toHaveCount(0)
})

test('no window opens from the page; only https goes to the system’s browser', async ({
  standIn,
}) => {
  const { page } = standIn
  for (const address of [
    'http://plain.test/',
    'file:///etc/passwd',
    'javascript:document.title',
    'https://docs.test/octavia',
  ]) {
    await page.evaluate((address) => void window.open(address), address)
  }
  await expect.poll(() => standIn.printed).toContain('external https://docs.test/octavia')
  expect(standIn.printed.match(/^external .*/gm)).toEqual(['external https://docs.test/octavia'])
  await expect.poll(() => page.context().pages().length).toBe(1)
})

test('copying is the only permission', async ({ standIn }) => {
  expect(await standIn.permission('clipboard-sanitized-write')).toEqual({
    asked: true,
    checked: true,
  })
  for (const name of ['media', 'geolocation', 'notifications', 'clipboard-read', 'fullscreen']) {
    expect(await standIn.permission(name), name).toEqual({ asked: false, checked: false })
  }
})

test('only the top frame of the page itself is served', async ({ standIn }) => {
  expect(await standIn.call({ parent: null, origin: OURS }, CLOUDS)).toEqual([
    { items: [expect.objectContaining({ clouds: expect.anything() })] },
    { end: true },
    'closed',
  ])
  for (const frame of [
    { parent: {}, origin: OURS },
    { parent: null, origin: 'https://elsewhere.test' },
    { parent: null, origin: 'null' },
    { parent: null, origin: 'file://' },
    null,
  ]) {
    expect(await standIn.call(frame, CLOUDS), JSON.stringify(frame)).toEqual(['closed'])
  }
  for (const message of [null, 'cloud.list', {}, { name: 7 }, []]) {
    expect(await standIn.call({ parent: null, origin: OURS }, message)).toEqual(['closed'])
  }
})

test('a frame inside the page is not served', async ({ standIn: { page } }) => {
  const heard = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        document.body.append(frame)
        const messages: unknown[] = []
        const opened = frame.contentWindow?.bridge?.open('cloud.list', {}, (message) =>
          messages.push(message),
        )
        // Answered after it, because calls are served in their order.
        window.bridge?.open('app.info', {}, () => resolve({ opened: Boolean(opened), messages }))
      }),
  )
  expect(heard).toEqual({ opened: true, messages: [] })
})

test('a reload aborts every open call in main', async ({ standIn }) => {
  const server = await hangingServer()
  const before = await ownCalls(standIn)
  await testsThatHang(standIn.page, server, 20)
  expect((await standIn.open()).calls).toBe(before + 20)

  await standIn.page.reload()
  await expect.poll(server.open).toBe(0)
  expect(await ownCalls(standIn)).toBe(before)
  await server.close()
})

test('a crash of the page leaks nothing', async ({ standIn }) => {
  const server = await hangingServer()
  await ownCalls(standIn)
  await testsThatHang(standIn.page, server, 20)

  await standIn.page.goto('chrome://crash').catch(() => undefined)
  await expect.poll(server.open).toBe(0)
  await expect.poll(async () => (await standIn.open()).calls).toBe(0)
  await server.close()
})

test('closing the window ends the process, and a job that ran can be continued', async ({
  openStandIn,
}) => {
  const first = await openStandIn()
  const { page } = first
  await askFromPage(page, 'cloud.open', { cloud: 'demo' })
  await askFromPage(page, 'cloud.arm', { cloud: 'demo', minutes: 5 })
  const networks = await askFromPage<Network[]>(page, 'network.list', { cloud: 'demo' })
  const subnets = networks.flatMap(({ subnets }) => subnets)
  const plan = aLoadBalancerPlan({
    vipSubnetId: subnets.find(({ name }) => name === 'PUBLIC_IP_30')!.id,
    listeners: [],
  })
  await askFromPage(page, 'job.createLoadBalancer', { cloud: 'demo', plan })
  await expect(page.getByRole('button', { name: 'Jobs', exact: false })).toContainText('1 running')

  await page.close()
  expect(await first.ended()).toBe(0)
  const kept = JSON.parse(readFileSync(join(first.dataFolder, 'jobs.json'), 'utf8')) as {
    job: Job
  }[]
  expect(kept.map(({ job }) => job.subject)).toEqual(['shop'])

  const second = await openStandIn(dirname(first.dataFolder))
  const jobs = second.page.getByRole('region', { name: 'Jobs' })
  await expect(jobs).toContainText('1 interrupted')
})
