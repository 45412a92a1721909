import { dumpTime, epochTime } from '../timestamps'
import { instanceName } from './configurations'
import type { AmphoraSpecification } from './specification'
import type { Vrrp, VrrpState } from './vrrp'

const STATES: Record<VrrpState, number> = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3 }

const vipLine = (spec: AmphoraSpecification, vrrp: Vrrp): string =>
  `${spec.vip} dev eth1 scope global${vrrp.state === 'MASTER' ? ' set' : ''}`

const routeLines = (spec: AmphoraSpecification): string[] => [
  `prepend ${spec.vipSubnet.cidr} src ${spec.vip} dev eth1 table 1 proto 18 scope 253`,
  `prepend 0.0.0.0/0 via inet ${spec.vipSubnet.gateway ?? ''} dev eth1 table 1 proto 18 onlink`,
]

const ruleLine = (spec: AmphoraSpecification): string =>
  `from ${spec.vip} priority 100 tos 0x0 protocol 18 lookup 1`

/** /tmp/keepalived.stats: keepalived 2.2.7, vrrp/vrrp_print.c. */
export function statsDump(spec: AmphoraSpecification, vrrp: Vrrp): string {
  const { counters } = vrrp
  return `VRRP Instance: ${instanceName(spec.loadBalancerId)}
  Advertisements:
    Received: ${counters.received}
    Sent: ${counters.sent}
  Became master: ${counters.becameMaster}
  Released master: ${counters.releasedMaster}
  Packet Errors:
    Length: 0
    TTL: 0
    Invalid Type: 0
    Advertisement Interval: 0
    Address List: 0
  Authentication Errors:
    Invalid Type: 0
    Type Mismatch: 0
    Failure: 0
  Priority Zero:
    Received: ${counters.zeroReceived}
    Sent: ${counters.zeroSent}
`
}

/** /tmp/keepalived.json: keepalived 2.2.7, vrrp/vrrp_json.c, format 1. */
export function jsonDump(spec: AmphoraSpecification, vrrp: Vrrp): string {
  const { counters, settings } = vrrp
  const data = {
    iname: instanceName(spec.loadBalancerId),
    dont_track_primary: 0,
    skip_check_adv_addr: 0,
    strict_mode: 0,
    vmac_ifname: '',
    ifp_ifname: 'eth1',
    master_priority: vrrp.master?.priority ?? 0,
    last_transition: Number(epochTime(vrrp.lastTransition)),
    garp_delay: 5,
    garp_refresh: 5,
    garp_rep: 5,
    garp_refresh_rep: 2,
    garp_lower_prio_delay: 5,
    garp_lower_prio_rep: 5,
    lower_prio_no_advert: 0,
    higher_prio_send_advert: 0,
    vrid: 1,
    base_priority: settings.priority,
    effective_priority: settings.priority,
    vipset: vrrp.state === 'MASTER',
    promote_secondaries: false,
    adver_int: 1,
    master_adver_int: 1,
    accept: 1,
    nopreempt: !settings.preempts,
    preempt_delay: 0,
    state: STATES[vrrp.state],
    wantstate: STATES[vrrp.wanted],
    version: 2,
    smtp_alert: false,
    notify_deleted: false,
    vips: [vipLine(spec, vrrp)],
    vroutes: routeLines(spec),
    vrules: [ruleLine(spec)],
    track_script: ["'/var/lib/octavia/vrrp/check_script.sh'"],
    auth_type: 1,
    auth_data: spec.authPass,
  }
  const stats = {
    advert_rcvd: counters.received,
    advert_sent: counters.sent,
    become_master: counters.becameMaster,
    release_master: counters.releasedMaster,
    packet_len_err: 0,
    advert_interval_err: 0,
    ip_ttl_err: 0,
    invalid_type_rcvd: 0,
    addr_list_err: 0,
    invalid_authtype: 0,
    authtype_mismatch: 0,
    auth_failure: 0,
    pri_zero_rcvd: counters.zeroReceived,
    pri_zero_sent: counters.zeroSent,
  }
  return JSON.stringify([{ data, stats }]).replaceAll('/', '\\/')
}

