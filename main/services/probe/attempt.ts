import type { ProbeSample, ProbeSettings } from '../../../preload/contract/pair'
import { AppError } from '../../../preload/contract/error'
import type { Connection, Dial } from '../../platform/dial'
import { readAnswer } from './httpAnswer'

/** What one probe found out, without when. */
export type Outcome = Pick<ProbeSample, 'ok' | 'status' | 'body' | 'error'>

/** An answer with this status or a higher one is a failure for clients. */
const FIRST_SERVER_ERROR = 500

/** Error codes that are this machine's trouble, not the service's. */
const OWN_TROUBLE = ['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL']

const LATE = new AppError('timeout', 'No answer in time.')

/** Says that a probe was not sent, so that it tells nothing of the service. */
export const OVERRUN = 'overrun'

/**
 * Connects once and, for HTTP, asks once. Never longer than the timeout; `abort` ends it sooner.
 * @throws AppError `ssh.*` when the way to where the probe starts from is lost: that says nothing of the service
 */
export async function attempt(
  dial: Dial,
  address: string,
  settings: ProbeSettings,
  abort: AbortController,
): Promise<Outcome> {
  const timer = setTimeout(() => abort.abort(LATE), settings.timeoutMs)
  let connection: Connection | undefined
  try {
    connection = await dial.dial(address, settings.port, abort.signal)
    connection.on('error', () => undefined)
    if (settings.kind === 'tcp') return { ok: true }
    const answer = await readAnswer(connection, requestOf(address, settings), abort.signal)
    return { ok: isGood(answer.status), ...answer }
  } catch (error) {
    if (abort.signal.reason === LATE) return { ok: false, error: 'timeout' }
    if (abort.signal.aborted) throw error
    if (error instanceof AppError && error.reason?.startsWith('ssh.')) throw error
    return { ok: false, error: wordOf(error) }
  } finally {
    clearTimeout(timer)
    connection?.destroy()
  }
}

/** Whether clients are served, as far as an HTTP status tells. */
export const isGood = (status: number): boolean => status < FIRST_SERVER_ERROR

/** The request of a probe. HTTP/1.0, so that the answer is not cut into chunks; with the Host header that every balancer wants. */
export function requestOf(address: string, { port, path }: ProbeSettings): string {
  const host = address.includes(':') ? `[${address}]` : address
  return [
    `GET ${path} HTTP/1.0`,
    `Host: ${port === 80 ? host : `${host}:${port}`}`,
    'User-Agent: octavia-console-probe',
    'Accept: */*',
    'Connection: close',
    '',
    '',
  ].join('\r\n')
}

/** The system's word where there is one (ECONNREFUSED), else the cause's name. */
function wordOf(error: unknown): string {
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined)
  if (code) return OWN_TROUBLE.includes(code) ? OVERRUN : code
  if (error instanceof AppError) return error.reason?.replace(/^.*\./, '') ?? error.code
  return 'failed'
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && /^E[A-Z]/.test(String(error.code))
    ? String(error.code)
    : undefined
