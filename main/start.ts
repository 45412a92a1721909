import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How long the download of Electron's binary may take. */
const DOWNLOAD_MS = 180_000

/**
 * `npm start`: Electron where its binary is or can be had, else the browser host, with the reason.
 * `serve` and `dev` name what is wanted without asking; `capture` and `review` need neither.
 */
async function start([command, ...rest]: string[]): Promise<void> {
  // Loaded when asked for: what the console consists of takes longer to load than most reviews take.
  const serve = async (given: string[]) => (await import('./serve')).serve(given)
  if (command === 'serve') return serve(rest)
  if (command === 'review') {
    const { review } = await import('./review')
    process.exitCode = await review(rest)
    return
  }
  if (command === 'capture') {
    const { capture } = await import('./capture')
    const { openConsole } = await import('./serve')
    process.exitCode = await capture(rest, {
      ...{ open: openConsole, folder: process.cwd(), interrupted: interruption() },
      print: (text) => process.stdout.write(text),
      complain: (text) => process.stderr.write(text),
    })
    return
  }
  const argv = command === undefined ? rest : [command, ...rest]
  const electron = findElectron()
  if ('path' in electron) {
    const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
    const child = spawn(electron.path, [root, ...argv], { stdio: 'inherit' })
    child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
    return
  }
  process.stdout.write(
    `Electron's binary is not here and cannot be downloaded (${electron.missing}), so the console opens in the browser host.\n`,
  )
  return serve(argv)
}

/** Ctrl+C, once; the second time it ends the program as usual. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  return controller.signal
}

function findElectron(): { path: string } | { missing: string } {
  let folder
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return { missing: 'the npm package electron is not installed' }
  }
  const found = binaryIn(folder)
  if (found) return { path: found }

  const download = spawnSync(process.execPath, [join(folder, 'install.js')], {
    encoding: 'utf8',
    timeout: DOWNLOAD_MS,
  })
  const downloaded = binaryIn(folder)
  if (downloaded) return { path: downloaded }
  const said = `${download.stderr}\n${download.stdout}`
    .split('\n')
    .find((line) => /error/i.test(line))
  return { missing: (said ?? download.error?.message ?? 'no answer').trim().slice(0, 200) }
}

/** Where Electron's package wrote its binary; `path.txt` names it once it is there. */
function binaryIn(folder: string): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const note = join(folder, 'path.txt')
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : 'electron'
  const path = join(override ?? join(folder, 'dist'), name)
  return existsSync(path) ? path : undefined
}

start(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
