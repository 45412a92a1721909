import type {
  CaptureFile,
  CaptureItem,
  CaptureOrder,
  CapturePart,
} from '../../../preload/contract/capture'
import { AppError } from '../../../preload/contract/error'
import { either } from '../../base/either'
import { Queue } from '../../base/queue'
import type { Audit, AuditEnd } from '../safety'
import type { BundleFile } from './bundle'
import { takeCapture, type CaptureServices, type Taken } from './takeCapture'

/** Progress that waits for a slow reader; more of it says nothing new. */
const MOST_ITEMS = 1000
/** Milliseconds between two words on progress. */
const PROGRESS_MS = 250

/** A bundle that is being written. */
interface OpenBundle extends BundleFile {
  /** Ends it, gives it its name and answers its size in octets. @throws AppError `store.unwritable` */
  finish(path: string): Promise<number>
  discard(): Promise<void>
}

/** Where bundles are kept. */
interface BundleShelf {
  /** Begins a bundle beside a path. @throws AppError `store.unwritable` */
  create(path: string): Promise<OpenBundle>
  /** The files of a folder with their size and when they changed; none where there is no folder. */
  list(folder: string): Promise<{ name: string; size: number; at: number }[]>
}

export interface CapturesServices extends CaptureServices {
  audit: Audit
  shelf: BundleShelf
  /** Where the bundles of a load balancer are kept, by names that are safe in a path. */
  folderOf: (cloud: string, loadBalancerId: string) => string
}

/** Takes bundles of load balancers, and knows those that were taken. */
export class Captures {
  private readonly running = new Map<string, AbortController>()

  constructor(private readonly services: CapturesServices) {}

  /**
   * Reads everything of a load balancer into a bundle; the last item tells of it. What cannot be read is told in the result.
   * A signal that is aborted ends it as `stop` does: the bundle is kept all the same.
   * @throws AppError `store.unwritable`, `cloud.notOpen`
   */
  async *start(order: CaptureOrder, signal: AbortSignal): AsyncGenerator<CaptureItem, void> {
    const id = crypto.randomUUID()
    const stop = new AbortController()
    this.running.set(id, stop)
    const ended = either(signal, stop.signal)
    const items = new Queue<CaptureItem>(MOST_ITEMS)
    const work = this.take(order, id, ended.signal, (item) => items.push(item))
      .then(
        (result) => {
          items.push(result)
          items.end()
        },
        (error: unknown) => items.fail(error),
      )
      .finally(() => {
        ended.letGo()
        this.running.delete(id)
      })
    try {
      for await (const batch of items.batches(signal)) yield* batch
    } finally {
      stop.abort()
      await work
    }
  }

  /** Ends a capture; its bundle says that it is partial. Nothing happens where it has ended. */
  stop(id: string): void {
    this.running.get(id)?.abort()
  }

  /** The bundles of a load balancer, newest first. */
  async list(cloud: string, loadBalancerId: string): Promise<CaptureFile[]> {
    const folder = this.services.folderOf(cloud, loadBalancerId)
    const files = await this.services.shelf.list(folder)
    return files
      .filter(({ name }) => name.endsWith(ENDING))
      .map(({ name, size, at }) => ({
        ...{ path: `${folder}/${name}`, size, at },
        partial: name.endsWith(PARTIAL + ENDING),
      }))
      .sort((one, other) => other.at - one.at)
  }

  private async take(
    order: CaptureOrder,
    id: string,
    signal: AbortSignal,
    tell: (item: CaptureItem) => void,
  ): Promise<CaptureItem> {
    const { cloud, loadBalancerId } = order
    const { audit, shelf, folderOf } = this.services
    const startedAt = Date.now()
    const folder = folderOf(cloud, loadBalancerId)
    const name = `${folder}/${order.mask ? 'masked' : loadBalancerId.slice(0, 8)}-${stampOf(startedAt)}`
    const auditId = await audit.start({
      ...{ cloud, action: 'capture.take' },
      object: { kind: 'loadBalancer', id: loadBalancerId, name: loadBalancerId },
      notes: [
        `hours of logs: ${order.hours}`,
        ...(order.ssh ? [] : ['without SSH']),
        ...(order.mask ? ['masked'] : []),
      ],
    })
    let end: AuditEnd = { result: 'ok' }
    try {
      const file = await shelf.create(name)
      try {
        const taken = await takeCapture(
          this.services,
          order,
          file,
          signal,
          teller(id, startedAt, tell),
        )
        const path = `${name}${taken.partial ? PARTIAL : ''}${ENDING}`
        const size = await file.finish(path)
        end = { result: 'ok', detail: [path] }
        return resultOf(taken, { path, size, at: Date.now(), partial: taken.partial }, startedAt)
      } catch (error) {
        await file.discard()
        throw error
      }
    } catch (error) {
      end = { result: 'failed', failure: AppError.from(error).toFailure() }
      throw error
    } finally {
      await audit.finish(auditId, { ...end, durationMs: Date.now() - startedAt })
    }
  }
}

const ENDING = '.tar.gz'
const PARTIAL = '-partial'

/** `20261123T014502123Z`, with milliseconds: sorts by time, and every file system takes it. */
const stampOf = (at: number): string => new Date(at).toISOString().replaceAll(/[-:.]/g, '')

function resultOf(
  { records, octets, unread, redacted }: Taken,
  file: CaptureFile,
  startedAt: number,
): CaptureItem {
  return {
    ...{ kind: 'result', file, records, octets, unread, redacted },
    elapsedMs: Date.now() - startedAt,
  }
}

/** Tells of progress, not too often. */
function teller(id: string, startedAt: number, tell: (item: CaptureItem) => void) {
  let toldAt = -Infinity
  let toldPart: CapturePart | undefined
  return (part: CapturePart, done: { records: number; octets: number; amphoraId?: string }) => {
    const now = Date.now()
    if (part === toldPart && now - toldAt < PROGRESS_MS) return
    toldAt = now
    toldPart = part
    tell({ kind: 'progress', id, part, ...done, elapsedMs: now - startedAt })
  }
}
