import { z } from 'zod'
import { Id } from './common'

/**
 * A load balancer to create, with all its parts; the rules of the Octavia API v2 (A4, A5 of its reference).
 * The form and main check the same schema. Messages are keys of `plan.rule.*` in the locale files.
 */
export const LISTENER_PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'UDP', 'SCTP'] as const
export const POOL_PROTOCOLS = ['HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'TCP', 'UDP', 'SCTP'] as const
export const ALGORITHMS = ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'] as const
export const MONITOR_TYPES = [
  'HTTP',
  'HTTPS',
  'PING',
  'TCP',
  'TLS-HELLO',
  'UDP-CONNECT',
  'SCTP',
] as const
export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'TRACE',
  'OPTIONS',
  'CONNECT',
  'PATCH',
] as const

/** Which pools a listener of a protocol may send to. */
export const POOLS_OF_LISTENER: Record<
  (typeof LISTENER_PROTOCOLS)[number],
  readonly (typeof POOL_PROTOCOLS)[number][]
> = {
  HTTP: ['HTTP', 'PROXY', 'PROXYV2'],
  HTTPS: ['HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  TCP: ['TCP', 'HTTP', 'HTTPS', 'PROXY', 'PROXYV2'],
  UDP: ['UDP'],
  SCTP: ['SCTP'],
}

const name = z.string().trim().max(255, 'nameTooLong')
const address = z.union([z.ipv4(), z.ipv6()], 'address')
const port = z.int('port').min(1, 'port').max(65535, 'port')

export const MemberPlan = z.object({
  name,
  address,
  port,
  weight: z.int('weight').min(0, 'weight').max(256, 'weight'),
  subnetId: Id.optional(),
  backup: z.boolean(),
})
export type MemberPlan = z.infer<typeof MemberPlan>

const seconds = z.int('seconds').min(1, 'seconds').max(86_400, 'seconds')
const retries = z.int('retries').min(1, 'retries').max(10, 'retries')

export const HealthMonitorPlan = z
  .object({
    name,
    type: z.enum(MONITOR_TYPES),
    delay: seconds,
    timeout: seconds,
    maxRetries: retries,
    maxRetriesDown: retries,
    httpMethod: z.enum(HTTP_METHODS),
    urlPath: z.string().regex(/^\/\S*$/, 'urlPath'),
    expectedCodes: z.string().regex(/^\d{3}(?:(?:,\s*\d{3})*|-\d{3})$/, 'expectedCodes'),
  })
  .refine((monitor) => monitor.timeout < monitor.delay, {
    path: ['timeout'],
    message: 'timeoutNotBelowDelay',
  })
export type HealthMonitorPlan = z.infer<typeof HealthMonitorPlan>

/** Health monitors that a UDP or SCTP pool takes, and those that only it takes. */
const MONITORS_OF_DATAGRAMS: readonly string[] = ['UDP-CONNECT', 'SCTP', 'TCP', 'HTTP']
const MONITORS_ONLY_OF_DATAGRAMS: readonly string[] = ['UDP-CONNECT', 'SCTP']

const isDatagram = (protocol: string): boolean => protocol === 'UDP' || protocol === 'SCTP'

const PoolFields = z.object({
  name,
  protocol: z.enum(POOL_PROTOCOLS),
  algorithm: z.enum(ALGORITHMS),
  sessionPersistence: z
    .discriminatedUnion('type', [
      z.object({ type: z.enum(['SOURCE_IP', 'HTTP_COOKIE']) }),
      z.object({
        type: z.literal('APP_COOKIE'),
        cookieName: z
          .string()
          .regex(/^[^\s,;\\]+$/, 'cookieName')
          .max(255, 'cookieName'),
      }),
    ])
    .optional(),
  members: z.array(MemberPlan).refine(
    (members) => {
      const places = members.map((member) => `${member.address} ${member.port}`)
      return new Set(places).size === places.length
    },
    { message: 'memberTwice' },
  ),
  healthMonitor: HealthMonitorPlan.optional(),
})

export const PoolPlan = PoolFields.refine(
  ({ protocol, sessionPersistence }) =>
    !sessionPersistence || !isDatagram(protocol) || sessionPersistence.type === 'SOURCE_IP',
  { path: ['sessionPersistence', 'type'], message: 'persistenceProtocol' },
)
  .refine(
    ({ protocol, healthMonitor }) =>
      !healthMonitor ||
      (isDatagram(protocol)
        ? MONITORS_OF_DATAGRAMS.includes(healthMonitor.type)
        : !MONITORS_ONLY_OF_DATAGRAMS.includes(healthMonitor.type)),
    { path: ['healthMonitor', 'type'], message: 'monitorProtocol' },
  )
  .refine(
    // The default of `udp_connect_min_interval_health_monitor`.
    ({ healthMonitor }) => healthMonitor?.type !== 'UDP-CONNECT' || healthMonitor.delay >= 3,
    { path: ['healthMonitor', 'delay'], message: 'udpConnectDelay' },
  )
export type PoolPlan = z.infer<typeof PoolPlan>

export const ListenerPlan = z
  .object({
    name,
    protocol: z.enum(LISTENER_PROTOCOLS),
    port,
    connectionLimit: z
      .int('connectionLimit')
      .min(-1, 'connectionLimit')
      .max(1_000_000, 'connectionLimit'),
    allowedCidrs: z.array(z.union([z.cidrv4(), z.cidrv6()], 'cidr')),
    pool: PoolPlan.optional(),
  })
  .refine(({ protocol, pool }) => !pool || POOLS_OF_LISTENER[protocol].includes(pool.protocol), {
    path: ['pool', 'protocol'],
    message: 'poolProtocol',
  })
export type ListenerPlan = z.infer<typeof ListenerPlan>

const family = (protocol: string): string => (isDatagram(protocol) ? protocol : 'TCP')

export const LoadBalancerPlan = z.object({
  name: name.min(1, 'nameMissing'),
  description: z.string().max(255, 'nameTooLong'),
  vipSubnetId: z.string('vipSubnet').min(1, 'vipSubnet'),
  vipNetworkId: Id.optional(),
  vipAddress: address.optional(),
  tags: z.array(z.string().min(1).max(255)),
  listeners: z.array(ListenerPlan).refine(
    (listeners) => {
      const places = listeners.map(({ protocol, port }) => `${family(protocol)} ${port}`)
      return new Set(places).size === places.length
    },
    { message: 'listenerTwice' },
  ),
})
export type LoadBalancerPlan = z.infer<typeof LoadBalancerPlan>