/** /tmp/keepalived.data from its topology on: keepalived 2.2.7, vrrp/vrrp_data.c. */
export function topologyDump(spec: AmphoraSpecification, vrrp: Vrrp, now: number): string {
  const instance = instanceName(spec.loadBalancerId)
  const { settings } = vrrp
  const master =
    vrrp.state === 'BACKUP' && vrrp.master
      ? `   Master router = ${vrrp.master.address}\n   Master priority = ${vrrp.master.priority}\n`
      : ''
  const readUntil = vrrp.downAt ?? now + settings.advertMs / 2
  return `------< VRRP Topology >------
 VRRP Instance = ${instance}
   VRRP Version = 2
   State = ${vrrp.state}
${master}   Flags:
     Using unicast
   Wantstate = ${vrrp.wanted}
   Number of config faults = 0
   Number of interface and track script faults = ${vrrp.faults.size}
   Number of track scripts init = ${vrrp.state === 'INIT' ? 1 : 0}
   Last transition = ${epochTime(vrrp.lastTransition)} (${dumpTime(vrrp.lastTransition)})
   Read timeout = ${epochTime(readUntil)} (${dumpTime(readUntil)})
   Master down timer = ${vrrp.state === 'BACKUP' ? Math.floor(vrrp.masterDownMs * 1000) : 0} usecs
   Interface = eth1
   Using src_ip = ${spec.vrrpAddress} (from configuration)
   Gratuitous ARP delay = 5
   Gratuitous ARP repeat = 5
   Gratuitous ARP refresh = 5
   Gratuitous ARP refresh repeat = 2
   Gratuitous ARP lower priority delay = 5
   Gratuitous ARP lower priority repeat = 5
   Down timer adverts = 3
   Send advert after receive lower priority advert = true
   Send advert after receive higher priority advert = false
   Virtual Router ID = 1
   Priority = ${settings.priority}
   Effective priority = ${settings.priority}
   Total priority = ${settings.priority}
   Advert interval = 1 sec
   Accept = enabled
   Preempt = ${settings.preempts ? 'enabled' : 'disabled'}
   Promote_secondaries = disabled
   Authentication type = SIMPLE_PASSWORD
   Password = ${spec.authPass}
   Virtual IP (1):
     ${vipLine(spec, vrrp)}
   Unicast TTL = 255
   Check unicast src : no
   Unicast Peer :
     ${spec.peer.vrrpAddress} min_ttl 0 max_ttl 255
   Unicast checksum compatibility = no
   fd_in 13, fd_out 14
   Virtual Routes :
${routeLines(spec)
  .map((line) => `     ${line}\n`)
  .join('')}   Virtual Rules :
     ${ruleLine(spec)}
   Tracked scripts :
     check_script weight 0
   Using smtp notification = no
   Notify deleted = Fault
   Notify priority changes = false
------< VRRP Sockpool >------
 fd_in 13 fd_out = 14
   Interface = eth1
   Family = IPv4
   Protocol = VRRP
   Type = Unicast
   Address = ${spec.vrrpAddress}
   Rx buf size = 0
   VRRP instances
     ${instance} vrid 1
------< VRRP Scripts >------
 VRRP Script = check_script
   Command = '/var/lib/octavia/vrrp/check_script.sh'
   Interval = 5 sec
   Timeout = 0 sec
   Weight = 0
   Rise = 2
   Fall = 2
   Result = ${vrrp.faults.has('script') ? 0 : 3}
   Insecure = no
   Init state = ${vrrp.state === 'INIT' ? 'init' : 'unknown'}
   Status = ${vrrp.faults.has('script') ? 'BAD' : 'GOOD'}
   Script uid:gid = 0:0
   VRRP instances :
   Tracking instances :
     ${instance}, weight 0
   State = idle
`
}
