import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, Fact, FailureValue, Id, Instant } from './common'

/** What keepalived on one amphora is. `STOPPED`: the daemon does not run. */
export type VrrpState = 'MASTER' | 'BACKUP' | 'FAULT' | 'INIT' | 'STOPPED'

/** systemd's words for a unit. */
export interface UnitState {
  unit: string
  /** active, activating, deactivating, inactive, failed. */
  active: string
  /** running, dead, exited, start-pre, … */
  sub: string
  /** Milliseconds since the epoch, by our clock; absent when it never ran. */
  since?: number
  /** Half width of the interval in which `since` lies. */
  sinceErrorMs?: number
  restarts?: number
}

/** How far the amphora's clock is ahead of ours, in milliseconds; the truth lies within ± error. */
export interface ClockOffset {
  offsetMs: number
  errorMs: number
}

/** How we are connected to one amphora. */
export const Connection = z.object({
  state: z.enum(['connecting', 'live', 'lost', 'failed']),
  since: Instant,
  failure: FailureValue.optional(),
  /** When the next attempt starts. */
  retryAt: Instant.optional(),
})
export type Connection = z.infer<typeof Connection>

/** Everything known about one amphora of a pair. Times inside are ours, corrected by the clock offset. */
export const PairSide = z.object({
  amphoraId: Id,
  /** Configuration role, from the API: not the live state. */
  role: z.string().optional(),
  managementAddress: z.string().optional(),
  connection: Connection,
  clock: Fact<ClockOffset>(),
  /** Which of the pair's VIPs are on the interface now, from the kernel. */
  vips: Fact<readonly string[]>(),
  vrrp: Fact<VrrpState>(),
  lastTransition: Fact<number>(),
  effectivePriority: Fact<number>(),
  /** The configured priority; differs from the effective one only while a weighted script lowers it. */
  basePriority: Fact<number>().optional(),
  /** Counted by keepalived since its start. */
  adverts: Fact<{ sent: number; received: number }>(),
  keepalived: Fact<UnitState>(),
  haproxy: Fact<UnitState>(),
})
export type PairSide = z.infer<typeof PairSide>

/** Who owns the VIP, from the kernels of both sides; `unknown` when one of them cannot be asked. */
export type Ownership =
  | { kind: 'one'; amphoraId: string; since?: number; confirmed: boolean }
  | { kind: 'two'; amphoraIds: readonly string[]; since?: number }
  | { kind: 'none'; since?: number }
  | { kind: 'unknown'; missing: readonly string[] }

export const Pair = z.object({
  loadBalancerId: Id,
  /** The VIP first, additional VIPs after it. */
  vips: z.array(z.string()),
  /** `standalone`: one amphora; `none`: the API shows no amphora, or will not. */
  topology: z.enum(['pair', 'standalone', 'none']),
  ownership: z.custom<Ownership>(),
  sides: z.array(PairSide),
  failure: FailureValue.optional(),
  at: Instant,
})
export type Pair = z.infer<typeof Pair>

/** What a keepalived or systemd line means for failover; the parser's verdict in one word. */
export type LineMeaning =
  | 'enterMaster'
  | 'enterBackup'
  | 'enterFault'
  | 'higherPriority'
  | 'lowerPriority'
  | 'priorityZero'
  | 'scriptFailed'
  | 'scriptSucceeded'
  | 'scriptChanged'
  | 'linkDown'
  | 'linkUp'
  | 'starting'
  | 'stopping'
  | 'stopped'
  | 'reloading'
  | 'died'
  | 'mismatch'
  | 'starved'
  | 'configProblem'
  | 'vipSet'
  | 'vipRemoved'
  | 'gratuitousArp'
  | 'noise'
  | 'other'

/** One line of a log, exactly as it is. */
export interface LogLine {
  amphoraId: string
  /** Ours, corrected; equal to `rawAt` while the offset is not known. */
  at: number
  /** By the amphora's clock. */
  rawAt: number
  /** Half width of the interval in which `at` lies; absent while the offset is not known. */
  errorMs?: number
  /** Unique within its source; resuming starts after it. */
  cursor: string
  identifier: string
  pid?: number
  text: string
  meaning: LineMeaning
}

/** What happened to the pair, merged from all sources; input of the episode reducer. */
export type PairEvent = { at: number; errorMs: number; evidence?: string } & (
  | {
      kind: 'vipGained' | 'vipLost'
      amphoraId: string
      address: string
      /** The first look since the side is watched: it holds the VIP or not, whenever that came to be. */
      standing?: true
    }
  | { kind: 'line'; amphoraId: string; meaning: LineMeaning; text: string }
  | { kind: 'unit'; amphoraId: string; unit: 'keepalived' | 'haproxy'; active: string }
  | { kind: 'watch'; amphoraId: string; live: boolean }
  | { kind: 'action'; amphoraId: string; action: string }
  | { kind: 'api'; provisioningStatus: string; operatingStatus: string }
)

/** One phase of an episode, from its beginning to the end of the phase. */
export interface EpisodePhase {
  name:
    | 'trigger'
    | 'vipLost'
    | 'vipGained'
    /** The last good answer of the probe before the outage, which counts from it. */
    | 'lastSuccess'
    | 'firstFailure'
    | 'firstSuccess'
    | 'steady'
  at: number
  errorMs: number
  /** Since the episode began; below zero for the last good answer before it. */
  sinceStartMs: number
  amphoraId?: string
  text?: string
}

