import type { SshHost } from '../platform/ssh'

/** An amphora as SSH needs to know it. Its id is its identity: replacements reuse addresses. */
export interface AmphoraAddress {
  amphoraId: string
  managementAddress: string
}

/** Under which name its host key is kept. */
export const subjectOfAmphora = (amphoraId: string): string => `amphora ${amphoraId}`

/** Whether a host key is that of an amphora; other hosts are known as `host:port`. */
export const isSubjectOfAmphora = (subject: string): boolean =>
  subject.startsWith(subjectOfAmphora(''))

/** Connections to the amphorae of the open clouds, by each cloud's SSH profile, shared by all who ask. */
export interface AmphoraHosts {
  /**
   * Connects, or hands out the connection that is open. Waits for the operator where a key is unknown.
   * @throws AppError `ssh.*`, `network.*`, `cancelled`
   */
  connect(cloud: string, amphora: AmphoraAddress, signal: AbortSignal): Promise<SshHost>
  /** The last jump host of the cloud; undefined when its profile has none. @throws AppError as `connect` */
  jump(cloud: string, signal: AbortSignal): Promise<SshHost | undefined>
}
