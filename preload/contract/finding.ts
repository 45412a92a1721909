import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, Id, type Unknown } from './common'
import type { Values } from './error'

/**
 * How bad a finding is, by what clients suffer: `critical` now, `high` at the next failover, `medium` when something
 * else fails as well, `low` only operators, `info` nobody: worth knowing.
 */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Where a severity stands: the worst is 0. */
export const rankOf = ({ severity }: { severity: Severity }): number => SEVERITIES.indexOf(severity)

/** Whether it cannot wait: clients suffer now, or will at the next failover. */
export const isUrgent = ({ severity }: { severity: Severity }): boolean =>
  severity === 'critical' || severity === 'high'

/** What a finding is about. */
export interface Subject {
  kind:
    | 'loadBalancer'
    | 'pair'
    | 'amphora'
    | 'listener'
    | 'pool'
    | 'member'
    | 'healthMonitor'
    | 'port'
    | 'securityGroup'
    | 'server'
    | 'controller'
  id: string
  name?: string
}

/** A quotation that proves a finding. */
export interface Proof {
  /** The record it was taken from (`evidence.read`); absent when only the text is left. */
  evidence?: string
  /** The file or the command it was in. */
  source: string
  /** Counted from 1. */
  line?: number
  /** Word for word, its secrets taken out; at most 500 characters. */
  text: string
}

/** Words of a record that something was concluded from, and in which of its lines they were, as far as that is known. */
export type Quote = Pick<Proof, 'line' | 'text'>

/** One cause, named. Its sentences are `finding.<rule>.title`, `.cause`, `.advice` and `.cost` of the locale files. */
export interface Finding {
  /** `area.what`, stable: scripts and the history go by it. */
  rule: string
  severity: Severity
  subject: Subject
  /** Fills the placeholders of the sentences. Never a secret. */
  values: Values
  proofs: readonly Proof[]
  /** When it began, by our clock, as far as the evidence tells. */
  since?: number
  /** Findings that follow from it and are told with it, such as two owners from two passwords; none of them stands alone beside it. */
  symptoms?: readonly Finding[]
}

/** A rule that could not be judged. */
export interface Unjudged {
  rule: string
  subject: Subject
  missing: readonly { what: string; reason: Unknown }[]
}

/** What the console makes of one load balancer. */
export interface Diagnosis {
  loadBalancerId: string
  name: string
  /** When its facts were gathered, by our clock: the oldest of them. */
  at: number
  /** Worst first. */
  findings: readonly Finding[]
  unknown: readonly Unjudged[]
  /** Rules that were judged and do not hold. */
  fine: readonly string[]
  /** `ssh`: the amphorae were read; `api`: only what the APIs tell. */
  depth: 'ssh' | 'api'
}

/** A finding that came or went. */
export interface FindingChange {
  at: number
  loadBalancerId: string
  name: string
  rule: string
  severity: Severity
  subject: Subject
  /** What its sentence was told with when it appeared; absent where that was not kept. Never a secret. */
  values?: Values
  what: 'appeared' | 'gone'
}

const subject = z.object({ cloud: CloudName, loadBalancerId: Id })

export const finding = {
  /** The diagnosis now and after each change, until cancelled. Reads the amphorae over SSH where that is possible. */
  'diagnosis.follow': stream(subject, z.custom<Diagnosis>()),
  /** Reads everything anew; the result comes through `diagnosis.follow`. */
  'diagnosis.refresh': request(subject, z.void()),
  /** Every load balancer of the cloud, as each is looked at: its diagnosis, the newest of each counts. */
  'overview.follow': stream(
    z.object({ cloud: CloudName }),
    z.custom<
      /** Of the round that runs; `atOnce`: load balancers looked at at the same time. */
      | { kind: 'progress'; done: number; total: number; at: number; atOnce?: number }
      | { kind: 'diagnosis'; diagnosis: Diagnosis }
      | { kind: 'removed'; loadBalancerId: string }
    >(),
  ),
  /** Findings that came and went, newest first; of one load balancer, or of the cloud. */
  'finding.history': request(
    z.object({ cloud: CloudName, loadBalancerId: Id.optional() }),
    z.array(z.custom<FindingChange>()),
  ),
}
