import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  _electron,
  expect,
  test as base,
  type ElectronApplication,
  type Page,
} from '@playwright/test'
import { askFromPage } from '../e2e/pages/pageCalls'

interface Fixtures {
  dataFolder: string
  /** The real Electron with the demo cloud; launching it fails where its binary is missing. */
  console: ElectronApplication
  window: Page
}

const test = base.extend<Fixtures>({
  dataFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'console-electron-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  console: async ({ dataFolder }, use) => {
    const inContainer = process.platform === 'linux' && process.getuid?.() === 0
    const console = await _electron.launch({
      args: [
        ...['.', '--demo', `--user-data-dir=${dataFolder}`],
        ...(inContainer ? ['--no-sandbox'] : []),
      ],
      env: { ...process.env, OS_CLIENT_CONFIG_FILE: join(dataFolder, 'no-clouds.yaml') },
    })
    await use(console)
    await console.close()
  },
  window: async ({ console }, use) => use(await console.firstWindow()),
})

test('the page shows its clouds, sandboxed, and reaches main by window.bridge', async ({
  window,
}) => {
  await expect(window.getByRole('article', { name: 'demo', exact: true })).toBeVisible()
  expect(new URL(window.url()).protocol).toBe('console:')
  expect(
    await window.evaluate(() =>
      ['require', 'process', 'module'].filter((name) => name in globalThis),
    ),
  ).toEqual([])
  await askFromPage(window, 'cloud.open', { cloud: 'demo' })
  await expect(window.getByRole('link', { name: 'demo', exact: true }).first()).toBeVisible()
})

test('the page cannot leave, open windows or use the camera, but may copy', async ({
  console,
  window,
}) => {
  const before = window.url()
  await window.evaluate(() => {
    globalThis.window.open('http://plain.test/')
    globalThis.window.location.href = 'https://elsewhere.test/'
  })
  await expect(window.getByRole('heading', { name: 'Clouds' })).toBeVisible()
  expect(window.url()).toBe(before)
  expect(await console.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(
    1,
  )
  const camera = await window.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'allowed',
      () => 'refused',
    ),
  )
  expect(camera).toBe('refused')
})

test('a reload ends the calls of the page, and the page is served again', async ({ window }) => {
  await expect(window.getByRole('article', { name: 'demo', exact: true })).toBeVisible()
  await window.reload()
  await expect(window.getByRole('article', { name: 'demo', exact: true })).toBeVisible()
})

test('closing the window ends the process', async ({ console, window }) => {
  const child = console.process()
  const exit = new Promise((resolve) => child.once('exit', resolve))
  await window.close()
  expect(await exit).toBe(0)
})
