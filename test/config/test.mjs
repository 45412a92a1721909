import { prepare, run } from './chromium.mjs'

/** `npm test`: builds once, then unit, integration and contract tests, then the stories in a real Chromium. */
const CHROMIUM = prepare()
try {
  run('npx', ['electron-vite', 'build', '--logLevel', 'warn'])
  run('npx', ['vitest', 'run', '--config', 'test/config/vitest.config.ts'])
  run('npx', ['playwright', 'test', '--config', 'test/config/playwright.config.ts'], { CHROMIUM })
} catch (error) {
  process.exit(error.status || 1)
}
