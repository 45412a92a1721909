import { AppError } from '../../../preload/contract/error'
import type { Connection } from '../../platform/dial'

/** Octets of an answer to read before it is taken as it is. */
const LONGEST_ANSWER = 64 * 1024
/** Characters of the first line to keep. */
const LONGEST_LINE = 80

export interface Answer {
  status: number
  /** First line of the body. */
  body: string
}

/**
 * Sends a request and reads the status and the first line of the body; what comes after it is left unread.
 * @throws AppError `network.lost` when the connection ends before, `answer.malformed` when it is not HTTP
 */
export function readAnswer(
  connection: Connection,
  request: string,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = ''
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', stop)
      connection.off('data', read)
      settle()
    }
    const stop = () => finish(() => reject(signal.reason as Error))
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const answer = parseAnswer(text, text.length >= LONGEST_ANSWER)
      if (answer === 'notHttp') finish(() => reject(malformed(text)))
      else if (answer) finish(() => resolve(answer))
    }
    const end = () =>
      finish(() => {
        const answer = parseAnswer(text, true)
        if (answer === 'notHttp') reject(text ? malformed(text) : lost())
        else if (answer) resolve(answer)
        else reject(lost())
      })
    signal.addEventListener('abort', stop, { once: true })
    connection.on('data', read)
    connection.once('end', end)
    connection.once('close', end)
    connection.once('error', (cause) => finish(() => reject(lost(cause))))
    connection.write(request)
    if (signal.aborted) stop()
  })
}

/**
 * Reads what has come so far: undefined while more is needed.
 * `whole`: nothing more will come, or enough has.
 */
export function parseAnswer(text: string, whole: boolean): Answer | 'notHttp' | undefined {
  if (!'HTTP/'.startsWith(text.slice(0, 5))) return 'notHttp'
  const end = /\r?\n\r?\n/.exec(text)
  if (!end) return whole ? 'notHttp' : undefined

  const head = text.slice(0, end.index)
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(head)?.[1]
  if (!status) return 'notHttp'

  const length = Number(/^content-length:\s*(\d+)/im.exec(head)?.[1] ?? Infinity)
  const received = text.slice(end.index + end[0].length)
  const chunked = /^transfer-encoding:\s*chunked/im.test(head)
  const body = chunked ? received.replace(/^[0-9a-f]+[^\n]*\n/i, '') : received
  const complete = whole || received.length >= length || (chunked && /^0\r?\n/m.test(received))
  if (!body.includes('\n') && !complete) return undefined

  const line = Buffer.from(body.split(/\r?\n/, 1)[0] ?? '', 'latin1').toString('utf8')
  return { status: Number(status), body: line.slice(0, LONGEST_LINE) }
}

const lost = (cause?: Error) =>
  AppError.because('network.lost', cause?.message ?? 'The connection ended early.', { cause })

const malformed = (text: string) =>
  AppError.because('answer.malformed', text.slice(0, LONGEST_LINE))
