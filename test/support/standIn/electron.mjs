import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { chromium } from '@playwright/test'

/**
 * A stand-in for the module `electron`: as much of it as the console uses, with a real Chromium as its window.
 * It runs the built main and preload bundles, so what is left untested without Electron is Electron itself.
 * The page's scheme is served under a name that Chromium knows how to show.
 */
const SHOWN = 'https://console.test'

class App extends EventEmitter {
  commandLine = { hasSwitch: (name) => process.argv.includes(`--${name}`) }
  whenReady = () => Promise.resolve()
  getAppPath = () => process.cwd()
  getLocale = () => 'en-US'
  getPath = () => process.env.STAND_IN_DATA
  requestSingleInstanceLock = () => true
  quit() {
    let prevented = false
    this.emit('before-quit', { preventDefault: () => (prevented = true) })
    if (!prevented) void leave(0)
  }
  /** At once, as Electron does: nothing that was begun is waited for. */
  exit(code) {
    process.exit(code)
  }
}
export const app = new App()

const browser = await chromium.launchPersistentContext(`${process.env.STAND_IN_DATA}/chromium`, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--remote-debugging-port=' + process.env.STAND_IN_PORT,
  ],
})
async function leave(code) {
  await browser.close()
  process.exit(code)
}
process.on('SIGTERM', () => app.quit())

let schemeHandler = () => new Response('', { status: 404 })
let scheme = ''
export const protocol = {
  registerSchemesAsPrivileged: ([{ scheme: name, privileges }]) => {
    if (!privileges.standard || !privileges.secure) throw new Error('not a proper origin')
    scheme = name
  },
  handle: (name, handler) => {
    // A start that fails late: everything before it has succeeded.
    if (process.env.STAND_IN_BROKEN) throw new Error(process.env.STAND_IN_BROKEN)
    if (name !== scheme) throw new Error(`${name} was not registered`)
    schemeHandler = handler
  },
}

let allowsAsked = (_contents, _permission, answer) => answer(true)
let allowsChecked = () => true
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => (allowsAsked = handler),
    setPermissionCheckHandler: (handler) => (allowsChecked = handler),
  },
}

export const ipcMain = new EventEmitter()
export const nativeTheme = { shouldUseDarkColors: true }
export const Menu = { setApplicationMenu: () => undefined, buildFromTemplate: (items) => items }
export const shell = {
  openExternal: (url) => Promise.resolve(process.stdout.write(`external ${url}\n`)),
}
export const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(false),
  getSelectedStorageBackend: () => 'basic_text',
}

/** Dialogs that wait for an answer, oldest first. */
const dialogs = []
export const dialog = {
  showMessageBox: (_window, options) =>
    new Promise((resolve) => dialogs.push({ options, resolve })),
}

/** Electron's MessagePortMain, carried by functions that Playwright exposes in the page. */
class PortMain extends EventEmitter {
  constructor(deliver) {
    super()
    this.deliver = deliver
  }
  postMessage(data) {
    if (!this.closed) this.deliver({ data })
  }
  start() {
    this.started = true
    for (const data of this.early ?? []) this.emit('message', { data })
    this.early = undefined
  }
  receive(data) {
    if (this.started) this.emit('message', { data })
    else (this.early ??= []).push(data)
  }
  close() {
    if (this.closed) return
    this.closed = true
    this.deliver({ closed: true })
    this.emit('close')
  }
  lost() {
    if (this.closed) return
    this.closed = true
    this.emit('close')
  }
}

/** An address as main knows it. */
const inside = (address) => address.replace(SHOWN, `${scheme}://page`)

export class BrowserWindow extends EventEmitter {
  static #all = []
  static getAllWindows = () => BrowserWindow.#all
  #ports = new Map()

