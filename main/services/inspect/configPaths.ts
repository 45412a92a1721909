/**
 * The files of an amphora that are worth a look, as extended regular expressions that mean the same to `find` and to
 * JavaScript (Octavia Queens to 2026.1, the families of Debian and Red Hat). Nothing under a folder of certificates.
 */
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const NAME = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}'
const UNIT = `(octavia-${NAME}|haproxy-${UUID}|amphora-agent|amphora-netns|prometheus-proxy|certs-ramfs)[.]service`

const CONFIGURATION = [
  `/var/lib/octavia/${UUID}/haproxy[.]cfg([.]new|[.]new-failed)?`,
  `/var/lib/octavia/vrrp/(octavia-keepalived[.]conf|check_script[.]sh|check_scripts/${NAME})`,
  `/var/lib/octavia/lvs/(octavia-keepalivedlvs-${UUID}[.]conf|check/udp_check[.]sh)`,
  '/var/lib/octavia/(plugged_interfaces|haproxy-default-user-group[.]conf|ping-wrapper[.]sh|nftables-vip[.]rules)',
  `/etc/octavia/(amphora-agent[.]conf|interfaces/${NAME}[.]json)`,
  `/etc/(netns/amphora-haproxy/)?network/(interfaces|interfaces[.]d/${NAME})`,
  `/etc/(netns/amphora-haproxy/)?sysconfig/network-scripts/(ifcfg|route|route6|rule|rule6)-${NAME}`,
  '/etc/rsyslog[.]d/(10-rsyslog|49-haproxy|55-octavia-socket)[.]conf',
  `(/usr)?/lib/systemd/system/${UNIT}`,
  `/etc/systemd/system/${UNIT}([.]d/${NAME}[.]conf)?`,
  `/etc/init([.]d)?/(octavia-keepalived|haproxy-${UUID}|amphora-agent)([.]conf)?`,
].join('|')

/** For `find -regextype posix-extended -regex`, which compares whole paths. */
export const CONFIG_PATHS = `(${CONFIGURATION})`

/** Whether a path is one of them. */
export const CONFIG_PATH = new RegExp(`^(?:${CONFIGURATION})$`)

/** Where `find` looks for them. */
export const CONFIG_FOLDERS = [
  '/var/lib/octavia',
  '/etc/octavia',
  '/etc/network',
  '/etc/netns',
  '/etc/sysconfig/network-scripts',
  '/etc/rsyslog.d',
  '/etc/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/etc/init',
  '/etc/init.d',
]
