/** Timers of a pair, from its configuration; Octavia's defaults where a field is absent. */
export interface VrrpTimers {
  /** @default 1000 */
  advertIntervalMs?: number
  /** Between two runs of the check script. @default 5000 */
  scriptIntervalMs?: number
  /** Failures in a row until the instance goes to FAULT. @default 2 */
  scriptFall?: number
  /** Successes in a row until it comes back. @default 2 */
  scriptRise?: number
  /** How long one run may take; haproxy's check gives up after 5 s. @default 5000 */
  scriptTimeoutMs?: number
}

/** How long something takes, in milliseconds: the truth lies between both. */
export interface Span {
  from: number
  to: number
}

const DEFAULTS = {
  advertIntervalMs: 1000,
  scriptIntervalMs: 5000,
  scriptFall: 2,
  scriptRise: 2,
  scriptTimeoutMs: 5000,
} as const satisfies Required<VrrpTimers>

/** Kernel, gratuitous ARP and the switch; 10 to 30 ms were measured on top of the formulas. */
const SWITCHING_MS = 50

/**
 * How much longer the router of this priority waits, in milliseconds. VRRP 2 counts in 1/256 s whatever the interval is;
 * VRRP 3 in 1/256 of the interval (RFC 3768 6.1, RFC 5798 6.1).
 */
function skewMs(priority: number, version: 2 | 3 = 2, advertIntervalMs = 1000): number {
  const unit = version === 2 ? 1000 : advertIntervalMs
  return ((256 - priority) * unit) / 256
}

/** How long a backup of this priority waits for an advert before it becomes master: three intervals and its skew. */
export function masterDownMs(
  priority: number,
  advertIntervalMs: number = DEFAULTS.advertIntervalMs,
  version: 2 | 3 = 2,
): number {
  return 3 * advertIntervalMs + skewMs(priority, version, advertIntervalMs)
}

/** The master says goodbye with priority 0: the backup waits for its skew only. */
export function gracefulGapMs(backupPriority: number): Span {
  const skew = skewMs(backupPriority)
  return { from: skew, to: skew + SWITCHING_MS }
}

/** The master falls silent: from its last advert, which lies up to one interval back, the backup waits the whole time. */
export function hardGapMs(backupPriority: number, timers: VrrpTimers = {}): Span {
  const { advertIntervalMs } = { ...DEFAULTS, ...timers }
  const wait = masterDownMs(backupPriority, advertIntervalMs)
  return { from: wait - advertIntervalMs, to: wait + SWITCHING_MS }
}

/**
 * The service behind the master fails while keepalived lives: the check script has to fail `fall` times first, then the
 * master says goodbye. A run that hangs adds its own time.
 */
export function scriptGapMs(backupPriority: number, timers: VrrpTimers = {}): Span {
  const { scriptIntervalMs, scriptFall, scriptTimeoutMs } = { ...DEFAULTS, ...timers }
  const graceful = gracefulGapMs(backupPriority)
  return {
    from: (scriptFall - 1) * scriptIntervalMs + graceful.from,
    to: scriptFall * scriptIntervalMs + scriptTimeoutMs + graceful.to,
  }
}

/** The old master is healthy again and has the higher priority: how long until it takes the VIP back, if it may. */
export function returnDelayMs(masterPriority: number, timers: VrrpTimers = {}): Span {
  const { advertIntervalMs, scriptIntervalMs, scriptRise, scriptTimeoutMs } = {
    ...DEFAULTS,
    ...timers,
  }
  const wait = masterDownMs(masterPriority, advertIntervalMs)
  return {
    from: wait,
    to: wait + scriptRise * scriptIntervalMs + scriptTimeoutMs + SWITCHING_MS,
  }
}
