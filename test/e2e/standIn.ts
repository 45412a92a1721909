import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, chromium, type Browser, type Page } from '@playwright/test'

/** The built main and preload bundles behind a stand-in for Electron, with a real Chromium as window. */
export class StandIn {
  private questions = 0

  constructor(
    private readonly child: ChildProcess,
    private readonly browser: Browser,
    private readonly log: () => string,
    readonly dataFolder: string,
  ) {}

  /** What the console's window shows now: another page after a crash. */
  get page(): Page {
    const page = this.browser.contexts()[0]?.pages().at(-1)
    if (!page) throw new Error(`There is no window: ${this.printed}`)
    return page
  }

  /** Ends the process of the page, as a crash would; over once another page was opened, if one is. */
  async crash(): Promise<void> {
    await this.page.goto('chrome://crash').catch(() => undefined)
  }

  /** The dialogs that are open, each with its words and buttons. */
  dialogs(): Promise<{ message: string; detail: string; buttons: string[] }[]> {
    return this.ask('dialogs')
  }

  /** Presses a button of the open dialog, counted from 0. */
  press(button: number): Promise<void> {
    return this.ask('press', button)
  }

  /** Everything main and the stand-in printed. */
  get printed(): string {
    return this.log()
  }

  /** Calls of the page that main has open, and TCP connections of the process. */
  open(): Promise<{ calls: number; connections: number }> {
    return this.ask('open')
  }

  /** What main answers when the page asks for a permission, by Electron's name for it. */
  permission(name: string): Promise<{ asked: boolean; checked: boolean }> {
    return this.ask('permission', name)
  }

  /** What main answers a call from such a frame, until it closes the port. */
  call(
    senderFrame: { parent: object | null; origin: string } | null,
    message: unknown,
  ): Promise<unknown[]> {
    return this.ask('call', { senderFrame, message })
  }

  /** The exit code, once it has ended by itself. */
  ended(): Promise<number | null> {
    const { child } = this
    if (child.exitCode !== null) return Promise.resolve(child.exitCode)
    return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
  }

  /** Ends it as a log-out would, if it still runs. */
  async end(): Promise<void> {
    await this.browser.close()
    if (this.child.exitCode === null) this.child.kill('SIGTERM')
    await this.ended()
  }

  private ask<T>(question: string, subject?: unknown): Promise<T> {
    const id = (this.questions += 1)
    return new Promise((resolve) => {
      const hear = (reply: unknown) => {
        const { id: answered, answer } = reply as { id: number; answer: T }
        if (answered !== id) return
        this.child.off('message', hear)
        resolve(answer)
      }
      this.child.on('message', hear)
      this.child.send({ id, question, subject })
    })
  }
}

interface Fixtures {
  /** Opens the console; the data folder is kept between two that share it. */
  openStandIn: (dataFolder?: string) => Promise<StandIn>
  /** A console with the demo cloud. */
  standIn: StandIn
}

export const test = base.extend<Fixtures>({
  openStandIn: async ({ launchOptions }, use) => {
    const opened: StandIn[] = []
    const folders: string[] = []
    await use(async (dataFolder) => {
      const folder = dataFolder ?? mkdtempSync(join(tmpdir(), 'console-stand-in-'))
      folders.push(folder)
      const standIn = await start(folder, launchOptions.executablePath)
      opened.push(standIn)
      return standIn
    })
    for (const standIn of opened) await standIn.end()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  standIn: async ({ openStandIn }, use) => use(await openStandIn()),
})

export { expect } from '@playwright/test'

async function start(dataFolder: string, executablePath: string | undefined): Promise<StandIn> {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    ['--import', './test/support/standIn/register.mjs', 'out/main/index.js', '--demo'],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        ...(executablePath && { CHROMIUM: executablePath }),
        STAND_IN_DATA: dataFolder,
        STAND_IN_PORT: String(port),
        OS_CLIENT_CONFIG_FILE: join(dataFolder, 'no-clouds.yaml'),
      },
    },
  )
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('window shown')) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('exit', () => reject(new Error(`The stand-in ended: ${printed}`)))
  })
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${String(port)}`)
  return new StandIn(child, browser, () => printed, join(dataFolder, 'console'))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
