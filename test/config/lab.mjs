import { spawnSync } from 'node:child_process'
import { prepare, run } from './chromium.mjs'

/**
 * `npm run test:lab`: brings up the lab, runs the contract suite, the services' lab tests, the operator's story and
 * every fault it knows against the real Octavia in it, and takes it down again. `KEEP_LAB=1` leaves it up.
 */
if (process.platform !== 'linux' || process.getuid?.() !== 0) {
  console.error('The lab needs Linux and root: see test/lab/README.md.')
  process.exit(1)
}
const CHROMIUM = prepare()
const environment = { LAB: '1', CHROMIUM }
let status = 0
try {
  run('test/lab/lab', ['up', '--lbs', '2'])
  run('npx', ['electron-vite', 'build', '--logLevel', 'warn'])
  run('npx', ['vitest', 'run', '--config', 'test/config/vitest.lab.config.ts'], environment)
  run('npx', ['playwright', 'test', '--config', 'test/config/lab.config.ts'], environment)
  // Last, because it leaves amphorae that were rebuilt.
  run('npx', ['vitest', 'run', '--config', 'test/config/vitest.faults.config.ts'], environment)
} catch (error) {
  status = error.status || 1
} finally {
  if (process.env.KEEP_LAB !== '1') spawnSync('test/lab/lab', ['down'], { stdio: 'inherit' })
}
process.exit(status)
