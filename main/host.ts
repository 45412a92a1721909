import type { SecretCipher } from './platform/secrets'

/** What a host provides: the one thing that Electron and the browser host do differently. */
export interface Host {
  kind: 'electron' | 'browser'
  version: string
  /** Settings, own clouds, known hosts, jobs, audit log. Private to this user (mode 0700). */
  dataFolder: string
  secrets: SecretCipher
  /** Environment with OS_*, HOME, SSH_AUTH_SOCK. */
  environment: Readonly<Record<string, string | undefined>>
  /** The built file of the thread that probes. */
  probeThread: URL
  /** The built file of the thread that reads and judges evidence in files. */
  reviewThread: URL
  /** Start the built-in demo cloud. */
  demo: boolean
}
