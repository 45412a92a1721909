import type { Difference } from '../../../preload/contract/compare'
import type { Located } from '../config/located'
import type { Compared } from './compared'
import type { Subject } from './entries'

/** One thing of a file beside what the API says of it. */
export interface Pairing {
  path: string
  /** What the file says; absent where it says nothing. */
  actual?: Located<string> | undefined
  /** What the API says; absent where nothing should be said. */
  wanted?: string | undefined
  why: string
  subject?: Subject
  /** The line beside which something is missing. */
  near?: number
}

/** What a file says beside what the API says, in no order. */
interface Sets extends Omit<Pairing, 'actual' | 'wanted'> {
  actual: readonly Located<string>[]
  wanted: readonly string[]
  /** Values that are written differently and mean the same have one key. */
  keyOf: (value: string) => string
}

/** Gathers what differs between a file and the API. */
export class Judgements {
  private readonly differences: Difference[] = []
  private readonly unjudged: { path: string; why: string }[] = []
  private pending = false

  /** What follows is about this object: while it is being changed, differences are expected. */
  about({ provisioningStatus }: { provisioningStatus: string }): void {
    this.pending = provisioningStatus.startsWith('PENDING_')
  }

  /** Tells when the file does not say what the API says; `equal` may be given for values that are written differently. */
  equal(pairing: Pairing, equal: (actual: string, wanted: string) => boolean = same): void {
    const { actual, wanted } = pairing
    if (actual === undefined && wanted === undefined) return
    if (actual !== undefined && wanted !== undefined && equal(actual.value, wanted)) return
    this.differ(pairing)
  }

  /** Tells what only one of two sets has: the first of the file's beside the first of the API's. */
  sets({ actual, wanted, keyOf, ...common }: Sets): void {
    const lacking = new Map(wanted.map((value) => [keyOf(value), value]))
    const extra = actual.filter(({ value }) => !lacking.delete(keyOf(value)))
    const rest = [...lacking.values()]
    for (let index = 0; index < Math.max(extra.length, rest.length); index += 1)
      this.differ({ ...common, actual: extra[index], wanted: rest[index] })
  }

  differ(pairing: Pairing): void {
    if (this.pending) this.keep(pairing, 'expected', 'pending')
    else this.keep(pairing, 'drift', pairing.why)
  }

  expect(pairing: Pairing): void {
    this.keep(pairing, 'expected', pairing.why)
  }

  cannot(path: string, why: string): void {
    this.unjudged.push({ path, why })
  }

  result(): Compared {
    return { differences: this.differences, unjudged: this.unjudged }
  }

  private keep(pairing: Pairing, kind: Difference['kind'], why: string): void {
    const { path, actual, wanted, subject, near } = pairing
    const line = actual?.line ?? near
    this.differences.push({
      path,
      ...(actual && { left: actual.value }),
      ...(wanted !== undefined && { right: wanted }),
      ...(line !== undefined && { leftLine: line }),
      kind,
      why,
      ...(subject && { subject }),
    })
  }
}

const same = (actual: string, wanted: string): boolean => actual === wanted
