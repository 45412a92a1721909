import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError } from '../../preload/contract/error'

/** Octets in and out, as a TCP connection or an SSH channel offers them. */
export type Connection = Duplex

/** Opens TCP connections: from this machine, or from the far end of an SSH connection. */
export interface Dial {
  /** @throws AppError `network.refused`, `network.timeout`, `network.unreachable`, `network.lost`, `cancelled`; `ssh.lost` over SSH */
  dial(host: string, port: number, signal: AbortSignal): Promise<Connection>
}

/** Each carries `host` and `port`. */
type DialReason =
  'network.refused' | 'network.lost' | 'network.timeout' | 'network.dns' | 'network.unreachable'

const REASON_OF_CODE: Readonly<Record<string, DialReason>> = {
  ECONNREFUSED: 'network.refused',
  ECONNRESET: 'network.lost',
  EPIPE: 'network.lost',
  ETIMEDOUT: 'network.timeout',
  ENOTFOUND: 'network.dns',
  EAI_AGAIN: 'network.dns',
}

/** Connections from this machine. */
export class NodeDial implements Dial {
  dial(host: string, port: number, signal: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new AppError('cancelled', 'Cancelled.'))
        return
      }
      const socket = connect({ host, port, noDelay: true })
      const cancel = () => {
        socket.destroy()
        reject(new AppError('cancelled', 'Cancelled.'))
      }
      const fail = (cause: Error) => {
        signal.removeEventListener('abort', cancel)
        const code = 'code' in cause ? String(cause.code) : ''
        const reason = REASON_OF_CODE[code] ?? 'network.unreachable'
        reject(AppError.because(reason, cause.message, { cause, values: { host, port } }))
      }
      signal.addEventListener('abort', cancel, { once: true })
      socket.once('error', fail)
      socket.once('connect', () => {
        signal.removeEventListener('abort', cancel)
        socket.off('error', fail)
        // From here on the caller listens; a reset that comes between must not end the process.
        socket.on('error', () => undefined)
        resolve(socket)
      })
    })
  }
}
