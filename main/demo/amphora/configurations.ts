import { peerName } from '../identity'
import type { AmphoraSpecification, FrontendConfiguration } from './specification'

/** Connections without a limit of their own. */
const DEFAULT_LIMIT = 2000

export const instanceName = (loadBalancerId: string): string => loadBalancerId.replaceAll('-', '')

/** octavia-keepalived.conf: Octavia 11.0.0, keepalived/jinja/templates/keepalived_base.template. */
export function keepalivedConfiguration(spec: AmphoraSpecification): string {
  const { vip, vipSubnet } = spec
  const gateway = vipSubnet.gateway
    ? `        default via ${vipSubnet.gateway} dev eth1 onlink table 1\n`
    : ''
  return `vrrp_script check_script {
    script /var/lib/octavia/vrrp/check_script.sh
    interval 5
    fall 2
    rise 2
}

vrrp_instance ${instanceName(spec.loadBalancerId)} {
    state ${spec.role}
    interface eth1
    virtual_router_id 1
    priority ${spec.priority}
    nopreempt
    accept
    garp_master_refresh 5
    garp_master_refresh_repeat 2
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass ${spec.authPass}
    }

    unicast_src_ip ${spec.vrrpAddress}
    unicast_peer {
        ${spec.peer.vrrpAddress}
    }

    virtual_ipaddress {
        ${vip}
    }

    virtual_ipaddress_excluded {
    }

    virtual_routes {
        ${vipSubnet.cidr} dev eth1 src ${vip} scope link table 1
${gateway}    }

    virtual_rules {
        from ${vip}/32 table 1 priority 100
    }

    track_script {
        check_script
    }
}`
}

const ALGORITHMS: Record<string, string> = {
  ROUND_ROBIN: 'roundrobin',
  LEAST_CONNECTIONS: 'leastconn',
  SOURCE_IP: 'source',
}

/** haproxy.cfg: Octavia 11.0.0, haproxy/combined_listeners/templates. */
export function haproxyConfiguration(
  spec: AmphoraSpecification,
  frontends: readonly FrontendConfiguration[],
): string {
  const id = spec.loadBalancerId
  const limits = frontends.map(({ connectionLimit }) => limitOf(connectionLimit))
  const own = { amphoraId: spec.amphoraId, vrrpAddress: spec.vrrpAddress }
  // The controller lists both in one order: the two files are the same.
  const peers = spec.role === 'MASTER' ? [own, spec.peer] : [spec.peer, own]
  return `# Configuration for loadbalancer ${id}
global
    daemon
    user nobody
    log /run/rsyslog/octavia/log local0
    log /run/rsyslog/octavia/log local1 notice
    stats socket /var/lib/octavia/${id}.sock mode 0666 level user
    server-state-file /var/lib/octavia/${id}/servers-state
    maxconn ${limits.reduce((sum, limit) => sum + limit, 0)}

defaults
    log global
    retries 3
    option redispatch
    option splice-request
    option splice-response
    option http-keep-alive

peers ${instanceName(id)}_peers
${peers.map((peer) => `    peer ${peerName(peer.amphoraId)} ${peer.vrrpAddress}:1025\n`).join('')}

${frontends.map((frontend) => frontendSection(spec, frontend)).join('')}`
}

const limitOf = (connectionLimit: number): number =>
  connectionLimit < 0 ? DEFAULT_LIMIT : connectionLimit

function frontendSection(spec: AmphoraSpecification, frontend: FrontendConfiguration): string {
  const { id, pool, mode } = frontend
  const name = pool && `${pool.id}:${id}`
  const head = `
frontend ${id}
    maxconn ${limitOf(frontend.connectionLimit)}
    bind ${spec.vip}:${frontend.port}
    mode ${mode}
${name ? `    default_backend ${name}\n` : ''}    timeout client ${frontend.clientTimeout}
    log-format ${spec.projectId}\\ ${spec.loadBalancerId}\\ %f\\ %ci\\ %cp\\ %t\\ ${
      mode === 'http' ? '%{+Q}r\\ %ST' : '-\\ -'
    }\\ %B\\ %U\\ %[ssl_c_verify]\\ %{+Q}[ssl_c_s_dn]\\ %b\\ %s\\ %Tt\\ %tsc
`
  if (!pool || !name) return head
  const check = pool.check
  const isHttp = check?.type === 'HTTP' || check?.type === 'HTTPS'
  const options = check
    ? ` check${check.type === 'HTTPS' || check.type === 'TLS-HELLO' ? ' check-ssl verify none' : ''} inter ${check.delay}s fall ${check.fall} rise ${check.rise}`
    : ''
  const servers = pool.servers.map(
    (server) =>
      `    server ${server.id} ${server.address}:${server.port} weight ${server.weight}${options}${
        pool.proxyProtocol ? ` ${pool.proxyProtocol}` : ''
      }${server.backup ? ' backup' : ''}${server.enabled ? '' : ' disabled'}\n`,
  )
  return `${head}
backend ${name}
    mode ${mode}
${mode === 'http' ? '    http-reuse safe\n' : ''}    balance ${ALGORITHMS[pool.algorithm] ?? 'roundrobin'}
${pool.persistence ? `    ${pool.persistence}\n` : ''}${
    check
      ? `    load-server-state-from-file global
    timeout check ${check.timeout}s
${isHttp ? `    option httpchk ${check.method} ${check.path}\n    http-check expect rstatus ${check.codes.replaceAll(/,\s*/g, '|')}\n` : ''}`
      : ''
  }    fullconn ${limitOf(frontend.connectionLimit)}
    option allbackups
    timeout connect ${frontend.connectTimeout}
    timeout server ${frontend.serverTimeout}
${servers.join('')}
`
}
