import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, Id, type Fact, type FailureValue, type Unknown } from './common'
import type { ClockOffset, UnitState } from './pair'

/** An address of an interface, as `ip -j address` tells it. */
export interface InterfaceAddress {
  /** Without the prefix length. */
  address: string
  prefixLength: number
  family: 4 | 6
  /** `tentative`, `dadfailed`, `deprecated`, … */
  flags: readonly string[]
}

/** A network interface of one namespace. */
export interface NetworkInterface {
  name: string
  /** `UP`, `DOWN`, `UNKNOWN`, … */
  state: string
  /** Whether there is a carrier: somebody at the other end. */
  carrier: boolean
  mac?: string
  mtu: number
  addresses: readonly InterfaceAddress[]
  /** Counted since the interface was made; absent where the release does not tell. */
  received?: InterfaceCounters
  sent?: InterfaceCounters
}

export interface InterfaceCounters {
  octets: number
  packets: number
  errors: number
  dropped: number
}

export interface Route {
  /** `main`, `local`, or a number. */
  table: string
  /** `default` or a prefix. */
  destination: string
  gateway?: string
  device?: string
  source?: string
  /** `kernel`, `boot`, `keepalived`, … */
  protocol?: string
  scope?: string
  /** `local`, `broadcast`, `unreachable`, …; absent for an ordinary route. */
  type?: string
}

export interface RoutingRule {
  priority: number
  /** `all` or a prefix; a single address without its length. */
  from: string
  to?: string
  table: string
  protocol?: string
}

export interface Neighbour {
  address: string
  device: string
  mac?: string
  /** REACHABLE, STALE, FAILED, … */
  state: string
}

/** A socket that listens, or a connection, as `ss` tells it. */
export interface Socket {
  protocol: 'tcp' | 'udp' | 'raw' | 'other'
  state: string
  local: string
  remote: string
  process?: string
  pid?: number
}

/** What carries traffic: the namespace `amphora-haproxy`, and beside it the management side. */
export interface NamespaceFacts {
  interfaces: Fact<readonly NetworkInterface[]>
  /** Those outside the namespace: management. */
  outerInterfaces: Fact<readonly NetworkInterface[]>
  routes: Fact<readonly Route[]>
  rules: Fact<readonly RoutingRule[]>
  neighbours: Fact<readonly Neighbour[]>
  /** Those that listen or wait, and haproxy's connections to its peer (port 1025). */
  sockets: Fact<readonly Socket[]>
  /** The same outside the namespace: sshd, the agent. */
  outerSockets?: Fact<readonly Socket[]>
  /** `nft list ruleset` as it is; empty without rules. */
  nft: Fact<string>
  /** Tracked connections, and how many there may be. */
  conntrack: Fact<{ count: number; limit: number }>
}

/** A unit that Octavia brings, whatever its image calls it. */
export interface ServiceState extends UnitState {
  /** keepalived, haproxy, agent, netns, prometheus, lvs, certs; `other` for the rest. */
  role: 'keepalived' | 'haproxy' | 'agent' | 'netns' | 'prometheus' | 'lvs' | 'certs' | 'other'
  /** `loaded`, `not-found`, `masked`, … */
  load: string
  /** Why it ended: `success`, `exit-code`, `signal`, … */
  result?: string
  mainPid?: number
  /** Where the unit file lies. */
  path?: string
  description?: string
}

/** What configurations are told apart by; `controller` is octavia.conf, which no amphora has. */
export const CONFIG_KINDS = [
  ...(['keepalived', 'haproxy', 'agent', 'checkScript', 'lvs', 'unit'] as const),
  ...(['interface', 'pluggedInterfaces', 'rsyslog', 'controller', 'other'] as const),
] as const

/** A file as it is on the amphora, its secrets taken out. */
export interface ConfigFile {
  path: string
  kind: (typeof CONFIG_KINDS)[number]
  text: string
  /** Of the file as it is there, secrets included: two equal digests are two equal files. Keyed, and anew at each start of the console. */
  digest: string
  modifiedAt?: number
  mode?: string
  /** What was replaced, in words such as `auth_pass`. */
  redacted: readonly string[]
  /**
   * By the word of what was replaced (`auth_pass`, `heartbeat_key`): made of the secret with a key that the console draws
   * at its start and gives to nobody. Equal tokens are equal secrets; a plain hash would give a short password away.
   */
  secretTokens?: Readonly<Record<string, string>>
}

/** `show stat`: one row per frontend, backend and server, every column by its name. */
export interface HaproxyRow {
  kind: 'frontend' | 'backend' | 'server' | 'listener'
  /** Proxy: a listener's id, or `pool:listener`. */
  proxy: string
  /** FRONTEND, BACKEND, or a member's id. */
  name: string
  status: string
  columns: Readonly<Record<string, string>>
}

export interface HaproxyFacts {
  /** `show info`: every key as haproxy writes it. */
  info: Fact<Readonly<Record<string, string>>>
  stat: Fact<readonly HaproxyRow[]>
  servers: Fact<readonly Readonly<Record<string, string>>[]>
  /** `show peers` as it is. */
  peers: Fact<string>
}

