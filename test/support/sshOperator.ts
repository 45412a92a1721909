import type { SshOperator, SshRoute, SshServer } from '../../main/platform/ssh'

/** An operator who accepts every host key and knows nothing, unless a test says otherwise. */
export const anOperator = (answers: Partial<SshOperator> = {}): SshOperator => ({
  knownKeyType: () => Promise.resolve(undefined),
  acceptHostKey: () => Promise.resolve(),
  passphrase: () => Promise.resolve(undefined),
  password: () => Promise.resolve(undefined),
  keyboardInteractive: () => Promise.resolve(undefined),
  ...answers,
})

/** A server on loopback that is reached with nothing. */
export const aServer = (port: number, wishes: Partial<SshServer> = {}): SshServer => ({
  subject: `127.0.0.1:${port}`,
  host: '127.0.0.1',
  port,
  user: 'ubuntu',
  keyFiles: [],
  keyFilesNamed: false,
  identitiesOnly: false,
  usePassword: true,
  ...wishes,
})

/** A route over servers, in order. */
export const aRoute =
  (...servers: SshServer[]) =>
  (): Promise<SshRoute> =>
    Promise.resolve({ group: 'alpha', servers })
