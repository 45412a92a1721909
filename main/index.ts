import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, BrowserWindow, safeStorage } from 'electron'
import { contract } from '../preload/contract'
import type { Settings } from '../preload/contract/app'
import english from '../renderer/locales/en/crash.json'
import vietnamese from '../renderer/locales/vi/crash.json'
import { createConsole } from './console'
import { listen } from './ipc/listen'
import type { SecretCipher } from './platform/secrets'
import { setMenu } from './shell/menu'
import { PAGE_ORIGIN, registerScheme, servePage } from './shell/page'
import { recover, type CrashWords } from './shell/recovery'
import { lockDown, openWindow } from './shell/window'
import { contentSecurityPolicy, readPage, SECURITY_HEADERS } from './web/page'

/** The Electron host: composes the console and shows its page in a window. */
async function start(): Promise<void> {
  const built = join(app.getAppPath(), 'out')
  const page = readPage(join(built, 'renderer'))
  const { version } = JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8')) as {
    version: string
  }

  await app.whenReady()
  const console = await createConsole({
    kind: 'electron',
    version,
    dataFolder: join(app.getPath('userData'), 'console'),
    secrets: await systemCipher(),
    environment: process.env,
    probeThread: pathToFileURL(join(built, 'main', 'probeThread.js')),
    reviewThread: pathToFileURL(join(built, 'main', 'reviewThread.js')),
    demo: process.argv.includes('--demo') || app.commandLine.hasSwitch('demo'),
  })

  lockDown()
  setMenu()
  servePage(page, {
    ...SECURITY_HEADERS,
    'Content-Security-Policy': contentSecurityPolicy("'none'"),
  })
  // Served before the window opens: the page's first call must find somebody.
  listen(contract, console.handlers, PAGE_ORIGIN, console.report)

  const words = async (): Promise<CrashWords> => {
    const settings = await firstOf(
      console.handlers['settings.follow']({}, AbortSignal.timeout(1000)),
    )
    return isVietnamese(settings) ? vietnamese : english
  }
  const open = () => {
    const window = openWindow(`${PAGE_ORIGIN}/`, join(built, 'preload', 'index.cjs'))
    recover(window, words, console.report)
  }
  open()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    window?.show()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())

  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void console.close().finally(() => {
      closed = true
      app.quit()
    })
  })
}

/** The language that the page speaks, too. */
const isVietnamese = (settings: Settings | undefined): boolean => {
  const { language = 'system' } = settings ?? {}
  return language === 'vi' || (language === 'system' && app.getLocale().startsWith('vi'))
}

/** The first item of a stream; undefined where it cannot be had. */
async function firstOf<T>(stream: AsyncIterable<T>): Promise<T | undefined> {
  try {
    for await (const item of stream) return item
  } catch {
    // A setting that cannot be read must not keep a failure from being shown.
  }
  return undefined
}

/** Seals secrets with the system's key store. Where there is none worth its name, nothing is written. */
async function systemCipher(): Promise<SecretCipher> {
  const usable =
    (await safeStorage.isAsyncEncryptionAvailable()) &&
    // On Linux without a key ring Electron falls back to a fixed key, which hides nothing.
    (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text')
  return {
    kind: usable ? 'system' : 'memory',
    encrypt: async (plain) =>
      usable ? (await safeStorage.encryptStringAsync(plain)).toString('base64') : undefined,
    decrypt: async (sealed) =>
      (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result,
  }
}

registerScheme()
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error)
    process.stderr.write(`Octavia Console cannot start: ${words}\n`)
    app.exit(1)
  })
} else {
  app.quit()
}
