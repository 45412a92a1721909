import { z } from 'zod'
import { AuditEntry } from '../../preload/contract/action'
import { Live } from '../base/live'
import { LineFile } from '../platform/files'
import type { Audit, AuditEnd, AuditSent, AuditStart } from './safety'

/** Entries held in memory; the file keeps them all. */
const NEWEST = 10_000

/** Who acts in a cloud; absent parts are not known. */
export type AuditActor = (cloud: string) => {
  cloudUser?: string | undefined
  project?: string | undefined
}

/** What is added to an entry when its change has ended. */
const End = AuditEntry.pick({ result: true }).extend(
  AuditEntry.pick({
    object: true,
    detail: true,
    failure: true,
    requestIds: true,
    durationMs: true,
  }).partial().shape,
)

/**
 * The lines of the file. A change is written before it is made, with each thing that is sent for it, and when it has
 * ended; these lines share the id. Lines of another shape, such as those of a later release, are passed over.
 */
const Line = z.discriminatedUnion('line', [
  z.object({ line: z.literal('start'), entry: AuditEntry }),
  z.object({
    line: z.literal('sent'),
    id: z.string(),
    detail: z.string(),
    requestId: z.string().optional(),
    object: AuditEntry.shape.object.optional(),
  }),
  z.object({ line: z.literal('end'), id: z.string(), end: End }),
])

/**
 * The record of every change, in a file that only grows.
 * A change whose end was never written (the console was killed meanwhile) stays `started`: that is all anybody knows.
 */
export class AuditLog implements Audit {
  private readonly file: LineFile
  private readonly live = new Live<readonly AuditEntry[]>([])
  private loading: Promise<void> | undefined

  /**
   * @param path of the file of JSON lines; it comes into being with the first change
   * @param operator user and machine as the operating system knows them, such as `ngoc@bastion`
   */
  constructor(
    path: string,
    private readonly operator: string,
    private readonly actor: AuditActor,
    private readonly now: () => number = Date.now,
  ) {
    this.file = new LineFile(path)
  }

  /** Writes that a change begins. @throws AppError `store.unwritable`; then nothing may be changed */
  async start(change: AuditStart): Promise<string> {
    await this.load()
    const entry: AuditEntry = {
      ...change,
      ...this.actor(change.cloud),
      id: crypto.randomUUID(),
      at: this.now(),
      operator: this.operator,
      detail: [],
      result: 'started',
      requestIds: [],
    }
    await this.file.append({ line: 'start', entry })
    this.live.set([...this.live.value, entry].slice(-NEWEST))
    return entry.id
  }

  /** Writes that something was sent for a change. @throws AppError `store.unwritable` */
  async sent(id: string, what: AuditSent): Promise<void> {
    await this.load()
    await this.file.append({ line: 'sent', id, ...what })
    this.live.set(this.live.value.map((entry) => (entry.id === id ? grown(entry, what) : entry)))
  }

  /** Writes how a change ended. @throws AppError `store.unwritable` */
  async finish(id: string, end: AuditEnd): Promise<void> {
    await this.load()
    await this.file.append({ line: 'end', id, end })
    this.live.set(this.live.value.map((entry) => (entry.id === id ? ended(entry, end) : entry)))
  }

  /**
   * The newest `limit` entries, newest first, and again, as a whole, after each change, until aborted.
   * @param cloud only entries of this cloud; of every cloud when undefined
   * @throws AppError `store.unreadable`
   */
  async *follow(
    cloud: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): AsyncGenerator<AuditEntry[], void> {
    await this.load()
    for await (const entries of this.live.follow(signal)) {
      const ours = cloud === undefined ? entries : entries.filter((entry) => entry.cloud === cloud)
      yield ours.slice(-limit).reverse()
    }
  }

  private async load(): Promise<void> {
    this.loading ??= this.read()
    try {
      await this.loading
    } catch (error) {
      this.loading = undefined
      throw error
    }
  }

  private async read(): Promise<void> {
    const entries = new Map<string, AuditEntry>()
    for (const value of await this.file.read()) {
      const line = Line.safeParse(value)
      if (!line.success) continue
      if (line.data.line === 'start') entries.set(line.data.entry.id, line.data.entry)
      else {
        const entry = entries.get(line.data.id)
        if (entry) {
          const { id } = entry
          entries.set(
            id,
            line.data.line === 'sent' ? grown(entry, line.data) : ended(entry, line.data.end),
          )
        }
      }
      const [oldest] = entries.size > NEWEST ? entries.keys() : []
      if (oldest !== undefined) entries.delete(oldest)
    }
    this.live.set([...entries.values()])
  }
}

const grown = (entry: AuditEntry, { detail, requestId, object }: AuditSent): AuditEntry => ({
  ...entry,
  object: object ?? entry.object,
  detail: [...entry.detail, detail],
  requestIds: requestId === undefined ? entry.requestIds : [...entry.requestIds, requestId],
})

const ended = (entry: AuditEntry, end: z.output<typeof End>): AuditEntry => ({
  ...entry,
  ...end,
  object: end.object ?? entry.object,
  detail: end.detail ?? entry.detail,
  requestIds: end.requestIds ?? entry.requestIds,
})
