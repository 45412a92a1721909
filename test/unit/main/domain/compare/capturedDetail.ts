import type { LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'

type Detail = LoadBalancerDetail
type Part = Pick<Detail['loadBalancer'], 'provisioningStatus' | 'operatingStatus' | 'adminStateUp'>

const up: Part & { tags: string[] } = {
  provisioningStatus: 'ACTIVE',
  operatingStatus: 'ONLINE',
  adminStateUp: true,
  tags: [],
}

export const HTTP = '4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817'
export const TLS = '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d'
const METRICS = '0f1e2d3c-4b5a-4968-8776-655443322110'
export const USUAL = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c01'
const SESSIONS = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c02'
const CIPHERS =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:DHE-RSA-AES256-GCM-SHA384:' +
  'DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA256:' +
  'DHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256'
export const FIRST = 'e1a1c7de-1111-4c2b-9b1c-0a0000000021'

const listener = (id: string, protocol: string, port: number, defaultPoolId?: string) => ({
  ...up,
  id,
  name: `${protocol} listener`,
  description: '',
  protocol,
  port,
  connectionLimit: 2000,
  l7PolicyIds: id === HTTP ? ['policy'] : [],
  allowedCidrs: [],
  timeoutClientData: 50_000,
  timeoutMemberConnect: 5000,
  timeoutMemberData: 50_000,
  ...(defaultPoolId !== undefined && { defaultPoolId }),
})

const member = (id: string, address: string) => ({
  ...up,
  id,
  name: `member ${address}`,
  address,
  port: 8080,
  weight: 1,
  backup: false,
})

const pool = (id: string, listenerIds: string[], members: ReturnType<typeof member>[]) => ({
  ...up,
  id,
  name: `pool ${id.slice(-1)}`,
  description: '',
  protocol: 'HTTP',
  algorithm: 'ROUND_ROBIN',
  listenerIds,
  healthMonitorId: `monitor ${id}`,
  memberIds: members.map((one) => one.id),
  members,
  healthMonitor: {
    ...up,
    id: `monitor ${id}`,
    name: '',
    type: 'HTTP',
    delay: 5,
    timeout: 3,
    maxRetries: 2,
    maxRetriesDown: 3,
    httpMethod: 'GET',
    urlPath: '/',
    expectedCodes: '200',
  },
})

/** What the API said of the load balancer whose files are in `configurations/http-tls-l7-prom`; a new copy each time. */
export const capturedDetail = (): Detail => ({
  loadBalancer: {
    ...up,
    id: '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10',
    name: 'shop',
    description: '',
    projectId: '5f1c8b1d2f3a4e6c9b7a8d0e1f2a3b4c',
    vipAddress: '10.77.1.100',
    additionalVips: [],
    provider: 'amphora',
    listenerIds: [HTTP, TLS, METRICS],
    poolIds: [USUAL, SESSIONS],
  },
  listeners: [
    {
      ...listener(HTTP, 'HTTP', 80, USUAL),
      insertHeaders: { 'X-Forwarded-For': 'true', 'X-Forwarded-Port': 'false' },
    },
    {
      ...listener(TLS, 'TERMINATED_HTTPS', 443, USUAL),
      insertHeaders: { 'X-Forwarded-For': 'True', 'X-Forwarded-Proto': 'true' },
      tlsCiphers: CIPHERS,
      tlsVersions: ['TLSv1.2', 'TLSv1.3'],
      alpnProtocols: ['h2', 'http/1.1'],
    },
    listener(METRICS, 'PROMETHEUS', 8088),
  ],
  pools: [
    pool(
      USUAL,
      [HTTP, TLS],
      [member(FIRST, '10.77.2.21'), member('e2a2c7de-2222-4c2b-9b1c-0a0000000022', '10.77.2.22')],
    ),
    {
      ...pool(SESSIONS, [HTTP], [member('e3a3c7de-3333-4c2b-9b1c-0a0000000022', '10.77.2.22')]),
      sessionPersistence: { type: 'HTTP_COOKIE' },
    },
  ],
  at: 0,
  requestIds: [],
})
