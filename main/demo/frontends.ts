import type { FrontendConfiguration } from './amphora/specification'
import type { Database, PoolRecord } from './octavia/records'

/** What Octavia uploads to both amphorae: the enabled listeners with their pools. */
export const frontendsOf = (database: Database, loadBalancerId: string): FrontendConfiguration[] =>
  database
    .listenersOf(loadBalancerId)
    .filter(
      ({ admin_state_up: enabled, protocol, provisioning_status: status }) =>
        enabled && !['UDP', 'SCTP'].includes(protocol) && status !== 'PENDING_CREATE',
    )
    .map((listener) => {
      const pool = listener.default_pool_id
        ? database.pools.get(listener.default_pool_id)
        : undefined
      return {
        id: listener.id,
        mode: ['HTTP', 'TERMINATED_HTTPS', 'PROMETHEUS'].includes(listener.protocol)
          ? 'http'
          : 'tcp',
        port: listener.protocol_port,
        connectionLimit: listener.connection_limit,
        clientTimeout: listener.timeout_client_data,
        connectTimeout: listener.timeout_member_connect,
        serverTimeout: listener.timeout_member_data,
        pool: pool?.admin_state_up ? poolOf(database, pool) : undefined,
      }
    })

const PROXY_OPTIONS: Readonly<Record<string, 'send-proxy' | 'send-proxy-v2'>> = {
  PROXY: 'send-proxy',
  PROXYV2: 'send-proxy-v2',
}

function poolOf(database: Database, pool: PoolRecord): FrontendConfiguration['pool'] {
  const monitor = database.monitorOf(pool.id)
  return {
    id: pool.id,
    algorithm: pool.lb_algorithm,
    persistence:
      pool.session_persistence?.type === 'HTTP_COOKIE'
        ? 'cookie SRV insert indirect nocache'
        : undefined,
    proxyProtocol: PROXY_OPTIONS[pool.protocol],
    // haproxy.cfg has them in the order of their ids, as the database answers them.
    servers: database
      .membersOf(pool.id)
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .map((member) => ({
        id: member.id,
        name: member.name,
        address: member.address,
        port: member.protocol_port,
        weight: member.weight,
        backup: member.backup,
        enabled: member.admin_state_up,
      })),
    check: monitor?.admin_state_up
      ? {
          type: monitor.type,
          delay: monitor.delay,
          timeout: monitor.timeout,
          rise: monitor.max_retries,
          fall: monitor.max_retries_down,
          method: monitor.http_method ?? 'GET',
          path: monitor.url_path ?? '/',
          codes: monitor.expected_codes ?? '200',
        }
      : undefined,
  }
}
