import { createHash } from 'node:crypto'

/** A digest of several files that depends on their contents only: neither on their names nor on their order. */
export class ContentDigest {
  private readonly digests: string[] = []

  /** Takes the content of one file. */
  add(octets: Uint8Array): void {
    this.digests.push(createHash('sha256').update(octets).digest('hex'))
  }

  /** 64 hexadecimal digits. */
  get value(): string {
    return createHash('sha256').update(this.digests.toSorted().join('\n')).digest('hex')
  }
}
