import type { AuditEntry } from '../../preload/contract/action'

/** The read-only switch. A cloud opens read-only; the operator arms it for some minutes. */
export interface Safety {
  /** @throws AppError `safety.readOnly` unless the cloud is armed now */
  requireArmed(cloud: string): void
}

/** What is known of a change before it is made. */
export type AuditStart = Pick<AuditEntry, 'cloud' | 'action' | 'object' | 'planned' | 'notes'>

/** A command or request that was sent for a change, and the id it got; `object` where its answer told the id of that. */
export interface AuditSent {
  detail: string
  requestId?: string | undefined
  object?: AuditEntry['object'] | undefined
}

/** How a change ended; `object` where its id became known only by the change. */
export type AuditEnd = Partial<
  Pick<AuditEntry, 'object' | 'detail' | 'failure' | 'requestIds' | 'durationMs'>
> & { result: 'ok' | 'failed' | 'refused' }

/** The record of every change. What it was told is on the disk before it returns. */
export interface Audit {
  /** Writes that a change begins; nothing is changed before this returns. Answers the id of the entry. */
  start(change: AuditStart): Promise<string>
  /** Writes that something was sent; what was sent is in its order. */
  sent(id: string, sent: AuditSent): Promise<void>
  /** `detail` and `requestIds` take the place of what was told before; left out, that stays. */
  finish(id: string, end: AuditEnd): Promise<void>
}
