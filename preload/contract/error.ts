/** Why a call failed, in terms of what the operator can do about it. */
export type FailureCode =
  | 'cancelled'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'invalidInput'
  | 'unreachable'
  | 'timeout'
  | 'malformed'
  | 'internal'

/**
 * Every cause the console can name. The page has a title and an advice for each, in every language,
 * under `reason.<reason>.title` and `reason.<reason>.advice`; `values` fill their placeholders.
 */
export const REASONS = {
  'network.dns': 'unreachable',
  'network.refused': 'unreachable',
  'network.unreachable': 'unreachable',
  'network.timeout': 'timeout',
  'network.lost': 'unreachable',
  'network.proxy': 'unreachable',
  'tls.untrusted': 'unreachable',
  'tls.expired': 'unreachable',
  'tls.hostname': 'unreachable',
  'tls.clientCertificate': 'unauthenticated',
  'tls.notTls': 'unreachable',
  'tls.version': 'unreachable',
  'tls.file': 'invalidInput',
  'keystone.credentials': 'unauthenticated',
  'keystone.tokenExpired': 'unauthenticated',
  'keystone.multiFactor': 'unauthenticated',
  'keystone.noProject': 'unauthenticated',
  'keystone.notKeystone': 'malformed',
  'keystone.tokenRefused': 'unauthenticated',
  'keystone.fixedProject': 'forbidden',
  'keystone.failed': 'unreachable',
  'catalog.noService': 'notFound',
  'service.notOctavia': 'malformed',
  'service.unavailable': 'unreachable',
  'octavia.forbidden': 'forbidden',
  'octavia.immutable': 'conflict',
  'octavia.busy': 'conflict',
  'octavia.duplicate': 'conflict',
  'octavia.inUse': 'conflict',
  'octavia.quota': 'forbidden',
  'octavia.notFound': 'notFound',
  'octavia.invalid': 'invalidInput',
  'octavia.unsupported': 'invalidInput',
  'octavia.failed': 'internal',
  'neutron.forbidden': 'forbidden',
  'neutron.notFound': 'notFound',
  'neutron.addressesUntold': 'notFound',
  'neutron.failed': 'internal',
  'compute.forbidden': 'forbidden',
  'compute.notFound': 'notFound',
  'compute.failed': 'internal',
  'answer.malformed': 'malformed',
  'cloud.unknown': 'notFound',
  'cloud.exists': 'conflict',
  'cloud.notOwn': 'forbidden',
  'cloud.notOpen': 'conflict',
  'cloud.fileMissing': 'notFound',
  'cloud.fileUnreadable': 'notFound',
  'cloud.fileMalformed': 'malformed',
  'cloud.incomplete': 'invalidInput',
  'cloud.region': 'invalidInput',
  'cloud.profileUnknown': 'notFound',
  'cloud.unsupportedAuth': 'invalidInput',
  'secrets.locked': 'unauthenticated',
  'secrets.passphrase': 'unauthenticated',
  'store.unreadable': 'malformed',
  'store.unwritable': 'internal',
  'safety.readOnly': 'forbidden',
  'safety.confirmation': 'invalidInput',
  'safety.refused': 'conflict',
  'ssh.authentication': 'unauthenticated',
  'ssh.hostKeyChanged': 'forbidden',
  'ssh.hostKeyUnknown': 'forbidden',
  'ssh.hostKeyRefused': 'forbidden',
  'ssh.keyFile': 'invalidInput',
  'ssh.passphrase': 'unauthenticated',
  'ssh.agent': 'unreachable',
  'ssh.refused': 'unreachable',
  'ssh.timeout': 'timeout',
  'ssh.lost': 'unreachable',
  'ssh.jump': 'unreachable',
  'ssh.noJump': 'invalidInput',
  'ssh.forwardingProhibited': 'forbidden',
  'ssh.noAddress': 'notFound',
  'ssh.notSsh': 'malformed',
  'ssh.algorithms': 'unreachable',
  'ssh.configFile': 'malformed',
  'ssh.proxyCommand': 'unreachable',
  'ssh.builtInProfile': 'forbidden',
  'ssh.sudo': 'forbidden',
  'ssh.commandMissing': 'notFound',
  'ssh.commandFailed': 'internal',
  'amphora.gone': 'notFound',
  'amphora.noNamespace': 'notFound',
  'amphora.unitMissing': 'notFound',
  'amphora.haproxyDown': 'unreachable',
  'amphora.haproxySilent': 'timeout',
  'job.waitLimit': 'timeout',
  'job.resourceError': 'internal',
  'job.ambiguous': 'conflict',
  'job.otherProject': 'conflict',
  'job.unknown': 'notFound',
  'job.state': 'conflict',
  'evidence.gone': 'notFound',
  'review.gone': 'notFound',
  'review.unreadable': 'notFound',
  'review.nothing': 'invalidInput',
  'review.tooMany': 'conflict',
  'review.uploadGone': 'notFound',
  'review.uploadLimit': 'invalidInput',
  'review.pattern': 'invalidInput',
  'review.patternSlow': 'timeout',
  'review.broken': 'internal',
  'capture.notKept': 'notFound',
  'demo.unavailable': 'notFound',
  'host.lost': 'unreachable',
} as const satisfies Record<string, FailureCode>
export type Reason = keyof typeof REASONS

/** What fills the placeholders of a reason's sentences: names, addresses, numbers; never secrets. */
export type Values = Readonly<Record<string, string | number>>

/** A failure as it crosses the process border: plain data, no stack, no secrets. */
export interface Failure {
  code: FailureCode
  /** The other system's own words, or ours when there are none; shown verbatim, in its language. */
  message: string
  /** The cause, where the console knows it; names the sentences the page shows. */
  reason?: Reason
  values?: Values
  /** `x-openstack-request-id` of the answer that failed. */
  requestId?: string
}

interface Details extends ErrorOptions {
  reason?: Reason
  values?: Values
  requestId?: string | undefined
}

/** The one error class of the application. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly reason: Reason | undefined
  readonly values: Values | undefined
  readonly requestId: string | undefined

  constructor(
    readonly code: FailureCode,
    message: string,
    { reason, values, requestId, ...options }: Details = {},
  ) {
    super(message, options)
    this.reason = reason
    this.values = values
    this.requestId = requestId
  }

  /** An error of a known cause; the code follows from it. `message` holds the other system's words. */
  static because(reason: Reason, message: string, details: Omit<Details, 'reason'> = {}): AppError {
    return new AppError(REASONS[reason], message, { ...details, reason })
  }

  /** Wraps whatever was caught: cancellations keep their meaning, the rest are ours to fix. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error
    const aborted = error instanceof Error && error.name === 'AbortError'
    return aborted
      ? new AppError('cancelled', 'Cancelled.', { cause: error })
      : new AppError('internal', 'Unexpected error.', { cause: error })
  }

  /** Rebuilds the error on the other side of the border. */
  static fromFailure({ code, message, ...details }: Failure): AppError {
    return new AppError(code, message, details)
  }

  toFailure(): Failure {
    const { code, message, reason, values, requestId } = this
    return {
      code,
      message,
      ...(reason && { reason }),
      ...(values && { values }),
      ...(requestId && { requestId }),
    }
  }
}
