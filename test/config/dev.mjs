import { spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'

/**
 * `npm run dev`: electron-vite's development mode where Electron's binary is; otherwise the browser host on the
 * demo cloud, built again after each change and started again after each change of main.
 */
const npx = (...parameters) =>
  spawn('npx', parameters, { stdio: 'inherit', shell: process.platform === 'win32' })

if (existsSync('node_modules/electron/path.txt')) {
  npx('electron-vite', 'dev').on('exit', (code) => process.exit(code ?? 1))
} else {
  const builder = npx('electron-vite', 'build', '--watch', '--logLevel', 'warn')
  let host
  let pending
  const start = () => {
    host?.kill()
    host = spawn(process.execPath, ['out/main/start.js', 'serve', '--demo', '--no-open'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
  const soon = () => {
    clearTimeout(pending)
    pending = setTimeout(() => existsSync('out/renderer/index.html') && start(), 500)
  }
  const wait = setInterval(() => {
    if (!existsSync('out/main')) return
    clearInterval(wait)
    watch('out/main', soon)
    soon()
  }, 200)
  const stop = () => {
    host?.kill()
    builder.kill()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