export interface Certificate {
  path: string
  subject: string
  issuer: string
  serial: string
  notBefore: number
  notAfter: number
  /** Whether it carries both key identifiers (subject and authority), which strict TLS libraries ask for. */
  keyIdentifiers?: boolean
}

export interface AgentFacts {
  /** Parsed amphora-agent.conf, secrets left out: `section.key` to value. */
  settings: Fact<Readonly<Record<string, string>>>
  /** Stands for the heartbeat key, keyed, to compare two amphorae without showing it; empty when there is none. */
  heartbeatKeyDigest: Fact<string>
  /** The agent's own certificate; it ends every 30 days by default and the controller renews it. */
  certificate: Fact<Certificate>
  /** What the agent accepts controllers by. */
  clientCa: Fact<Certificate>
  /** Heartbeats that left in the time of the capture: where to, without the port. */
  heartbeats: Fact<{ seconds: number; targets: readonly { address: string; count: number }[] }>
  /** Lines of the agent's log that matter, newest last. */
  complaints: Fact<readonly string[]>
}

export interface SystemFacts {
  hostname: Fact<string>
  /** `PRETTY_NAME` of os-release. */
  distribution: Fact<string>
  kernel: Fact<string>
  bootedAt: Fact<number>
  /** Versions of keepalived, haproxy and, where it says so, of the Octavia agent. */
  versions: Fact<{ keepalived?: string; haproxy?: string; agent?: string; python?: string }>
  /** 1, 5 and 15 minutes. */
  load: Fact<readonly [number, number, number]>
  processors: Fact<number>
  /** Octets. */
  memory: Fact<{ total: number; available: number; swapUsed: number }>
  disks: Fact<readonly { mount: string; size: number; used: number; filesystem: string }[]>
  /** Kernel messages that matter: out of memory, conntrack, link changes, disk errors; newest last. */
  kernelMessages: Fact<readonly { at: number; text: string }[]>
  /** `systemd-detect-virt` says the machine's hypervisor took its time: percent since boot. */
  steal: Fact<number>
}

/** Everything the console has read of one amphora, each value with its evidence. Times inside are ours where the clock is known. */
export interface AmphoraFacts {
  amphoraId: string
  /** When the first and the last command ran, by our clock. */
  startedAt: number
  endedAt: number
  clock: Fact<ClockOffset>
  namespace: NamespaceFacts
  services: Fact<readonly ServiceState[]>
  /** There may be units that `services` does not list: only those that a log spoke of are known. */
  servicesAreTold?: boolean
  files: Fact<readonly ConfigFile[]>
  /** Files that are there and could not be read. */
  unreadFiles?: readonly { path: string; reason: Unknown }[]
  haproxy: HaproxyFacts
  agent: AgentFacts
  system: SystemFacts
}

export const INSPECTION_PARTS = [
  'namespace',
  'services',
  'files',
  'haproxy',
  'agent',
  'system',
] as const
export type InspectionPart = (typeof INSPECTION_PARTS)[number]

const subject = z.object({ cloud: CloudName, loadBalancerId: Id, amphoraId: Id })

/** One VRRP advertisement as it was on the wire. */
export interface VrrpPacket {
  at: number
  source: string
  destination: string
  version: number
  virtualRouterId: number
  priority: number
  /** Seconds. */
  advertInterval: number
  addresses: readonly string[]
  authentication: 'none' | 'password' | 'other'
  /** 255 when it came over one link only. */
  ttl: number
  checksumRight: boolean
}

export const inspect = {
  /** Reads parts of an amphora over SSH, now. What cannot be read is unknown, with its reason. */
  'inspect.read': request(
    subject.extend({ parts: z.array(z.enum(INSPECTION_PARTS)).min(1) }),
    z.custom<AmphoraFacts>(),
  ),
  /** `show stat` and `show info` over and over; intervals in milliseconds. */
  'inspect.haproxy': stream(
    subject.extend({ intervalMs: z.int().min(500).max(60_000) }),
    z.custom<{ at: number; haproxy: HaproxyFacts }>(),
  ),
  /** VRRP advertisements on the VIP interface, both ways, until cancelled, ten minutes at most. */
  'inspect.vrrp': stream(subject, z.custom<{ packets: readonly VrrpPacket[]; evidence: string }>()),
}

export const terminal = {
  /** Where the terminal of an amphora stands; its octets come through `terminal.open`. */
  'terminal.write': request(z.object({ id: Id, input: z.string().max(1_000_000) }), z.void()),
  'terminal.resize': request(
    z.object({ id: Id, columns: z.int().min(2).max(1000), rows: z.int().min(2).max(1000) }),
    z.void(),
  ),
  /** A login shell on the amphora. The first item names it; the end of the stream is the end of the shell. */
  'terminal.open': stream(
    subject.extend({
      columns: z.int().min(2).max(1000),
      rows: z.int().min(2).max(1000),
      /** Keeps an asciicast (version 2) of what is shown, in the data folder. */
      record: z.boolean(),
    }),
    z.custom<
      | { kind: 'opened'; id: string; recording?: string }
      | { kind: 'output'; text: string }
      | { kind: 'closed'; exit?: number; failure?: z.infer<typeof FailureValue> }
    >(),
  ),
}
