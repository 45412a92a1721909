import { AppError } from '../../../preload/contract/error'
import type { Audit, Safety } from '../safety'

/**
 * Which clouds may be changed now, and until when. Each is armed for itself, for some minutes, and
 * disarms by itself; both are on the record.
 */
export class Arming implements Safety {
  private readonly armed = new Map<string, { until: number; timer: NodeJS.Timeout }>()

  /** @param changed is called after each change */
  constructor(
    private readonly audit: Audit,
    private readonly changed: (cloud: string) => void,
  ) {}

  /** When changes end to be allowed; undefined in read-only mode. */
  until(cloud: string): number | undefined {
    const until = this.armed.get(cloud)?.until
    return until !== undefined && until > Date.now() ? until : undefined
  }

  requireArmed(cloud: string): void {
    if (this.until(cloud) === undefined) {
      throw AppError.because('safety.readOnly', cloud, { values: { cloud } })
    }
  }

  /** Allows changes once that is on the record. @throws AppError `store.unwritable` */
  async arm(cloud: string, minutes: number): Promise<void> {
    const until = Date.now() + minutes * 60_000
    const id = await this.record(cloud, 'cloud.arm', `${minutes} min`)
    clearTimeout(this.armed.get(cloud)?.timer)
    const timer = setTimeout(() => this.expire(cloud), until - Date.now()).unref()
    this.armed.set(cloud, { until, timer })
    this.changed(cloud)
    await this.audit.finish(id, { result: 'ok' })
  }

  /** Back to read-only at once, whether or not that can be written down. @throws AppError `store.unwritable` */
  async disarm(cloud: string, why: 'operator' | 'expired' | 'closed' | 'project'): Promise<void> {
    const was = this.armed.get(cloud)
    if (!was) return
    clearTimeout(was.timer)
    this.armed.delete(cloud)
    this.changed(cloud)
    const id = await this.record(cloud, 'cloud.disarm', why)
    await this.audit.finish(id, { result: 'ok' })
  }

  private expire(cloud: string): void {
    // Nobody waits for this; that the record is full will show at the next change, which it stops.
    this.disarm(cloud, 'expired').catch(() => undefined)
  }

  private record(cloud: string, action: 'cloud.arm' | 'cloud.disarm', note: string) {
    const object = { kind: 'cloud', id: cloud, name: cloud }
    return this.audit.start({ cloud, action, object, notes: [note] })
  }
}
