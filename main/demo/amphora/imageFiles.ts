import { peerName } from '../identity'
import type { AmphoraSpecification } from './specification'

interface ImageFile {
  path: string
  text: string
  mode?: number
}

const OCTAVIA = '/var/lib/octavia'
const UNITS = '/usr/lib/systemd/system'

/** Files that the image brings and the agent writes when the amphora is plugged: Octavia 11.0.0 on Debian 12. */
export function imageFiles(spec: AmphoraSpecification): ImageFile[] {
  return [
    { path: `${OCTAVIA}/plugged_interfaces`, text: plugged(spec) },
    { path: `${OCTAVIA}/haproxy-default-user-group.conf`, text: 'global\n\tgroup nogroup\n' },
    { path: `${OCTAVIA}/ping-wrapper.sh`, text: PING_WRAPPER, mode: 0o755 },
    { path: `${OCTAVIA}/vrrp/check_script.sh`, text: CHECK_SCRIPT, mode: 0o755 },
    {
      path: `${OCTAVIA}/vrrp/check_scripts/haproxy_check_script.sh`,
      text: `haproxy-vrrp-check ${OCTAVIA}/${spec.loadBalancerId}.sock; exit $?`,
    },
    { path: '/etc/octavia/interfaces/lo.json', text: LOOPBACK },
    { path: '/etc/octavia/interfaces/eth1.json', text: vipInterface(spec) },
    { path: '/etc/octavia/interfaces/eth2.json', text: memberInterface(spec) },
    { path: '/etc/rsyslog.d/49-haproxy.conf', text: RSYSLOG_HAPROXY },
    { path: '/etc/rsyslog.d/55-octavia-socket.conf', text: RSYSLOG_SOCKET },
    { path: `${UNITS}/octavia-keepalived.service`, text: KEEPALIVED_UNIT },
    { path: `${UNITS}/amphora-agent.service`, text: AGENT_UNIT },
    { path: `${UNITS}/amphora-netns.service`, text: NETNS_UNIT },
    { path: `${UNITS}/prometheus-proxy.service`, text: PROXY_UNIT },
    { path: '/etc/os-release', text: OS_RELEASE },
  ]
}

export const unitPath = ({ loadBalancerId }: AmphoraSpecification): string =>
  `${UNITS}/haproxy-${loadBalancerId}.service`

/** haproxy-<load balancer>.service: Octavia 11.0.0, haproxy/combined_listeners systemd template. */
export function haproxyUnit({ loadBalancerId: id, amphoraId }: AmphoraSpecification): string {
  const peer = peerName(amphoraId)
  return `[Unit]
Description=HAProxy Load Balancer
After=network.target syslog.service amphora-netns.service
Before=octavia-keepalived.service
Wants=syslog.service
Requires=amphora-netns.service

[Service]
# Force context as we start haproxy under "ip netns exec"
SELinuxContext=system_u:system_r:haproxy_t:s0

Environment="CONFIG=${OCTAVIA}/${id}/haproxy.cfg" "USERCONFIG=${OCTAVIA}/haproxy-default-user-group.conf" "PIDFILE=${OCTAVIA}/${id}/${id}.pid"

ExecStartPre=/usr/sbin/haproxy -f $CONFIG -f $USERCONFIG -c -q -L ${peer}

ExecReload=/usr/sbin/haproxy -c -f $CONFIG -f $USERCONFIG -L ${peer}
ExecReload=/bin/kill -USR2 $MAINPID

ExecStart=/sbin/ip netns exec amphora-haproxy /usr/sbin/haproxy -Ws -f $CONFIG -f $USERCONFIG -p $PIDFILE -L ${peer}

Type=notify

KillMode=mixed
Restart=always
LimitNOFILE=2600000

[Install]
WantedBy=multi-user.target`
}

const plugged = (spec: AmphoraSpecification): string =>
  `${spec.vrrpMac} eth1\n${spec.memberMac} eth2\n`

const scripts = (name: string): string => {
  const command = (verb: string) =>
    `{"command": "octavia-agent-lvs-masquerade ${verb} ipv4 ${name}"}`
  return `"scripts": {"up": [${command('add')}], "down": [${command('delete')}]}, "mtu": 1500}`
}

const vipInterface = ({ vrrpAddress, vip, vipSubnet }: AmphoraSpecification): string =>
  `{"name": "eth1", "addresses": [{"address": "${vrrpAddress}", "prefixlen": ${vipSubnet.prefix}}, {"address": "${vip}", "prefixlen": 32, "octavia_owned": false}], "routes": [{"dst": "0.0.0.0/0", "gateway": "${vipSubnet.gateway ?? ''}", "flags": ["onlink"]}, {"dst": "${vipSubnet.cidr}", "scope": "link"}], "rules": [], ${scripts('eth1')}`

