import type { LoadBalancerDetail } from '../../preload/contract/loadBalancer'

const up = { provisioningStatus: 'ACTIVE', operatingStatus: 'ONLINE', adminStateUp: true, tags: [] }
const MEMBERS = 4

/** The id of the nth object of a kind, shaped as Octavia's are. */
const idOf = (kind: string, index: number): string =>
  `${kind}0000000-0000-4000-8000-${String(index).padStart(12, '0')}`

/** A load balancer of so many listeners, each with a pool of four members and a monitor: haproxy.cfg and what the API says. */
export function manyListeners(count: number): { text: string; detail: LoadBalancerDetail } {
  const loadBalancerId = idOf('a', 0)
  const listenerIds = Array.from({ length: count }, (_, index) => idOf('b', index))
  const poolIds = listenerIds.map((_, index) => idOf('c', index))
  const sections = listenerIds.map((listener, index) => {
    const pool = `${idOf('c', index)}:${listener}`
    const servers = Array.from(
      { length: MEMBERS },
      (_, member) =>
        `    server ${idOf('d', index * MEMBERS + member)} 10.0.0.${String(member)}:80 weight 1 check inter 5s fall 3 rise 2\n`,
    )
    return `
frontend ${listener}
    maxconn 2000
    bind 192.0.2.9:${String(1000 + index)}
    mode http
    default_backend ${pool}
    timeout client 50000

backend ${pool}
    mode http
    balance roundrobin
    timeout check 3s
    option httpchk GET / HTTP/1.0\\r\\n
    http-check expect rstatus 200
    fullconn 2000
    timeout connect 5000
    timeout server 50000
${servers.join('')}`
  })
  const text = `# Configuration for loadbalancer ${loadBalancerId}\nglobal\n    daemon\n${sections.join('')}`
  return {
    text,
    detail: {
      loadBalancer: {
        ...{ ...up, id: loadBalancerId, name: 'many', description: '', projectId: 'p' },
        ...{ vipAddress: '192.0.2.9', additionalVips: [], provider: 'amphora' },
        ...{ listenerIds, poolIds },
      },
      listeners: listenerIds.map((id, index) => ({
        ...{ ...up, id, name: '', description: '', protocol: 'HTTP', port: 1000 + index },
        ...{ connectionLimit: 2000, l7PolicyIds: [], allowedCidrs: [] },
        ...{ timeoutClientData: 50_000, timeoutMemberConnect: 5000, timeoutMemberData: 50_000 },
        defaultPoolId: idOf('c', index),
      })),
      pools: poolIds.map((id, index) => ({
        ...{ ...up, id, name: '', description: '', protocol: 'HTTP', algorithm: 'ROUND_ROBIN' },
        ...{ listenerIds: [idOf('b', index)], memberIds: [], healthMonitorId: 'm' },
        members: Array.from({ length: MEMBERS }, (_, member) => ({
          ...{ ...up, id: idOf('d', index * MEMBERS + member), name: '' },
          ...{ address: `10.0.0.${String(member)}`, port: 80, weight: 1, backup: false },
        })),
        healthMonitor: {
          ...{ ...up, id: 'm', name: '', type: 'HTTP', delay: 5, timeout: 3 },
          ...{ maxRetries: 2, maxRetriesDown: 3 },
        },
      })),
      at: 0,
      requestIds: [],
    },
  }
}
