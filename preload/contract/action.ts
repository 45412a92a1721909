import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, FailureValue, Id, Instant } from './common'
import type { Values } from './error'

export const AMPHORA_ACTIONS = [
  'keepalived.stop',
  'keepalived.start',
  'keepalived.restart',
  'haproxy.stop',
  'haproxy.start',
  'haproxy.restart',
] as const
export type AmphoraAction = (typeof AMPHORA_ACTIONS)[number]

/** Names of the pre-checks; each has words under `check.<id>.*`. */
export const CHECKS = [
  'peerReachable',
  'oneOwner',
  'peerReceivesAdverts',
  'peerHaproxyRuns',
  'notPending',
  'unitKnown',
] as const

/** One pre-check before a change: with evidence, or honestly unknown. */
export const Check = z.object({
  id: z.enum(CHECKS),
  outcome: z.enum(['pass', 'fail', 'unknown']),
  values: z.custom<Values>(),
  evidence: z.string().optional(),
})
export type Check = z.infer<typeof Check>

/** What an action will do, before it is done. */
export const ActionPreview = z.object({
  action: z.enum(AMPHORA_ACTIONS),
  amphoraId: Id,
  /** The exact command, as it will reach the amphora's shell. */
  command: z.string(),
  /** Words under `action.effect.<effect>`. */
  effects: z.array(
    z.object({
      effect: z.enum([
        'vipMoves',
        'vipStays',
        'vipMayReturn',
        'serviceInterrupted',
        'redundancyLost',
        'redundancyBack',
        'rebuildMayFollow',
        'faultAfterChecks',
        'unknownOwner',
      ]),
      values: z.custom<Values>(),
    }),
  ),
  /** Expected time without service in milliseconds, from the pair's own timers; absent when none is expected. */
  expectedGapMs: z.object({ from: z.number(), to: z.number() }).optional(),
  checks: z.array(Check),
  /** What has to be typed; empty when a click is enough. */
  confirmation: z.string(),
})
export type ActionPreview = z.infer<typeof ActionPreview>

export const ActionResult = z.object({
  auditId: Id,
  exit: z.int().optional(),
  stdout: z.string(),
  stderr: z.string(),
  startedAt: Instant,
  durationMs: z.number(),
})
export type ActionResult = z.infer<typeof ActionResult>

/** One line of the audit log: who changed what, where, how, and how it ended. */
export const AuditEntry = z.object({
  id: Id,
  at: Instant,
  /** Operating system user and machine. */
  operator: z.string(),
  cloud: CloudName,
  cloudUser: z.string().optional(),
  project: z.string().optional(),
  /** `keepalived.stop`, `loadBalancer.create`, `cloud.arm`, … ; words under `audit.action.*`. */
  action: z.string(),
  object: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  /** The command or the requests that were sent so far. */
  detail: z.array(z.string()),
  /** Those that were going to be sent when the change began; absent where nothing is sent. */
  planned: z.array(z.string()).optional(),
  /** What else belongs to it: outcomes of checks, why they were passed over, a fingerprint, what was set. */
  notes: z.array(z.string()).optional(),
  result: z.enum(['started', 'ok', 'failed', 'refused']),
  failure: FailureValue.optional(),
  requestIds: z.array(z.string()),
  durationMs: z.number().optional(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

const subject = z.object({
  cloud: CloudName,
  loadBalancerId: Id,
  amphoraId: Id,
  action: z.enum(AMPHORA_ACTIONS),
})

export const action = {
  /** What an action on an amphora would do, with its pre-checks run now. */
  'action.preview': request(subject, ActionPreview),
  /**
   * Does it. Needs the armed mode and the confirmation; refused with `safety.refused` when a pre-check does not pass,
   * unless `override` gives the operator's reason, which the audit log keeps.
   */
  'action.run': request(
    subject.extend({
      confirmation: z.string(),
      override: z.string().trim().min(1).max(1000).optional(),
    }),
    ActionResult,
  ),
  /** The newest entries, newest first, and again, as a whole, after each change; of every cloud when none is named. */
  'audit.follow': stream(
    z.object({ cloud: CloudName.optional(), limit: z.int().min(1).max(10_000) }),
    z.array(AuditEntry),
  ),
}
