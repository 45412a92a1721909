import type { LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'
import { capturedDetail } from './capturedDetail'
import { memberId, poolId } from './encryptedDetail'

export const DATAGRAM = 'ab12cd34-ef56-4a78-9b01-23456789abcd'
export const STREAMED = 'cd34ef56-ab12-4a78-9b01-23456789abcd'
const DISABLED = 'ef56ab12-cd34-4a78-9b01-23456789abcd'

/** What the API said of the load balancer whose files are in `configurations/lvs`; a new copy each time. */
export function datagramDetail(): LoadBalancerDetail {
  const { loadBalancer, listeners, pools, ...rest } = capturedDetail()
  const [listener, pool] = [listeners[0]!, pools[0]!]
  const bare = { ...pool.members[0]!, port: 5353 }
  const common = { ...listener, l7PolicyIds: [], insertHeaders: {} }
  const monitor = { ...pool.healthMonitor!, urlPath: '/health', expectedCodes: '200,202' }
  return {
    ...rest,
    loadBalancer: { ...loadBalancer, additionalVips: [{ address: '2001:DB8::100' }] },
    listeners: [
      {
        ...{ ...common, id: DATAGRAM, protocol: 'UDP', port: 53, connectionLimit: -1 },
        defaultPoolId: poolId(3),
      },
      {
        ...{ ...common, id: STREAMED, protocol: 'SCTP', port: 3868, connectionLimit: 100 },
        defaultPoolId: poolId(4),
      },
      {
        ...{ ...common, id: DISABLED, protocol: 'UDP', port: 69, adminStateUp: false },
        defaultPoolId: poolId(3),
      },
    ],
    pools: [
      {
        ...{ ...pool, id: poolId(3), protocol: 'UDP', algorithm: 'SOURCE_IP' },
        listenerIds: [DATAGRAM, DISABLED],
        sessionPersistence: { type: 'SOURCE_IP', timeout: 60, granularity: '255.255.255.0' },
        healthMonitor: monitor,
        members: [
          { ...bare, id: memberId(1), address: '10.77.2.21' },
          {
            ...{ ...bare, id: memberId(2), address: '2001:db8:1::22', weight: 0 },
            ...{ monitorAddress: '2001:db8:1::99', monitorPort: 8080 },
          },
          { ...bare, id: memberId(3), address: '10.77.2.23', adminStateUp: false },
        ],
      },
      {
        ...{ ...pool, id: poolId(4), protocol: 'SCTP', algorithm: 'LEAST_CONNECTIONS' },
        listenerIds: [STREAMED],
        healthMonitor: { ...monitor, type: 'SCTP' },
        members: [{ ...bare, id: memberId(4), address: '10.77.2.24', port: 3868 }],
      },
    ],
  }
}
