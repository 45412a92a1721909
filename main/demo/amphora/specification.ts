import type { Subnet } from './interfaces'

/** An amphora as Octavia orders it. */
export interface AmphoraSpecification {
  amphoraId: string
  computeId: string
  loadBalancerId: string
  projectId: string
  role: 'MASTER' | 'BACKUP'
  priority: number
  managementAddress: string
  managementMac: string
  vrrpAddress: string
  vrrpMac: string
  memberAddress: string
  memberMac: string
  peer: { amphoraId: string; vrrpAddress: string }
  vip: string
  vipSubnet: Subnet
  memberSubnet: Subnet
  /** Seven hexadecimal digits, the same on both amphorae. */
  authPass: string
  /** When the agent's certificate ends, in milliseconds since the epoch. */
  certificateEnds: number
}

export interface ServerConfiguration {
  id: string
  name: string
  address: string
  port: number
  weight: number
  backup: boolean
  enabled: boolean
}

interface CheckConfiguration {
  type: string
  delay: number
  timeout: number
  rise: number
  fall: number
  method: string
  path: string
  codes: string
}

/** What haproxy is to do, as the worker uploads it. */
export interface FrontendConfiguration {
  id: string
  mode: 'http' | 'tcp'
  port: number
  connectionLimit: number
  clientTimeout: number
  connectTimeout: number
  serverTimeout: number
  pool:
    | {
        id: string
        algorithm: string
        persistence: string | undefined
        /** How members are told who the client is. */
        proxyProtocol: 'send-proxy' | 'send-proxy-v2' | undefined
        servers: ServerConfiguration[]
        check: CheckConfiguration | undefined
      }
    | undefined
}
