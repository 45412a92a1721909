import {
  atLeastOne,
  integer,
  interfaceName,
  matching,
  NAMESPACE,
  oneOf,
  reads,
  unitName,
  uuid,
  within,
} from '../commandParameters'
import { followed } from '../followed'
import { CONFIG_FOLDERS, CONFIG_PATH, CONFIG_PATHS } from './configPaths'
import socketProgram from './haproxySocket.py?raw'

/** What `head` shows of the system, in this order. */
export const SYSTEM_FILES = ['/etc/os-release', '/proc/loadavg', '/proc/meminfo', '/proc/stat']
/** Octets of one file that are read; larger ones are not. */
export const LARGEST_FILE = 2 * 1024 * 1024
/** The most heartbeats a capture waits for, and for how many seconds. */
export const MOST_HEARTBEATS = 20
export const HEARTBEAT_SECONDS = 25
/** How long VRRP is captured, in seconds. */
const VRRP_SECONDS = '600'

const SERVICE_PROPERTIES = [
  ...['Id', 'Description', 'LoadState', 'ActiveState', 'SubState', 'Result', 'MainPID'],
  ...['NRestarts', 'FragmentPath'],
  ...['StateChange', 'ActiveEnter', 'ActiveExit', 'InactiveEnter', 'InactiveExit'].flatMap(
    (name) => [`${name}Timestamp`],
  ),
].join(',')

/** What a statistics socket is asked; `;` separates questions. */
const QUESTIONS = {
  all: 'show info;show stat;show servers state;show peers',
  live: 'show info;show stat',
} as const
export type HaproxyQuestion = keyof typeof QUESTIONS

/** What goes to the standard input of `haproxySocket`. */
export const haproxyQuestion = (question: HaproxyQuestion): string =>
  QUESTIONS[oneOf('question', question, Object.keys(QUESTIONS))]

const SOCKET_TOOLS = ['socat', 'python3'] as const
export type SocketTool = (typeof SOCKET_TOOLS)[number]

const inside = (argv: readonly string[]) =>
  reads(['ip', 'netns', 'exec', NAMESPACE, ...argv], 'sudo')
const ip = (argv: readonly string[]) => reads(['ip', '-n', NAMESPACE, '-j', ...argv], 'sudo')
const PEERS = '( sport = :1025 or dport = :1025 )'

