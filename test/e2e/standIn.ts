import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, chromium, type Page } from '@playwright/test'

/** The built main and preload bundles behind a stand-in for Electron, with a real Chromium as window. */
interface StandIn {
  page: Page
  process: ChildProcess
  /** Everything main and the stand-in printed. */
  printed: () => string
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export const test = base.extend<{ standIn: StandIn }>({
  standIn: async ({ launchOptions }, use) => {
    const data = mkdtempSync(join(tmpdir(), 'console-stand-in-'))
    const port = await freePort()
    const child = spawn(
      process.execPath,
      ['--import', './test/support/standIn/register.mjs', 'out/main/index.js', '--demo'],
      {
        env: {
          ...process.env,
          CHROMIUM: launchOptions.executablePath,
          STAND_IN_DATA: data,
          STAND_IN_PORT: String(port),
          OS_CLIENT_CONFIG_FILE: join(data, 'no-clouds.yaml'),
        },
      },
    )
    let printed = ''
    const shown = new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        printed += chunk.toString()
        if (printed.includes('window shown')) resolve()
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.on('exit', () => reject(new Error(`The stand-in ended: ${printed}`)))
    })
    await shown
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${String(port)}`)
    await use({
      page: browser.contexts()[0]!.pages()[0]!,
      process: child,
      printed: () => printed,
    })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    if (child.exitCode === null) child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  },
})

export { expect } from '@playwright/test'
