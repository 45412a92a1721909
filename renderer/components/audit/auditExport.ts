import type { AuditEntry } from '../../../preload/contract/action'

const COLUMNS = [
  'at',
  'operator',
  'cloud',
  'cloudUser',
  'project',
  'action',
  'objectKind',
  'objectId',
  'objectName',
  'result',
  'failure',
  'requestIds',
  'durationMs',
  'detail',
  'planned',
  'notes',
  'id',
] as const

/** Entries as a JSON document, with times as ISO 8601 in UTC. */
export function auditAsJson(entries: readonly AuditEntry[]): string {
  const readable = entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() }))
  return `${JSON.stringify(readable, undefined, 2)}\n`
}

/** Entries as CSV (RFC 4180) with a line of headings; several requests or ids of one entry are separated by line ends. */
export function auditAsCsv(entries: readonly AuditEntry[]): string {
  const rows = entries.map((entry) => [
    new Date(entry.at).toISOString(),
    entry.operator,
    entry.cloud,
    entry.cloudUser ?? '',
    entry.project ?? '',
    entry.action,
    entry.object.kind,
    entry.object.id,
    entry.object.name,
    entry.result,
    entry.failure
      ? [entry.failure.reason ?? entry.failure.code, entry.failure.message].join(': ')
      : '',
    entry.requestIds.join('\n'),
    entry.durationMs === undefined ? '' : String(entry.durationMs),
    entry.detail.join('\n'),
    (entry.planned ?? []).join('\n'),
    (entry.notes ?? []).join('\n'),
    entry.id,
  ])
  return [COLUMNS, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}

/** Spreadsheets run what begins like a formula, and names in a cloud are written by anybody. */
function field(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
