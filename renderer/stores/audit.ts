import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { AuditEntry } from '../../preload/contract/action'
import type { AppError } from '../../preload/contract/error'
import { keepFollowing } from '../api/keepFollowing'
import { oncePerFrame } from './oncePerFrame'

/** Entries that are asked for; older ones stay on the disk. */
export const AUDIT_LIMIT = 10_000

/** Who changed what, newest first. Follows the record from `start` to `stop`. */
export const useAudit = defineStore('audit', () => {
  /** Undefined until the record has been read once. An entry that ended takes the place of its beginning. */
  const all = shallowRef<readonly AuditEntry[]>()
  /** Why the record is not followed now; it is tried again. */
  const failure = shallowRef<AppError>()
  let abort = new AbortController()

  function start(): void {
    abort.abort()
    const { signal } = (abort = new AbortController())
    const entries = new Map<string, AuditEntry>()
    failure.value = undefined
    const announce = oncePerFrame(() => {
      if (!signal.aborted)
        all.value = [...entries.values()].sort((a, b) => b.at - a.at).slice(0, AUDIT_LIMIT)
    })
    void keepFollowing(
      'audit.follow',
      { limit: AUDIT_LIMIT },
      (batch) => {
        for (const entry of batch) entries.set(entry.id, entry)
        announce()
      },
      (lost) => {
        if (!signal.aborted && failure.value !== lost) failure.value = lost
      },
      signal,
    )
  }

  function stop(): void {
    abort.abort()
  }

  return { all, failure, start, stop }
})