  constructor({ webPreferences }) {
    super()
    const { sandbox, contextIsolation, nodeIntegration } = webPreferences
    if (!sandbox || !contextIsolation || nodeIntegration)
      throw new Error('the page is not sandboxed')
    BrowserWindow.#all.push(this)
    this.preload = readFileSync(webPreferences.preload, 'utf8')
    this.webContents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler) => (this.openHandler = handler),
      reload: () => void this.#reload(),
    })
    app.emit('web-contents-created', {}, this.webContents)
  }
  show() {}
  focus() {}

  isDestroyed() {
    return !BrowserWindow.#all.includes(this)
  }
  destroy() {
    void this.page.close()
  }

  async loadURL(url) {
    this.url = url
    await browser.route('**/*', async (route) => {
      const { page } = this
      const request = route.request()
      const top = request.isNavigationRequest() && request.frame() === page.mainFrame()
      if (top && page.url().startsWith(SHOWN) && !request.url().startsWith(`${SHOWN}/`)) {
        let prevented = false
        this.webContents.emit('will-navigate', { preventDefault: () => (prevented = true) })
        if (prevented) return route.abort('aborted')
      }
      const answer = request.url().startsWith(`${SHOWN}/`)
        ? await schemeHandler({ url: inside(request.url()) })
        : new Response('another site', { headers: { 'Content-Type': 'text/html' } })
      const body = Buffer.from(await answer.arrayBuffer())
      const headers = Object.fromEntries(answer.headers)
      // Whoever asked may be gone by now.
      await route.fulfill({ status: answer.status, headers, body }).catch(() => undefined)
    })
    const [page] = browser.pages()
    await this.#show(page)
    this.emit('ready-to-show')
    process.stdout.write('window shown\n')
  }

  /** A page that crashed cannot be used again: another one takes its place. */
  async #reload() {
    const gone = this.page
    await this.#show(await browser.newPage())
    await gone.close()
  }

  async #show(page) {
    this.page = page
    // As the operator's browser would: a document that goes away takes its ports with it.
    await page.exposeBinding('standInBorn', ({ frame }) => this.#lose(frame))
    await page.exposeBinding('standInCall', ({ frame }, channel, message, id) => {
      const port = new PortMain((event) => {
        frame
          .evaluate(([id, event]) => window.standInDeliver(id, event), [id, event])
          .catch(() => port.lost())
      })
      this.#ports.set(id, { port, frame })
      port.on('close', () => this.#ports.delete(id))
      const origin = inside(frame.url().replace(/^(\w+:\/\/[^/]*).*/, '$1'))
      const senderFrame = { parent: frame.parentFrame(), origin }
      ipcMain.emit(channel, { ports: [port], senderFrame, sender: this.webContents }, message)
    })
    await page.exposeFunction('standInPost', (id, data) => this.#ports.get(id)?.port.receive(data))
    await page.exposeFunction('standInClose', (id) => this.#ports.get(id)?.port.lost())
    // As text, because the page's policy forbids it to make code of text by itself.
    await page.addInitScript({
      content: `(${pageSide})((require, module, exports) => {${this.preload}\n})`,
    })
    // Its ports stay: that they are closed then is up to main.
    page.on('crash', () => {
      const details = { reason: 'crashed', exitCode: 5 }
      this.webContents.emit('render-process-gone', {}, details)
    })
    page.on('close', () => {
      if (page !== this.page) return
      this.#lose()
      BrowserWindow.#all.splice(BrowserWindow.#all.indexOf(this), 1)
      if (BrowserWindow.#all.length === 0) app.emit('window-all-closed')
    })
    await page.exposeFunction('standInOpen', (address) => {
      if (this.openHandler({ url: address }).action !== 'deny') throw new Error('a second window')
    })
    await page.goto(this.url.replace(`${scheme}://page`, SHOWN))
  }

  /** Closes the ports of a frame whose document is gone, or all. */
  #lose(frame) {
    for (const one of [...this.#ports.values()]) {
      if (!frame || one.frame === frame) one.port.lost()
    }
  }

  get openPorts() {
    return this.#ports.size
  }
}

/** What a test asks of the stand-in itself, over the channel to its parent process. */
const QUESTIONS = {
  /** What keeps this process busy: calls of the page, and TCP connections that it opened or took. */
  open: () => ({
    calls: BrowserWindow.getAllWindows().reduce((sum, { openPorts }) => sum + openPorts, 0),
    connections: process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
  }),
  /** What the dialogs say that wait for an answer. */
  dialogs: () => dialogs.map(({ options }) => options),
  /** Presses a button of the oldest dialog. */
  press: (response) => dialogs.shift()?.resolve({ response, checkboxChecked: false }),
  /** Both of Electron's questions about a permission. */
  permission: async (name) => ({
    asked: await new Promise((resolve) => allowsAsked(undefined, name, resolve)),
    checked: allowsChecked(undefined, name),
  }),
  /** What a call gets that comes from such a frame. */
  call: async ({ senderFrame, message }) => {
    const heard = []
    const port = new PortMain((event) => heard.push(event.closed ? 'closed' : event.data))
    const sender = new EventEmitter()
    ipcMain.emit('call', { ports: [port], senderFrame, sender }, message)
    while (!heard.includes('closed')) await new Promise((resolve) => setTimeout(resolve, 5))
    return heard
  },
}
process.on('message', async ({ id, question, subject }) => {
  process.send({ id, answer: await QUESTIONS[question](subject) })
})

/** Runs in the page before anything else: the part of `electron` that a sandboxed preload script may use. */
function pageSide(preload) {
  let last = 0
  const near = new Map()
  void window.standInBorn()
  // Electron asks before there is a window; Chromium would make one first.
  window.open = (address) => {
    void window.standInOpen(new URL(address, document.baseURI).href)
    return null
  }
  window.standInDeliver = (id, event) => {
    const port = near.get(id)
    if (event.closed) port?.close()
    else port?.postMessage(event.data)
  }
  const electron = {
    contextBridge: { exposeInMainWorld: (name, value) => (window[name] = value) },
    webUtils: { getPathForFile: () => '' },
    ipcRenderer: {
      postMessage: (channel, message, [port]) => {
        const id = `${Math.random()}-${(last += 1)}`
        near.set(id, port)
        port.onmessage = (event) => void window.standInPost(id, event.data)
        port.addEventListener('close', () => void window.standInClose(id))
        void window.standInCall(channel, message, id)
      },
    },
  }
  const module = { exports: {} }
  preload(() => electron, module, module.exports)
}
