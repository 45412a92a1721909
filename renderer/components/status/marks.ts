/** How something stands, as a colour; never shown without its shape and its word. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'idle' | 'unknown'

/** The drawings of StatusIcon; each can be told from the others without colour. */
export type Shape =
  | 'check'
  | 'cross'
  | 'triangle'
  | 'half'
  | 'bar'
  | 'question'
  | 'down'
  | 'diamond'
  | 'diamondOpen'
  | 'square'
  | 'ring'
  | 'triangleOpen'
  | 'info'

export interface Mark {
  tone: Tone
  shape: Shape
}

const good: Mark = { tone: 'good', shape: 'check' }
const bad: Mark = { tone: 'bad', shape: 'cross' }
const warn: Mark = { tone: 'warn', shape: 'triangle' }
const busy: Mark = { tone: 'busy', shape: 'half' }
const idle: Mark = { tone: 'idle', shape: 'bar' }
const stopped: Mark = { tone: 'idle', shape: 'square' }

/** What stands for a status that is not known, or that this console has not heard of. */
export const UNKNOWN: Mark = { tone: 'unknown', shape: 'question' }

/** The mark of each status, by the kind of thing that has it. */
export const MARKS = {
  provisioning: {
    ACTIVE: good,
    PENDING_CREATE: busy,
    PENDING_UPDATE: busy,
    PENDING_DELETE: busy,
    ERROR: bad,
    DELETED: stopped,
  },
  operating: {
    ONLINE: good,
    OFFLINE: idle,
    DEGRADED: warn,
    ERROR: bad,
    DRAINING: { tone: 'warn', shape: 'down' },
    NO_MONITOR: { tone: 'idle', shape: 'ring' },
  },
  vrrp: {
    MASTER: { tone: 'good', shape: 'diamond' },
    BACKUP: { tone: 'busy', shape: 'diamondOpen' },
    FAULT: bad,
    INIT: busy,
    STOPPED: stopped,
  },
  amphora: {
    ALLOCATED: good,
    READY: good,
    BOOTING: busy,
    PENDING_CREATE: busy,
    PENDING_DELETE: busy,
    ERROR: bad,
    FAILOVER_STOPPED: bad,
    DELETED: stopped,
  },
  outcome: {
    ok: good,
    pass: good,
    running: busy,
    started: busy,
    warning: warn,
    failed: bad,
    fail: bad,
    refused: { tone: 'warn', shape: 'bar' },
    skipped: idle,
    unknown: UNKNOWN,
  },
  connection: {
    connecting: busy,
    live: good,
    lost: warn,
    failed: bad,
  },
  job: {
    running: busy,
    undoing: busy,
    done: good,
    failed: bad,
    cancelled: idle,
    interrupted: warn,
    undone: stopped,
  },
  step: {
    pending: { tone: 'idle', shape: 'ring' },
    running: busy,
    waiting: busy,
    stopped: { tone: 'idle', shape: 'bar' },
    done: good,
    failed: bad,
    undone: stopped,
  },
  episode: {
    ongoing: busy,
    moved: good,
    returned: warn,
    serviceOnly: warn,
    twoOwners: bad,
    noOwner: bad,
    unknown: UNKNOWN,
  },
  severity: {
    critical: bad,
    high: { tone: 'bad', shape: 'triangle' },
    medium: { tone: 'warn', shape: 'triangleOpen' },
    low: { tone: 'idle', shape: 'down' },
    info: { tone: 'busy', shape: 'info' },
  },
} as const satisfies Record<string, Record<string, Mark>>
export type StatusKind = keyof typeof MARKS

/** Kinds whose statuses are the words of the field: shown as they are in every language, explained on hover. */
const VERBATIM: ReadonlySet<StatusKind> = new Set(['provisioning', 'operating', 'vrrp', 'amphora'])

/** The mark of a status; `known` tells whether there are words for it under `status.<kind>.<status>`. */
export function markOf(kind: StatusKind, status: string) {
  const marks: Readonly<Record<string, Mark | undefined>> = MARKS[kind]
  const mark = Object.hasOwn(marks, status) ? marks[status] : undefined
  return { mark: mark ?? UNKNOWN, known: mark !== undefined, verbatim: VERBATIM.has(kind) }
}
