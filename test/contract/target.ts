import type { Shell } from './shell'

export interface Credentials {
  userName: string
  password: string
  projectName: string
}

/** A cloud that the contract suite judges. */
export interface Target {
  name: 'demo' | 'lab'
  authUrl: string
  admin: Credentials
  member: Credentials
  applicationCredential: { id: string; secret: string }
  /** Control-plane waits are this many times shorter than real ones. */
  speed: number
  /** Connects to sshd of an amphora by its management address. */
  connect(managementAddress: string): Promise<Shell>
  /** One GET of `/` on a VIP by a client of its own; undefined when there is no answer within a second. */
  get(vip: string): Promise<{ status: number; body: string } | undefined>
  close(): Promise<void>
}
