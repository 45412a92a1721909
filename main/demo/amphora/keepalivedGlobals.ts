import type { Interface } from './interfaces'

/** First part of /tmp/keepalived.data: keepalived 2.2.7, core/global_data.c, with Octavia's settings. */
export const globalDump = (
  amphoraId: string,
  parent: boolean,
): string => `------< Global definitions >------
 Network namespace = (default)
 Network namespace ipvs = (main namespace)
 Router ID = amphora-${amphoraId}
 Default smtp_alert = unset
 Default smtp_alert_vrrp = unset
 Default smtp_alert_checker = unset
 Checkers log all failures = false
 No test config before reload
 Dynamic interfaces = false
${parent ? '' : ' Default interface = eth0\n'} Disable local IGMP = no
 LVS flush = false
 LVS flush on stop = disabled
 FIFO write vrrp states on reload = false
 VRRP notify priority changes = false
 VRRP IPv4 mcast group = 224.0.0.18
 VRRP IPv6 mcast group = ff02::12
 Gratuitous ARP delay = 5
 Gratuitous ARP repeat = 5
 Gratuitous ARP refresh timer = 0
 Gratuitous ARP refresh repeat = 1
 Gratuitous ARP lower priority delay = 5
 Gratuitous ARP lower priority repeat = 5
 Num adverts before down = 3
 Gratuitous ARP for each secondary VMAC = 0s
 Send advert after receive lower priority advert = true
 Send advert after receive higher priority advert = false
 Gratuitous ARP interval = 0.000000
 Gratuitous NA interval = 0.000000
 VRRP default protocol version = 2
 nftables without counters
 libnftnl version 1.2.3
 VRRP check unicast_src = false
 VRRP skip check advert addresses = false
 VRRP strict mode = false
 Max auto priority = 0
 Min auto priority delay = 1000000 usecs
 VRRP process priority = 0
 VRRP don't swap = false
 VRRP realtime priority = 0
 VRRP realtime limit = 10000
 Checker process priority = 0
 Checker don't swap = false
 Checker realtime priority = 0
 Checker realtime limit = 10000
 BFD process priority = 0
 BFD don't swap = false
 BFD realtime priority = 0
 BFD realtime limit = 10000
 SNMP vrrp disabled
 SNMP checker disabled
 SNMP RFCv2 disabled
 SNMP RFCv3 disabled
 SNMP traps disabled
 SNMP socket = default (unix:/var/agentx/master)
 DBus disabled
 DBus service name = 
 Script security disabled
 Default script uid:gid 0:0
 vrrp_netlink_cmd_rcv_bufs = 0
 vrrp_netlink_cmd_rcv_bufs_force = 0
 vrrp_netlink_monitor_rcv_bufs = 0
 vrrp_netlink_monitor_rcv_bufs_force = 0
 process_monitor_rcv_bufs = 0
 process_monitor_rcv_bufs_force = 0
 lvs_netlink_cmd_rcv_bufs = 0
 lvs_netlink_cmd_rcv_bufs_force = 0
 lvs_netlink_monitor_rcv_bufs = 0
 lvs_netlink_monitor_rcv_bufs_force = 0
 rs_init_notifies = 0
 no_checker_emails = 0
 rx_bufs_multiples = 3
 umask = 0177
`

/** Last part of /tmp/keepalived.data: keepalived 2.2.7, vrrp/vrrp_if.c. */
export const interfacesDump = (links: readonly Interface[], instance: string): string =>
  `------< Interfaces >------\n${links.map((link) => interfaceDump(link, instance)).join('')}`

function interfaceDump(link: Interface, instance: string): string {
  const isLoopback = link.name === 'lo'
  const state = isLoopback
    ? 'UP, RUNNING, no broadcast, loopback, no multicast'
    : link.carrier
      ? 'UP, RUNNING'
      : 'UP, not RUNNING'
  const hardware = `   MAC = ${link.mac}\n   MAC broadcast = ff:ff:ff:ff:ff:ff\n`
  const tracking = ` Tracking VRRP instances :\n     ${instance}, weight 0\n`
  return ` Name = ${link.name}
   index = ${link.index}
   IPv4 address = ${link.addresses[0]?.local ?? '(none)'}
   IPv6 address = (none)
${isLoopback ? '' : hardware}   State = ${state}
   Seen up = 1
   Delayed state change running = false
   Up debounce timer = 0us
   Down debounce timer = 0us
   MTU = ${link.mtu}
   HW Type = ${isLoopback ? 'LOOPBACK' : 'ETHERNET'}
   NIC netlink status update
   Reset ARP config counter 0
   Original arp_ignore 0
   Original arp_filter 0
   Original promote_secondaries 0
   Reset promote_secondaries counter 0
${link.name === 'eth1' ? `  ${tracking}` : ''}`
}