/** Every command of the inspection: all of them only look. Parameters are checked here, as in the other table. */
export const inspectionCommands = {
  /** Interfaces that carry traffic, with addresses and counters. */
  interfaces: () => ip(['-s', 'address', 'show']),
  /** Interfaces outside the namespace. */
  outerInterfaces: () => reads(['ip', '-j', '-s', 'address', 'show']),
  routes: () => ip(['route', 'show', 'table', 'all']),
  rules: (family: 'inet' | 'inet6') =>
    ip(['-f', oneOf('family', family, ['inet', 'inet6']), 'rule', 'show']),
  neighbours: () => ip(['neighbour', 'show']),
  /** Sockets that listen or wait. */
  sockets: () => inside(['ss', '-nlptuw']),
  /** Sockets of haproxy's peers: port 1025. */
  peerSockets: () => inside(['ss', '-naptu', PEERS]),
  /** Sockets outside the namespace; without sudo their processes are missing. */
  outerSockets: (sudo = true) => reads(['ss', '-nlptu'], sudo && 'sudo'),
  nft: () => inside(['nft', 'list', 'ruleset']),
  /** Two numbers, one per line: connections, and how many there may be. */
  conntrack: () =>
    inside([
      'cat',
      '/proc/sys/net/netfilter/nf_conntrack_count',
      '/proc/sys/net/netfilter/nf_conntrack_max',
    ]),

  /** `Key=value` lines, one paragraph per unit. */
  serviceStates: (units: readonly string[]) =>
    reads([
      ...['env', 'TZ=UTC', 'LC_ALL=C', 'systemctl', 'show', '--no-pager'],
      `--property=${SERVICE_PROPERTIES}`,
      ...atLeastOne(units).map(unitName),
    ]),

  /** `device:inode mode time size path` of every file that is worth a look; exit status 1 where a folder is missing. */
  listFiles: (sudo = true) =>
    reads(
      [
        'find',
        ...CONFIG_FOLDERS,
        ...['-maxdepth', '4', '-regextype', 'posix-extended', '-type', 'f'],
        ...['-regex', CONFIG_PATHS, '-printf', String.raw`%D:%i %m %T@ %s %p\n`],
      ],
      sudo && 'sudo',
    ),
  /** The files one after the other, each below its path. Holds secrets. */
  contents: (paths: readonly string[], sudo = true) =>
    reads(
      [
        ...['head', '--verbose', `--bytes=${String(LARGEST_FILE)}`],
        ...atLeastOne(paths).map(configPath),
      ],
      sudo && 'sudo',
    ),

  /** Names of haproxy's statistics sockets, one per line: one, or one for each listener up to Stein. */
  haproxySockets: () =>
    reads([
      ...['find', '/var/lib/octavia', '-maxdepth', '1', '-type', 's'],
      ...['-name', '*.sock', '-printf', String.raw`%f\n`],
    ]),
  /** Asks a statistics socket what comes on standard input. Any user may: its mode is 0666, its level `user`. */
  haproxySocket: (tool: SocketTool, id: string) => {
    const path = `/var/lib/octavia/${uuid(id)}.sock`
    return oneOf('tool', tool, SOCKET_TOOLS) === 'socat'
      ? reads(['socat', '-t', '5', 'stdio', `UNIX-CONNECT:${path}`])
      : reads(['python3', '-c', socketProgram, path])
  },

  agentConfig: () => reads(['cat', '/etc/octavia/amphora-agent.conf']),
  /** Whose a certificate is, how long it is valid, and what it carries; of a file with a key in it, the certificate alone is told. */
  certificate: (path: string, sudo = true) =>
    reads(
      [
        ...['openssl', 'x509', '-noout', '-subject', '-issuer', '-serial', '-dates'],
        // Of the text only the extensions, in a way that OpenSSL 1.0 knows too.
        ...['-text', '-certopt', 'no_version,no_serial,no_signame,no_validity,no_subject'],
        ...['-certopt', 'no_issuer,no_pubkey,no_sigdump,no_aux'],
        ...['-in', matching('certificate', path, CERTIFICATE_PATH)],
      ],
      sudo && 'sudo',
    ),
  /** The last lines of the agent's log, whatever its image calls it. */
  agentLog: (lines: number, sudo = true) =>
    reads(
      [
        ...['journalctl', '--no-pager', '--output=short-iso', `--lines=${String(integer(lines))}`],
        ...['--unit=amphora-agent.service', '--unit=octavia-agent.service'],
      ],
      sudo && 'sudo',
    ),
  /** Heartbeats that leave, one per line. Ends after so many, or with exit status 124 after so many seconds. */
  heartbeats: (order: { seconds: number; packets: number; ports: readonly number[] }) => {
    const ports = order.ports.length ? order.ports : [5555]
    return reads(
      [
        ...['timeout', String(within('time in seconds', order.seconds, 1, HEARTBEAT_SECONDS))],
        ...['tcpdump', '-n', '-tt', '-q', '-l', '-i', 'any'],
        ...['-c', String(within('number of packets', order.packets, 1, MOST_HEARTBEATS))],
        ...ports
          .slice(0, MOST_HEARTBEATS)
          .flatMap((port, index) => [
            ...(index ? ['or'] : []),
            ...['udp', 'dst', 'port', String(within('port', port, 1, 65_535))],
          ]),
      ],
      'sudo',
    )
  },

  /** Host name and kernel. */
  uname: () => reads(['uname', '-nr']),
  /** The files of `SYSTEM_FILES`, each below its path. */
  system: () => reads(['head', '--verbose', '--lines=300', ...SYSTEM_FILES]),
  disks: () => reads(['env', 'LC_ALL=C', 'df', '-PTB1']),
  bootTime: () =>
    reads([
      ...['env', 'TZ=UTC', 'LC_ALL=C', 'systemctl', 'show', '--no-pager'],
      '--property=UserspaceTimestamp',
    ]),
  /** The last thousand kernel messages since the boot; old lines and new ones alike. */
  kernelMessages: (sudo = true) =>
    reads(
      [...['journalctl', '--dmesg', '--boot', '--no-pager', '--output=short-unix'], '--lines=1000'],
      sudo && 'sudo',
    ),
  keepalivedVersion: () => reads(['/usr/sbin/keepalived', '--version']),
  haproxyVersion: () => reads(['/usr/sbin/haproxy', '-v']),
  pythonVersion: () => reads(['python3', '--version']),
  /** Where the Octavia package is installed: its name holds its version. */
  agentPackage: () =>
    reads([
      ...['find', '/opt', '/usr/lib/python3', '/usr/local/lib', '-maxdepth', '5'],
      ...['-name', 'octavia-[0-9]*-info'],
    ]),

  /** VRRP on an interface of the namespace, both ways, as a capture file. Ends with exit status 124 after ten minutes. */
  vrrpCapture: (device: string) =>
    reads(
      followed(
        [
          ...['ip', 'netns', 'exec', NAMESPACE, 'tcpdump', '-n', '-U', '-s', '512', '-w', '-'],
          ...['-i', interfaceName(device), 'ip', 'proto', '112', 'or', 'ip6', 'proto', '112'],
        ],
        VRRP_SECONDS,
      ),
      'sudo',
    ),
} as const

/** Where certificates of the agent lie. */
export const CERTIFICATE_PATH = /^\/etc\/octavia\/certs\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}$/

const configPath = (path: string): string => matching('configuration file', path, CONFIG_PATH)
