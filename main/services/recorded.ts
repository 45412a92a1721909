import { AppError, type FailureCode } from '../../preload/contract/error'
import type { Audit, AuditEnd, AuditStart } from './safety'

/** Failures by which the console itself declines a change, before anything is changed. */
const DECLINED: ReadonlySet<FailureCode> = new Set(['forbidden', 'conflict', 'invalidInput'])

/**
 * Makes a change that the console makes by itself, between its two lines in the audit log.
 * When the first cannot be written nothing is changed.
 * @throws AppError `store.unwritable`, and what `change` throws
 */
export async function recorded<T>(
  audit: Audit,
  start: AuditStart,
  change: () => Promise<T>,
): Promise<T> {
  const id = await audit.start(start)
  let end: AuditEnd = { result: 'ok' }
  try {
    return await change()
  } catch (error) {
    const failure = AppError.from(error)
    const result = DECLINED.has(failure.code) ? 'refused' : 'failed'
    end = { result, failure: failure.toFailure() }
    throw error
  } finally {
    await audit.finish(id, end)
  }
}
