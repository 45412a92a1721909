import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { contract } from '../preload/contract'
import { createConsole, type Console } from './console'
import { MemorySecrets } from './platform/memorySecrets'
import { PassphraseSecrets } from './platform/passphraseSecrets'
import type { SecretCipher } from './platform/secrets'
import { readPage } from './web/page'
import { startWebServer } from './web/server'

const USAGE = `octavia-console serve [--demo] [--port N] [--data FOLDER] [--passphrase-file FILE] [--no-open]

  --demo             also start the built-in demo cloud
  --port N           listen on 127.0.0.1:N instead of a free port
  --data FOLDER      where settings, own clouds, known hosts, jobs and the audit log are kept
  --passphrase-file  read the passphrase that seals stored secrets from the first line of FILE;
                     without it the console asks on a terminal, and otherwise keeps secrets in memory only
  --no-open          do not open a browser
`

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string
}

/**
 * The console without a page, in plain Node, on the usual data folder unless told; asks on a terminal for the passphrase
 * of its secrets where no file holds it.
 * @throws AppError `store.*`, `secrets.passphrase`
 */
export async function openConsole({
  dataFolder = defaultDataFolder(),
  demo,
  passphraseFile,
}: {
  dataFolder?: string | undefined
  demo: boolean
  passphraseFile?: string | undefined
}): Promise<Console> {
  return createConsole({
    kind: 'browser',
    version: VERSION,
    dataFolder,
    secrets: await cipher(passphraseFile, demo, dataFolder),
    environment: process.env,
    probeThread: pathToFileURL(join(ROOT, 'out', 'main', 'probeThread.js')),
    reviewThread: pathToFileURL(join(ROOT, 'out', 'main', 'reviewThread.js')),
    demo,
  })
}

/** The browser host: serves the console's page and its calls on loopback, for machines where nothing can be installed. */
export async function serve(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      demo: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      data: { type: 'string', default: defaultDataFolder() },
      'passphrase-file': { type: 'string' },
      open: { type: 'boolean', default: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowNegative: true,
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }

  const console = await openConsole({
    ...{ dataFolder: values.data, demo: values.demo },
    passphraseFile: values['passphrase-file'],
  })
  const server = await startWebServer({
    port: Number(values.port),
    page: readPage(join(ROOT, 'out', 'renderer')),
    table: contract,
    handlers: console.handlers,
    report: console.report,
  })

  const link = server.link()
  process.stdout.write(`Octavia Console ${VERSION}: ${link}\n`)
  if (values.open && hasDesktop()) openBrowser(link)
  if (process.stdin.isTTY) {
    process.stdout.write('The link works once. Press Enter for another, Ctrl+C to end.\n')
    createInterface({ input: process.stdin }).on('line', () => {
      process.stdout.write(`${server.link()}\n`)
    })
  }

  const stop = () => {
    void Promise.allSettled([server.close(), console.close()]).then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function defaultDataFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? homedir(), 'octavia-console')
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'octavia-console')
  }
  return join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'octavia-console')
}

/** The demo cloud's secrets are worth nothing, so nobody is asked for a passphrase on its account. */
async function cipher(
  file: string | undefined,
  demo: boolean,
  dataFolder: string,
): Promise<SecretCipher> {
  if (file !== undefined) {
    const [passphrase = ''] = readFileSync(file, 'utf8').split('\n')
    return PassphraseSecrets.open(dataFolder, passphrase)
  }
  if (demo || !process.stdin.isTTY) return new MemorySecrets()
  const passphrase = await ask(
    'Passphrase that seals stored secrets (empty: keep secrets in memory only): ',
  )
  return passphrase ? PassphraseSecrets.open(dataFolder, passphrase) : new MemorySecrets()
}

/** Asks on the terminal without showing what is typed. */
function ask(question: string): Promise<string> {
  return new Promise((resolve) => {
    process.stdout.write(question)
    const { stdin } = process
    let typed = ''
    stdin.setRawMode(true).resume().setEncoding('utf8')
    const read = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') {
          stdin.setRawMode(false).pause().off('data', read)
          process.stdout.write('\n')
          resolve(typed)
          return
        }
        if (key === '\u0003') process.exit(130)
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key
      }
    }
    stdin.on('data', read)
  })
}

const hasDesktop = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])

function openBrowser(link: string): void {
  const [program, ...parameters]: [string, ...string[]] =
    process.platform === 'darwin'
      ? ['open', link]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', link]
        : ['xdg-open', link]
  // The link is on the terminal anyway; a missing opener is no failure.
  spawn(program, parameters, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}
