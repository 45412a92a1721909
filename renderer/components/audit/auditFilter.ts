import type { AuditEntry } from '../../../preload/contract/action'

/** What part of the record is shown. Empty fields ask nothing. */
export interface AuditQuery {
  /** Words that must all occur in an entry. */
  text: string
  cloud: string
  result: AuditEntry['result'] | ''
}

/** Entries that a query wants, in their order. `shownAs` gives the words an entry is shown with, to be found too. */
export function auditFiltered(
  entries: readonly AuditEntry[],
  { text, cloud, result }: AuditQuery,
  shownAs: (entry: AuditEntry) => readonly string[],
): readonly AuditEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter((entry) => {
    if (cloud && entry.cloud !== cloud) return false
    if (result && entry.result !== result) return false
    if (words.length === 0) return true
    const searched = [...valuesOf(entry), ...shownAs(entry)].join(' ').toLowerCase()
    return words.every((word) => searched.includes(word))
  })
}

function valuesOf(entry: AuditEntry): readonly (string | undefined)[] {
  const { operator, cloud, cloudUser, project, action, object, requestIds, detail } = entry
  const { planned = [], notes = [], result, failure } = entry
  return [
    operator,
    cloud,
    cloudUser,
    project,
    action,
    object.kind,
    object.id,
    object.name,
    ...requestIds,
    ...detail,
    ...planned,
    ...notes,
    result,
    failure?.reason,
    failure?.message,
    failure?.requestId,
  ]
}
