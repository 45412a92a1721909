import { AppError, type Reason, type Values } from '../../../preload/contract/error'

/** The server that an error is about, and what else fills its sentences. */
export type ServerValues = Values & Readonly<Record<'host' | 'port', string | number>>

/**
 * How the failure of a forwarded connection is named: as SSH to the next hop, or as a plain connection.
 * Each carries `host` and `port` of the place that was not reached.
 */
export interface ForwardReasons {
  refused: 'ssh.refused' | 'network.refused'
  timeout: 'ssh.timeout' | 'network.timeout'
  unreachable: 'network.unreachable'
  dns: 'network.dns'
}

type SocketReason = ForwardReasons[keyof ForwardReasons]

const REASON_OF_CODE: Readonly<Record<string, SocketReason>> = {
  ECONNREFUSED: 'ssh.refused',
  ETIMEDOUT: 'ssh.timeout',
  EHOSTUNREACH: 'network.unreachable',
  ENETUNREACH: 'network.unreachable',
  EHOSTDOWN: 'network.unreachable',
  EACCES: 'network.unreachable',
  EPERM: 'network.unreachable',
  EADDRNOTAVAIL: 'network.unreachable',
  ENOTFOUND: 'network.dns',
  EAI_AGAIN: 'network.dns',
  EAI_FAIL: 'network.dns',
  EAI_NODATA: 'network.dns',
  EAI_NONAME: 'network.dns',
}

/** RFC 4254 5.1: why a server would not open a channel. */
const ADMINISTRATIVELY_PROHIBITED = 1
const CONNECT_FAILED = 2

/** RFC 4253 11.1: why a server ended the connection. */
const NO_MORE_AUTH_METHODS = 14
const PROTOCOL_ERROR = 2

/** The error of a TCP connection to an SSH server. */
export function socketError(cause: Error, values: ServerValues): AppError {
  const code = 'code' in cause ? String(cause.code) : ''
  // Happy eyeballs: one error that holds one per address.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined
  const message = cause.message || (first instanceof Error ? first.message : code)
  return AppError.because(REASON_OF_CODE[code] ?? 'ssh.lost', message, { cause, values })
}

/** What ssh2 says while it connects, in terms of what the operator can do. */
export function handshakeError(
  cause: Error,
  values: ServerValues & Readonly<Record<'user', string>>,
): AppError {
  const level = 'level' in cause ? cause.level : undefined
  const code = 'code' in cause ? cause.code : undefined
  const because = (reason: 'ssh.lost' | 'ssh.authentication' | 'ssh.algorithms' | 'ssh.notSsh') =>
    AppError.because(reason, cause.message, { cause, values })

  if (level === 'client-timeout') return because('ssh.lost')
  if (level === 'client-socket') return socketError(cause, values)
  if (code === NO_MORE_AUTH_METHODS || /too many authentication failures/i.test(cause.message))
    return because('ssh.authentication')
  if (/no matching/.test(cause.message)) return because('ssh.algorithms')
  if (
    level === 'protocol' &&
    /identification|version|greeting|Header|before handshake/i.test(cause.message)
  )
    return because(/before handshake/.test(cause.message) ? 'ssh.lost' : 'ssh.notSsh')
  return because(level === 'handshake' && code !== PROTOCOL_ERROR ? 'ssh.algorithms' : 'ssh.lost')
}

/** Why a server could not open a TCP connection for us. */
export function forwardError(
  cause: Error,
  reasons: ForwardReasons,
  values: ServerValues,
): AppError {
  const because = (reason: SocketReason | 'ssh.forwardingProhibited' | 'ssh.lost') =>
    AppError.because(reason, cause.message, { cause, values })
  const code = 'reason' in cause ? cause.reason : undefined
  if (code === ADMINISTRATIVELY_PROHIBITED) return because('ssh.forwardingProhibited')
  if (code !== CONNECT_FAILED) return because('ssh.lost')
  if (/refused/i.test(cause.message)) return because(reasons.refused)
  if (/timed? ?out/i.test(cause.message)) return because(reasons.timeout)
  if (/name|resol|not known/i.test(cause.message)) return because(reasons.dns)
  return because(reasons.unreachable)
}

/** What failed at a jump host, said of that jump host; what only this machine or the operator decides stays as it is. */
export function atJumpHost(error: unknown, hop: string): AppError {
  const failure = AppError.from(error)
  const { reason } = failure
  const ours = !reason || !AT_JUMP_HOST.has(reason)
  if (ours) return failure
  return AppError.because('ssh.jump', failure.message, {
    cause: failure,
    values: { ...failure.values, hop, cause: reason },
  })
}

const AT_JUMP_HOST: ReadonlySet<Reason> = new Set<Reason>([
  'ssh.refused',
  'ssh.timeout',
  'ssh.lost',
  'ssh.notSsh',
  'ssh.algorithms',
  'ssh.authentication',
  'ssh.forwardingProhibited',
  'network.dns',
  'network.unreachable',
])

/** The error of every call that its caller has given up. */
export const cancelled = (): AppError => new AppError('cancelled', 'Cancelled.')
