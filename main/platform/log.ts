import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import { AppError } from '../../preload/contract/error'

const SECRET_PATHS = ['password', 'secret', 'token', 'passphrase', 'privateKey', 'headers'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
)

/**
 * The console's own log, `console.log` in the data folder: JSON lines, for those who mend the console.
 * It holds failures and lifecycle; never requests, answers or what the operator types.
 * Lines are few, and each is in the file when its call returns: the last words before an end matter most.
 * @throws AppError `store.unwritable` where the folder or the file cannot be made
 */
export function openLog(folder: string): Logger {
  const path = join(folder, 'console.log')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = pino.destination({ dest: path, mode: 0o600, sync: true })
    // A full disk is told by whatever the operator does next; the log must not end the console.
    file.on('error', () => undefined)
    return pino({ redact: { paths: SECRET_PATHS, censor: '‹removed›' }, base: null }, file)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw AppError.because('store.unwritable', message, { cause, values: { path } })
  }
}