const memberInterface = ({ memberAddress, memberSubnet }: AmphoraSpecification): string =>
  `{"name": "eth2", "addresses": [{"address": "${memberAddress}", "prefixlen": ${memberSubnet.prefix}}], "routes": [], "rules": [], ${scripts('eth2')}`

const LOOPBACK =
  '{"name": "lo", "addresses": [{"address": "127.0.0.1", "prefixlen": 8}], "routes": [], "rules": [], "scripts": {"up": [], "down": []}}'

const PING_WRAPPER = `#!/bin/bash
\t
if [[ $HAPROXY_SERVER_ADDR =~ ":" ]]; then
    /bin/ping6 -q -n -w 1 -c 1 $HAPROXY_SERVER_ADDR > /dev/null 2>&1
else
    /bin/ping -q -n -w 1 -c 1 $HAPROXY_SERVER_ADDR > /dev/null 2>&1
fi
`

const CHECK_SCRIPT = `#!/bin/bash

# Don't try to run the directory when it is empty
shopt -s nullglob

status=0
for file in ${OCTAVIA}/vrrp/check_scripts/*
do
  echo "Running check script: " $file
  bash $file
  status=$(( $status + $? ))
done
exit $status`

const RSYSLOG_HAPROXY = `# Create an additional socket in haproxy's chroot in order to allow logging via
# /dev/log to chroot'ed HAProxy processes
$AddUnixListenSocket /var/lib/haproxy/dev/log

# Send HAProxy messages to a dedicated logfile
:programname, startswith, "haproxy" {
  /var/log/haproxy.log
  stop
}
`

const RSYSLOG_SOCKET = `# The socket haproxy logs to (from the octavia image elements).
module(load="imuxsock")
input(type="imuxsock"
      Socket="/run/rsyslog/octavia/log"
      CreatePath="on")
`

const KEEPALIVED_UNIT = `[Unit]
Description=Keepalive Daemon (LVS and VRRP)
After=network-online.target amphora-netns.service
Wants=network-online.target
Requires=amphora-netns.service

[Service]
# Force context as we start keepalived under "ip netns exec"
SELinuxContext=system_u:system_r:keepalived_t:s0
Type=forking
KillMode=process

ExecStart=/sbin/ip netns exec amphora-haproxy /usr/sbin/keepalived  --log-facility=1 -f ${OCTAVIA}/vrrp/octavia-keepalived.conf -p ${OCTAVIA}/vrrp/octavia-keepalived.pid

ExecReload=/bin/kill -HUP $MAINPID
PIDFile=${OCTAVIA}/vrrp/octavia-keepalived.pid

[Install]
WantedBy=multi-user.target`

const service = (
  description: string,
  after: string,
  command: string,
  pid: string,
): string => `[Unit]
Description=${description}
After=network.target syslog.service${after}
Wants=syslog.service

[Service]
ExecStart=${command}
KillMode=mixed
Restart=always
ExecStartPost=/bin/sh -c "echo $MAINPID > ${pid}"
PIDFile=${pid}

[Install]
WantedBy=multi-user.target
`

const AGENT_UNIT = service(
  'OpenStack Octavia Amphora Agent',
  '',
  '/usr/local/bin/amphora-agent --config-file /etc/octavia/amphora-agent.conf',
  '/var/run/amphora-agent.pid',
)

const PROXY_UNIT = service(
  'OpenStack Octavia Prometheus Proxy',
  ' amphora-agent.service',
  '/usr/local/bin/prometheus-proxy',
  '/var/run/prometheus-proxy.pid',
)

const NETNS_UNIT = `[Unit]
Description=Configure amphora-haproxy network namespace
StopWhenUnneeded=true

[Service]
Type=oneshot
RemainAfterExit=yes

# Re-add the namespace
ExecStart=-/sbin/ip netns add amphora-haproxy
# Load the system sysctl into the new namespace
ExecStart=-/sbin/ip netns exec amphora-haproxy sysctl --system
# Set nf_conntrack_buckets sysctl in the main namespace (nf_conntrack_buckets
# cannot be set in another net namespace, but its value is inherited from the
# main namespace)
ExecStart=-/sbin/sysctl -w net.netfilter.nf_conntrack_buckets=125000
# Update conntrack table sizes using the formula for the default values
ExecStart=-/sbin/sysctl -w net.netfilter.nf_conntrack_max=125000
ExecStart=-/sbin/sysctl -w net.netfilter.nf_conntrack_expect_max=488
# Bring up all of the namespace interfaces
ExecStart=-/sbin/ip netns exec amphora-haproxy amphora-interface up all`

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`
