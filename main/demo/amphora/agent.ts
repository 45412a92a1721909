import type { Clock } from '../clock'
import { newHex } from '../identity'
import type { Machine } from './machine'

/** The health manager, which all amphorae of the cloud report to, and the key they sign with. */
const CONTROLLER = '10.77.0.1'
const HEARTBEAT_KEY = newHex(16)
const HEARTBEAT_SECONDS = 5
const AGENT_UNIT = 'amphora-agent.service'

const KEEPALIVED_PID = '/var/lib/octavia/vrrp/octavia-keepalived.pid'

/** A heartbeat that left. */
export interface Heartbeat {
  at: number
  from: string
  port: number
  to: string
  length: number
}

/** The agent of one amphora, as far as it shows: it sends heartbeats, unless keepalived has stopped. */
export class Agent {
  private readonly listeners = new Set<(heartbeat: Heartbeat) => void>()
  private readonly port = 20_000 + Number.parseInt(newHex(3), 16)

  constructor(private readonly machine: Machine) {}

  /** Where its datagrams come from. */
  get heartbeatPort(): number {
    return this.port
  }

  start(clock: Clock): void {
    clock.every(HEARTBEAT_SECONDS * 1000, () => this.beat())
  }

  /** Tells of each heartbeat. The answer ends it. */
  follow(listener: (heartbeat: Heartbeat) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private beat(): void {
    const { machine } = this
    const unit = machine.systemd.units.get(AGENT_UNIT)
    if (!machine.powered || unit?.active !== 'active') return
    if (!machine.files.has(KEEPALIVED_PID)) return this.complain(unit.mainPid)
    if (!machine.keepalived.runs) return
    const heartbeat = {
      at: machine.clock.now(),
      from: machine.spec.managementAddress,
      port: this.port,
      to: CONTROLLER,
      length: 290 + (Math.floor(machine.clock.now()) % 30),
    }
    for (const listener of this.listeners) listener(heartbeat)
  }

  private complain(pid: number): void {
    const { journal, clock } = this.machine
    const stamp = new Date(clock.now()).toISOString().replace('T', ' ').slice(0, 23)
    const missing = `[Errno 2] No such file or directory: '${KEEPALIVED_PID}'`
    journal.append(
      {
        identifier: 'amphora-agent',
        pid,
        unit: AGENT_UNIT,
        transport: 'stdout',
        facility: 3,
        command: '/usr/bin/python3 /usr/local/bin/amphora-agent',
        executable: '/usr/bin/python3.11',
        name: 'amphora-agent',
      },
      {
        message: `${stamp} ${pid} ERROR octavia.amphorae.backends.health_daemon.health_daemon [-] Missing keepalived PID file ${KEEPALIVED_PID}, skipping health heartbeat.: FileNotFoundError: ${missing}`,
      },
    )
  }
}

/** amphora-agent.conf: Octavia 11.0.0, octavia/amphorae/backends/agent/templates/amphora_agent_conf.template. */
export const agentConfiguration = (amphoraId: string): string => `
[DEFAULT]
debug = False
use_syslog = True
syslog_log_facility = LOG_LOCAL1

[haproxy_amphora]
base_cert_dir = /var/lib/octavia/certs
base_path = /var/lib/octavia
bind_host = ::
bind_port = 9443
haproxy_cmd = /usr/sbin/haproxy
respawn_count = 2
respawn_interval = 2
use_upstart = True
user_log_facility = 0
administrative_log_facility = 1

[health_manager]
controller_ip_port_list = ${CONTROLLER}:5555
heartbeat_interval = ${HEARTBEAT_SECONDS}
heartbeat_key = ${HEARTBEAT_KEY}

[amphora_agent]
agent_server_ca = /etc/octavia/certs/client_ca.pem
agent_server_cert = /etc/octavia/certs/server.pem
agent_request_read_timeout = 180
amphora_id = ${amphoraId}
amphora_udp_driver = keepalived_lvs
agent_tls_protocol = TLSv1.2

[controller_worker]
loadbalancer_topology = ACTIVE_STANDBY
`
