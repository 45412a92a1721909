import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const FIXED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** What the tests need beside Chromium: real ssh and openssl make keys and certificates, Python runs the jump host's probe. */
const TOOLS = {
  openssl: 'openssl',
  python3: 'python3',
  'ssh-keygen': 'openssh-client',
  'ssh-agent': 'openssh-client',
}

/**
 * Makes sure that there is a Chromium and the tools the tests use, and answers the Chromium's path: `CHROMIUM`,
 * else an installed one, else Debian's, which root on Debian installs here. Ends the process with the command to run otherwise.
 */
export function prepare() {
  const missing = Object.entries(TOOLS)
    .filter(([program]) => !find([program]))
    .map(([, debianPackage]) => debianPackage)
  let chromium = process.env.CHROMIUM ?? find(NAMES) ?? FIXED.find(existsSync)
  if (process.env.CHROMIUM && !existsSync(process.env.CHROMIUM)) {
    stop(`CHROMIUM=${process.env.CHROMIUM} does not exist.`)
  }
  const wanted = [...new Set([...missing, ...(chromium ? [] : ['chromium', 'fonts-liberation'])])]
  if (wanted.length === 0) return chromium

  if (!isDebian() || process.getuid?.() !== 0) {
    stop(
      isDebian()
        ? `The tests need ${wanted.join(', ')}. Run: sudo apt-get install -y ${wanted.join(' ')}`
        : `The tests need ${wanted.join(', ')}. Install them, or set CHROMIUM to the path of a Chromium or Chrome.`,
    )
  }
  console.log(`Installing ${wanted.join(', ')} from Debian.`)
  apt(['update', '-q'])
  apt(['install', '-y', '-q', '--no-install-recommends', ...wanted])
  chromium ??= find(NAMES)
  return chromium ?? stop('Debian has installed chromium, but no program of that name is there.')
}

function apt(parameters) {
  const { status } = spawnSync('apt-get', parameters, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0 && parameters[0] === 'install') stop(`apt-get ${parameters.join(' ')} failed.`)
}

function find(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const endings = process.platform === 'win32' ? ['.exe'] : ['']
  for (const name of names)
    for (const folder of folders)
      for (const ending of endings) {
        const path = join(folder, name + ending)
        try {
          accessSync(path, constants.X_OK)
          return path
        } catch {
          continue
        }
      }
  return undefined
}

const isDebian = () =>
  existsSync('/etc/debian_version') && /debian/i.test(readFileSync('/etc/os-release', 'utf8'))

function stop(why) {
  console.error(why)
  process.exit(1)
}

export const run = (program, parameters, environment = {}) =>
  execFileSync(program, parameters, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  })
