import type { LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'
import type { Layer7 } from '../../../../../main/domain/compare/haproxyApiLayer7'
import { aPolicy, aRule } from './aPolicy'
import { capturedDetail } from './capturedDetail'

type Detail = LoadBalancerDetail
type Pool = Detail['pools'][number]

export const SECURE = '4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817'
export const PLAIN = '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d'
export const STREAM = '0f1e2d3c-4b5a-4968-8776-655443322110'

export const poolId = (number: number): string =>
  `c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c0${String(number)}`
export const memberId = (number: number): string =>
  `e${String(number)}a1c7de-1111-4c2b-9b1c-0a000000000${String(number)}`

const TLS = {
  tlsEnabled: true,
  tlsCiphers: 'TLS_AES_256_GCM_SHA384',
  tlsVersions: ['TLSv1.2', 'TLSv1.3'],
}

/** What the API said of the load balancer whose haproxy.cfg is in `configurations/tls-proxy-l7`; a new copy each time. */
export function encryptedDetail(): Detail {
  const { loadBalancer, listeners, pools, ...rest } = capturedDetail()
  const [listener, pool] = [listeners[0]!, pools[0]!]
  const [member] = pool.members
  const aPool = (number: number, members: number[], more: Partial<Pool>): Pool => {
    const { healthMonitor, ...bare } = pool
    return {
      ...bare,
      id: poolId(number),
      listenerIds: [],
      members: members.map((each) => ({
        ...member!,
        ...{ id: memberId(each), address: `10.77.2.2${String(each)}`, port: 8443 },
      })),
      ...(number < 3 && { healthMonitor: { ...healthMonitor!, type: 'HTTPS' } }),
      tlsEnabled: false,
      ...more,
    }
  }
  const aListener = (id: string, protocol: string, port: number, usual: number) => ({
    ...listener,
    ...{ id, protocol, port, defaultPoolId: poolId(usual), insertHeaders: {} },
    clientAuthentication: 'NONE',
    l7PolicyIds: id === STREAM ? [] : ['policy'],
  })
  return {
    ...rest,
    loadBalancer,
    listeners: [
      {
        ...aListener(SECURE, 'TERMINATED_HTTPS', 443, 1),
        ...{ tlsCiphers: TLS.tlsCiphers, tlsVersions: TLS.tlsVersions, alpnProtocols: ['h2'] },
        ...{ clientAuthentication: 'OPTIONAL', clientCaTlsContainerRef: 'ca' },
        clientCrlContainerRef: 'crl',
      },
      aListener(PLAIN, 'HTTP', 80, 4),
      aListener(STREAM, 'TCP', 9000, 5),
    ],
    pools: [
      aPool(1, [1, 2], {
        ...{ ...TLS, tlsCiphers: `${TLS.tlsCiphers}:ECDHE-RSA-AES256-GCM-SHA384` },
        ...{ tlsContainerRef: 'crt', caTlsContainerRef: 'ca', crlContainerRef: 'crl' },
        ...{ alpnProtocols: ['h2', 'http/1.1'], listenerIds: [SECURE] },
      }),
      aPool(2, [3], { ...TLS, caTlsContainerRef: 'ca', listenerIds: [SECURE] }),
      aPool(3, [4], { ...TLS, listenerIds: [SECURE] }),
      aPool(4, [5], { protocol: 'PROXY', listenerIds: [PLAIN] }),
      aPool(5, [6], { protocol: 'PROXYV2', listenerIds: [SECURE, PLAIN, STREAM] }),
      aPool(6, [7], { adminStateUp: false, listenerIds: [PLAIN] }),
    ],
  }
}

const toPool = (number: number) => ({ redirectPoolId: poolId(number) })

/** The L7 policies of the same load balancer. */
export const ENCRYPTED_LAYER7: Layer7 = [
  aPolicy(SECURE, 'REDIRECT_TO_POOL', toPool(2), [
    aRule(1, 'SSL_CONN_HAS_CERT', 'EQUAL_TO', 'true'),
    aRule(2, 'SSL_VERIFY_RESULT', 'EQUAL_TO', '0', { invert: true }),
    aRule(3, 'SSL_DN_FIELD', 'STARTS_WITH', 'my unit', { key: 'OU' }),
  ]),
  aPolicy(SECURE, 'REDIRECT_TO_POOL', toPool(3), [
    aRule(4, 'COOKIE', 'CONTAINS', 'a\\b', { key: 'SRV' }),
  ]),
  aPolicy(SECURE, 'REDIRECT_TO_POOL', toPool(5), [
    aRule(5, 'HOST_NAME', 'ENDS_WITH', '.example.test'),
  ]),
  aPolicy(
    PLAIN,
    'REDIRECT_PREFIX',
    { redirectPrefix: 'https://shop.example.test/?a=1&b=2', redirectHttpCode: 308 },
    [aRule(6, 'PATH', 'REGEX', '^/a&b/(x|y)<z>$')],
  ),
  aPolicy(PLAIN, 'REDIRECT_TO_URL', { redirectUrl: 'https://old.example.test/x' }, [
    aRule(7, 'FILE_TYPE', 'EQUAL_TO', 'php'),
    aRule(8, 'HEADER', 'EQUAL_TO', 'it\'s "quoted"', { key: 'X-Env' }),
  ]),
  aPolicy(PLAIN, 'REDIRECT_TO_POOL', toPool(6), [aRule(9, 'PATH', 'STARTS_WITH', '/off')]),
  aPolicy(PLAIN, 'REJECT', {}, [
    aRule(10, 'HEADER', 'CONTAINS', 'bad bot', { key: 'User-Agent', invert: true }),
  ]),
]
