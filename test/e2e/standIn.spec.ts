import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
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
  expect(await page.evaluate(() => Object.keys(window.bridge ?? {}))).toEqual(['open', 'pathOf'])
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

test('a crash of the page leaks nothing, and the page comes back', async ({ standIn }) => {
  const server = await hangingServer()
  const before = await ownCalls(standIn)
  const { page } = standIn
  await testsThatHang(page, server, 20)

  await standIn.crash()
  await expect.poll(server.open).toBe(0)
  await expect.poll(() => standIn.page === page).toBe(false)
  expect(await ownCalls(standIn)).toBe(before)
  await askFromPage(standIn.page, 'cloud.open', { cloud: 'demo' })
  await expect(standIn.page.getByRole('link', { name: 'demo', exact: true }).first()).toBeVisible()
  expect(await standIn.dialogs()).toEqual([])
  await server.close()
})

const crashAndReturn = (standIn: StandIn): Promise<void> => afresh(standIn, () => standIn.crash())

/** Waits until the page is back after something that makes it come anew. */
async function afresh(standIn: StandIn, cause: () => Promise<void>): Promise<void> {
  const { page } = standIn
  await cause()
  await expect.poll(() => standIn.page === page).toBe(false)
  await expect(standIn.page.getByRole('article', { name: 'demo', exact: true })).toBeVisible()
}

test('a page that crashes again and again is loaded three times, then a dialog says so', async ({
  standIn,
}) => {
  for (let each = 0; each < 3; each += 1) await crashAndReturn(standIn)
  expect(await standIn.dialogs()).toEqual([])
  await standIn.crash()
  await expect.poll(() => standIn.dialogs()).toHaveLength(1)
  expect(await standIn.dialogs()).toMatchObject([
    {
      message: 'The page of the console crashed several times in a row',
      buttons: ['Load again', 'End the console'],
    },
  ])
  const log = readFileSync(join(standIn.dataFolder, 'console.log'), 'utf8')
  expect(log.match(/process of the page is gone: crashed/g)).toHaveLength(4 * 2)

  await afresh(standIn, () => standIn.press(0))
  await crashAndReturn(standIn)
  expect(await standIn.dialogs()).toEqual([])
})

test('the dialog speaks the language of the page, and can end the console', async ({ standIn }) => {
  const settings = { theme: 'dark', language: 'vi', refreshSeconds: 10 }
  await askFromPage(standIn.page, 'settings.save', settings)
  for (let each = 0; each < 3; each += 1) await crashAndReturn(standIn)
  await standIn.crash()
  await expect.poll(() => standIn.dialogs()).toHaveLength(1)
  expect((await standIn.dialogs())[0]?.buttons).toEqual(['Tải lại', 'Tắt console'])
  await standIn.press(1)
  expect(await standIn.ended()).toBe(0)
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

test.describe('a start that fails', () => {
  const failing = async (environment: Record<string, string>, dataFolder: string) => {
    const child = spawn(
      process.execPath,
      ['--import', './test/support/standIn/register.mjs', 'out/main/index.js'],
      { env: { ...process.env, STAND_IN_DATA: dataFolder, STAND_IN_PORT: '0', ...environment } },
    )
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const code = await new Promise((resolve) => child.once('exit', resolve))
    return { code, said }
  }

  test('says why and exits with 1, in Electron', async ({ launchOptions }) => {
    const folder = mkdtempSync(join(tmpdir(), 'console-fails-'))
    const { executablePath } = launchOptions
    const broken = {
      STAND_IN_BROKEN: 'no such scheme',
      ...(executablePath && { CHROMIUM: executablePath }),
    }
    expect(await failing(broken, folder)).toEqual({
      code: 1,
      said: 'Octavia Console cannot start: no such scheme\n',
    })

    rmSync(join(folder, 'console'), { recursive: true })
    writeFileSync(join(folder, 'console'), 'not a folder')
    const { code, said } = await failing(broken, folder)
    expect(code).toBe(1)
    expect(said).toMatch(/^Octavia Console cannot start: (EEXIST|ENOTDIR).*console.*\n$/)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  test('says why and exits with 1, in the browser host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-fails-'))
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const port = String((taken.address() as AddressInfo).port)
    const argv = ['out/main/start.js', 'serve', '--no-open', '--data', folder, '--port', port]
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    })
    taken.close()
    rmSync(folder, { recursive: true, force: true })
  })
})
