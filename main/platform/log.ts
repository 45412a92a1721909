import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'

const SECRET_PATHS = ['password', 'secret', 'token', 'passphrase', 'privateKey', 'headers'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
)

/**
 * The console's own log, `console.log` in the data folder: JSON lines, for those who mend the console.
 * It holds failures and lifecycle; never requests, answers or what the operator types.
 */
export function openLog(folder: string): Logger {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return pino(
    { redact: { paths: SECRET_PATHS, censor: '‹removed›' }, base: null },
    pino.destination({ dest: join(folder, 'console.log'), mode: 0o600, sync: false }),
  )
}