/** One change of the owner, or of the service, from its trigger until all is steady. */
export interface Episode {
  id: string
  startedAt: number
  /** Absent while it lasts. */
  endedAt?: number
  outcome:
    | 'ongoing'
    /** The VIP went to the other amphora. */
    | 'moved'
    /** The VIP went away and came back to where it was. */
    | 'returned'
    /** The service failed without the VIP moving. */
    | 'serviceOnly'
    /** Both hold the VIP. */
    | 'twoOwners'
    /** Nobody holds the VIP. */
    | 'noOwner'
    /** A side could not be watched for part of it. */
    | 'unknown'
  from?: string
  to?: string
  trigger?: { at: number; amphoraId?: string; text: string; kind: PairEvent['kind'] }
  /** How long nobody held the VIP; absent when not measured. */
  ownerlessMs?: number
  ownerlessErrorMs?: number
  /** Longest time between two good answers of the probe; absent when not measured. */
  outageMs?: number
  /** One probe interval, at least. */
  outageErrorMs?: number
  failedProbes?: number
  /** How long both held it. */
  twoOwnersMs?: number
  phases: readonly EpisodePhase[]
}

export const PairItem = z.custom<
  | { kind: 'pair'; pair: Pair }
  | { kind: 'lines'; lines: readonly LogLine[] }
  | {
      kind: 'log'
      amphoraId: string
      /** `resumed`: again live after a loss, nothing missing. `gap`: the source no longer has what came between. */
      state: 'connecting' | 'live' | 'lost' | 'resumed' | 'gap' | 'failed'
      at: number
      source: 'journal' | 'syslog'
      failure?: z.infer<typeof FailureValue>
    }
  | { kind: 'events'; events: readonly PairEvent[] }
>()
export type PairItem = z.infer<typeof PairItem>

const subject = z.object({ cloud: CloudName, loadBalancerId: Id })

export const PROBE_INTERVALS_MS = [10, 20, 50, 100, 200, 500, 1000] as const

export const ProbeSettings = z.object({
  kind: z.enum(['tcp', 'http']),
  port: z.int().min(1).max(65535),
  /** For HTTP. */
  path: z
    .string()
    .regex(/^\/\S*$/)
    .max(2048),
  intervalMs: z.int().min(10).max(1000),
  /** A probe without an answer counts as failed after this. */
  timeoutMs: z.int().min(50).max(10_000),
  /** `machine`: from here; `jump`: through the last jump host of the cloud. */
  from: z.enum(['machine', 'jump']),
})
export type ProbeSettings = z.infer<typeof ProbeSettings>

/** One probe. `at` is when it started, by our clock. */
export interface ProbeSample {
  sequence: number
  at: number
  durationMs: number
  ok: boolean
  /** HTTP status. */
  status?: number
  /** First line of the answer's body, at most 80 characters: tells the members apart. */
  body?: string
  /** ECONNREFUSED, timeout, … */
  error?: string
}

export const MonitorItem = z.custom<
  | PairItem
  | { kind: 'probe'; samples: readonly ProbeSample[] }
  | {
      kind: 'probeState'
      state: 'running' | 'failed'
      at: number
      failure?: z.infer<typeof FailureValue>
    }
  /** How many good answers had which body, since the start. */
  | { kind: 'balance'; bodies: readonly { body: string; count: number }[]; failed: number }
  /** An episode that began or changed; replaces the one of the same id. */
  | { kind: 'episode'; episode: Episode }
>()
export type MonitorItem = z.infer<typeof MonitorItem>

/** One record of what was asked and what came back. Secrets are taken out before it is kept. */
export const Evidence = z.object({
  id: Id,
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('command'), amphoraId: Id, host: z.string(), command: z.string() }),
    z.object({
      kind: z.literal('request'),
      method: z.string(),
      url: z.string(),
      requestId: z.string().optional(),
    }),
  ]),
  startedAt: Instant,
  endedAt: Instant,
  /** Exit status of the command or HTTP status of the answer; absent when neither came. */
  exit: z.int().optional(),
  stdout: z.string(),
  stderr: z.string(),
  clock: z.custom<ClockOffset>().optional(),
  /** What was replaced, in words such as `auth_data`. */
  redacted: z.array(z.string()),
})
export type Evidence = z.infer<typeof Evidence>

export const pair = {
  /** Watches both amphorae over SSH: the state, both VRRP logs, events; until cancelled. */
  'pair.follow': stream(
    /** `lines`: how many lines of history each log starts with. */
    subject.extend({ lines: z.int().min(0).max(10_000) }),
    PairItem,
  ),
  /** Asks both sides anew: dumps, units, addresses. The answer comes through `pair.follow`. */
  'pair.refresh': request(subject, z.void()),
  /** The pair, a probe of the VIP and the episodes reduced from both; until cancelled. */
  'monitor.follow': stream(subject.extend({ probe: ProbeSettings.optional() }), MonitorItem),
  /** Episodes on record for this load balancer, newest first. */
  'monitor.episodes': request(subject, z.array(z.custom<Episode>())),
  'evidence.read': request(z.object({ id: Id }), Evidence),
}
