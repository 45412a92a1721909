import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { AppError } from '../../../preload/contract/error'
import type { SshServer } from '../ssh'
import { cancelled, socketError } from './errors'

/**
 * The octets to the first server of a route: TCP, or the standard streams of its proxy command.
 * @throws AppError `ssh.refused`, `ssh.timeout`, `ssh.proxyCommand`, `network.dns`, `network.unreachable`, `cancelled`
 */
export function firstSocket(
  server: SshServer,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Duplex> {
  return server.proxyCommand
    ? throughCommand(server, server.proxyCommand, signal)
    : tcp(server, timeoutMs, signal)
}

function tcp(server: SshServer, timeoutMs: number, signal: AbortSignal): Promise<Duplex> {
  const values = { host: server.host, port: server.port }
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.host, port: server.port, noDelay: true })
    const settle = (error?: AppError) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abandon)
      if (!error) {
        resolve(socket)
        return
      }
      socket.destroy()
      reject(error)
    }
    const abandon = () => settle(cancelled())
    const timer = setTimeout(
      () => settle(AppError.because('ssh.timeout', 'No answer.', { values })),
      timeoutMs,
    )
    socket.once('connect', () => settle())
    // Stays for good: a reset between two users of the socket must not end the process.
    socket.on('error', (error) => settle(socketError(error, values)))
    if (signal.aborted) abandon()
    else signal.addEventListener('abort', abandon, { once: true })
  })
}

function throughCommand(
  server: SshServer,
  [program = '', ...args]: readonly string[],
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled())
      return
    }
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], shell: false })
    child.once('error', (cause) =>
      reject(
        AppError.because('ssh.proxyCommand', cause.message, {
          cause,
          values: { command: [program, ...args].join(' '), host: server.host },
        }),
      ),
    )
    child.once('spawn', () => {
      const socket = Duplex.from({ readable: child.stdout, writable: child.stdin })
      socket.on('error', () => undefined)
      socket.once('close', () => child.kill())
      resolve(socket)
    })
  })
}
