import type { ServerHealth } from '../amphora/haproxyBackend'
import type { Machine } from '../amphora/machine'

/** Columns of haproxy 2.6.12, in its order. */
const COLUMNS =
  'pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,reuse,cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,uweight,agg_server_status,agg_server_check_status,agg_check_status,-,ssl_sess,ssl_reused_sess,ssl_failed_handshake,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,h2_goaway_rcvd,h2_detected_conn_protocol_errors,h2_detected_strm_protocol_errors,h2_rst_stream_resp,h2_goaway_resp,h2_open_connections,h2_backend_open_streams,h2_total_connections,h2_backend_total_streams,h1_open_connections,h1_open_streams,h1_total_connections,h1_total_streams,h1_bytes_in,h1_bytes_out,h1_spliced_bytes_in,h1_spliced_bytes_out'.split(
    ',',
  )

const row = (values: Record<string, string | number>): string =>
  `${COLUMNS.map((column) => values[column] ?? (column === '-' ? '-' : '')).join(',')},\n`

/** Whole seconds since a time. */
export const seconds = ({ clock }: Machine, since: number): number =>
  Math.max(0, Math.floor((clock.now() - since) / 1000))

/** `show stat`. */
export function statistics(machine: Machine): string {
  const { haproxy: daemon } = machine
  let proxy = 1
  const rows = daemon.frontends.map((frontend) => {
    const { connections, received, sent, open } = daemon.count(frontend.id)
    const backend = daemon.backends.get(frontend.id)
    const limit = frontend.connectionLimit < 0 ? 2000 : frontend.connectionLimit
    const shared = {
      ...{ scur: open, smax: Math.min(connections, 12), slim: limit, stot: connections },
      ...{ bin: received, bout: sent, dreq: 0, dresp: 0, pid: 1, mode: frontend.mode },
      ...{ rate: 0, rate_max: Math.min(connections, 51) },
      ...(frontend.mode === 'http' && {
        ...{ hrsp_1xx: 0, hrsp_2xx: connections, hrsp_3xx: 0, hrsp_4xx: 0, hrsp_5xx: 0 },
        ...{ hrsp_other: 0, req_tot: connections },
      }),
    }
    proxy += 1
    const front = row({
      ...shared,
      ...{ pxname: frontend.id, svname: 'FRONTEND', status: 'OPEN', type: 0, ereq: 0 },
      ...{ iid: proxy, sid: 0, rate_lim: 0, conn_tot: connections },
    })
    if (!backend) return front
    proxy += 1
    const { servers, pool, name } = backend
    const lines = servers.map((server, index) =>
      serverRow(machine, server, index, proxy, name, pool),
    )
    const up = servers.filter(isUp)
    const back = row({
      ...shared,
      ...{ pxname: name, svname: 'BACKEND', qcur: 0, qmax: 0, econ: 0, eresp: 0, wretr: 0 },
      ...{ wredis: 0, status: up.length ? 'UP' : 'DOWN', act: up.length, bck: 0, chkdown: 0 },
      weight: up.reduce((sum, { configuration }) => sum + configuration.weight, 0),
      lastchg: seconds(machine, daemon.startedAt),
      ...{ downtime: 0, iid: proxy, sid: 0, lbtot: connections, type: 1 },
    })
    return front + lines.join('') + back
  })
  return `# ${COLUMNS.join(',')},\n${rows.join('')}`
}

type Pool = Machine['haproxy']['frontends'][number]['pool']

const isUp = ({ up, configuration }: ServerHealth): boolean => up && configuration.enabled

function serverRow(
  machine: Machine,
  server: ServerHealth,
  index: number,
  proxy: number,
  backend: string,
  pool: Pool,
): string {
  const { configuration, status, health } = server
  const check = pool?.check
  const passed = status === 'L7OK' || status === 'L4OK'
  return row({
    ...{ pxname: backend, svname: configuration.id, qcur: 0, qmax: 0, scur: 0 },
    ...{ smax: Math.min(server.connections, 7), stot: server.connections, dresp: 0, econ: 0 },
    ...{ eresp: 0, wretr: 0, wredis: 0, status: statusOf(server, check) },
    weight: configuration.weight,
    ...{ act: configuration.backup ? 0 : 1, bck: configuration.backup ? 1 : 0 },
    ...{ chkfail: server.failedChecks, chkdown: server.downs },
    lastchg: seconds(machine, server.changedAt),
    downtime: server.up ? 0 : seconds(machine, server.changedAt),
    ...{ pid: 1, iid: proxy, sid: index + 1, lbtot: server.connections, type: 2, rate: 0 },
    ...(check &&
      configuration.enabled && {
        ...{ check_status: status, check_duration: status === 'L4TOUT' ? check.timeout * 1000 : 1 },
        ...(status === 'L7OK' && { check_code: 200 }),
        check_desc: DESCRIPTIONS[status] ?? '',
        ...(!passed && status === 'L4CON' && { last_chk: 'Connection refused' }),
        ...{ check_rise: check.rise, check_fall: check.fall, check_health: health },
      }),
  })
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  INI: 'Initializing',
  L4OK: 'Layer4 check passed',
  L7OK: 'Layer7 check passed',
  L4CON: 'Layer4 connection problem',
  L4TOUT: 'Layer4 timeout',
}

type Check = NonNullable<Pool>['check']

/** haproxy's words for a server; between two states it counts the checks. */
function statusOf({ up, health, configuration }: ServerHealth, check: Check): string {
  if (!configuration.enabled) return 'MAINT'
  if (!check) return 'no check'
  const full = check.rise + check.fall - 1
  if (up) {
    if (configuration.weight === 0) return 'DRAIN'
    return health >= full ? 'UP' : `UP ${health - check.rise + 1}/${check.fall}`
  }
  return health === 0 ? 'DOWN' : `DOWN ${health}/${check.rise}`
}

/** Numbers of check states in haproxy 2.6, include/haproxy/check-t.h. */
const CHECK_STATES: Readonly<Record<string, number>> = {
  INI: 1,
  L4OK: 6,
  L4TOUT: 7,
  L4CON: 8,
  L7OK: 15,
}

const STATE_COLUMNS =
  'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port'

/** `show servers state`. */
export function serversState(machine: Machine): string {
  let proxy = 1
  const lines = machine.haproxy.frontends.flatMap(({ id }) => {
    const backend = machine.haproxy.backends.get(id)
    proxy += backend ? 2 : 1
    return (backend?.servers ?? []).map((server, index) => {
      const { configuration, up, status, health } = server
      const { address, port, weight, enabled } = configuration
      const check = backend?.pool.check
      const result = check ? (up ? 3 : 2) : 0
      return [
        ...[proxy, backend?.name, index + 1, configuration.id, address],
        ...[up && enabled ? 2 : 0, enabled ? 0 : 5, weight, weight],
        ...[seconds(machine, server.changedAt), check ? (CHECK_STATES[status] ?? 0) : 1],
        ...[result, check ? health : 0, check ? 6 : 0, 0, 0, 0, '-', port, '-', 0, 0, '-', '-', 0],
      ].join(' ')
    })
  })
  return `1\n# ${STATE_COLUMNS}\n${lines.map((line) => `${line}\n`).join('')}`
}
