import { createHash } from 'node:crypto'

/** A digest of several files that depends on their contents only: neither on their names nor on their order. */
export class ContentDigest {
  private readonly digests: string[] = []

  /** Takes one file, piece by piece; it counts from its end on. */
  file(): { add(octets: Uint8Array): void; end(): void } {
    const hash = createHash('sha256')
    return {
      add: (octets) => void hash.update(octets),
      end: () => void this.digests.push(hash.digest('hex')),
    }
  }

  /** 64 hexadecimal digits. */
  get value(): string {
    return createHash('sha256').update(this.digests.toSorted().join('\n')).digest('hex')
  }
}
