import { createHash } from 'node:crypto'
import type { Clock } from '../clock'
import { newHex } from '../identity'
import { micros } from '../timestamps'

/** Who wrote a line, as journald sees it. */
export interface Origin {
  identifier: string
  pid: number
  /** Unit of the process. */
  unit: string
  /** The unit a line of systemd is about. */
  about?: string
  transport: 'syslog' | 'stdout' | 'journal'
  facility: number
  command: string
  executable: string
  name: string
}

export interface JournalEntry extends Origin {
  sequence: number
  /** Milliseconds since the epoch. */
  at: number
  message: string
  priority: number
  bootId: string
  cursor: string
  /** Microseconds since boot. */
  monotonic: number
  invocationId: string
  /** Fields of systemd's own messages. */
  extra: Readonly<Record<string, string>>
}

export interface Line {
  message: string
  /** @default 6 */
  priority?: number
  /** @default now */
  at?: number
  invocationId?: string
  extra?: Readonly<Record<string, string>>
}

/** Enough for days of a quiet amphora; the oldest lines go first. */
const CAPACITY = 20_000

/** The journal of one machine. */
export class Journal {
  readonly machineId = newHex()
  readonly entries: JournalEntry[] = []
  bootId = newHex()
  private readonly fileId = newHex()
  private readonly listeners = new Set<(entry: JournalEntry) => void>()
  private sequence = 0x40

  constructor(
    private readonly clock: Clock,
    readonly hostName: string,
    public bootedAt: number,
  ) {}

  append(origin: Origin, line: Line): void {
    const at = line.at ?? this.clock.now()
    const monotonic = micros(at - this.bootedAt)
    this.sequence += 1
    const hash = createHash('sha1').update(`${this.fileId}${this.sequence}`).digest('hex')
    const entry: JournalEntry = {
      ...origin,
      sequence: this.sequence,
      at,
      message: line.message,
      priority: line.priority ?? 6,
      bootId: this.bootId,
      monotonic,
      invocationId: line.invocationId ?? '',
      extra: line.extra ?? {},
      cursor: [
        `s=${this.fileId}`,
        `i=${this.sequence.toString(16)}`,
        `b=${this.bootId}`,
        `m=${monotonic.toString(16)}`,
        `t=${micros(at).toString(16)}`,
        `x=${hash.slice(0, 16).replace(/^0+/, '')}`,
      ].join(';'),
    }
    this.entries.push(entry)
    if (this.entries.length > CAPACITY) this.entries.shift()
    for (const listener of this.listeners) listener(entry)
  }

  /** Tells of each new entry. The answer ends it. */
  follow(listener: (entry: JournalEntry) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The machine starts again. */
  reboot(): void {
    this.bootId = newHex()
    this.bootedAt = this.clock.now()
  }

  /** Puts the history that was written for several daemons in the order of time. */
  settle(): void {
    this.entries.sort((one, other) => one.at - other.at)
  }
}
