import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { build } from 'vite'

/**
 * `npm run bench [name …]`: builds each `test/bench/*.bench.ts`, or those named, and runs it in a Node of its own.
 * Fails when a bench breaks, never because it is slow.
 */
process.chdir(new URL('../..', import.meta.url).pathname)
const names = readdirSync('test/bench')
  .flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [])
  .filter((name) => process.argv.length === 2 || process.argv.includes(name))

// Inside the project, so that what was built finds its packages.
mkdirSync('node_modules/.cache', { recursive: true })
const folder = mkdtempSync('node_modules/.cache/bench-')
let broken = names.length === 0
// Whoever stops it stops the bench that runs; the folder is taken away all the same.
let stopped = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (stopped = true))
try {
  for (const name of names) {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: `test/bench/${name}.bench.ts`,
        outDir: `${folder}/${name}`,
        rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
      },
    })
    if (stopped) break
    const { status } = spawnSync(
      process.execPath,
      ['--expose-gc', `${folder}/${name}/${name}.mjs`],
      { stdio: 'inherit' },
    )
    broken ||= status !== 0
    if (status === null) break
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = broken || stopped ? 1 : 0
