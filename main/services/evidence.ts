import { AppError } from '../../preload/contract/error'
import type { Evidence } from '../../preload/contract/pair'
import { redact } from '../domain/redact'

/** Octets of text to keep; the oldest records go first. */
const CAPACITY = 64 * 1024 * 1024

/**
 * What was asked and what came back, for as long as there is room. Secrets are taken out of what is read, not of what is
 * kept: most of it is never looked at, and looking for secrets at the height of a failover would delay its measuring.
 */
export class EvidenceStore {
  private readonly records = new Map<string, Kept>()
  private size = 0
  private last = 0

  /**
   * Keeps a record and answers its id.
   * @param clean takes out what only the owner of the record knows to be secret; it is called when the record is read
   */
  keep(
    record: Omit<Evidence, 'id' | 'redacted'>,
    clean: (text: string) => string = (text) => text,
  ): string {
    const id = `e${String((this.last += 1))}`
    const kept = { record: { ...record, id }, clean }
    this.records.set(id, kept)
    this.size += sizeOf(record)
    for (const [oldest, { record: old }] of this.records) {
      if (this.size <= CAPACITY) break
      this.records.delete(oldest)
      this.size -= sizeOf(old)
    }
    return id
  }

  /** Makes room: what a newer record says better. */
  drop(id: string): void {
    const kept = this.records.get(id)
    if (kept && this.records.delete(id)) this.size -= sizeOf(kept.record)
  }

  /** The record without its secrets. @throws AppError `evidence.gone` */
  read(id: string): Evidence {
    const kept = this.records.get(id)
    if (!kept) throw AppError.because('evidence.gone', id, { values: { id } })
    const { record, clean } = kept
    const stdout = redact(clean(record.stdout))
    const stderr = redact(clean(record.stderr))
    return {
      ...record,
      stdout: stdout.text,
      stderr: stderr.text,
      redacted: [...new Set([...stdout.found, ...stderr.found])],
    }
  }
}

interface Kept {
  record: Omit<Evidence, 'redacted'>
  clean: (text: string) => string
}

const sizeOf = ({ stdout, stderr }: Pick<Evidence, 'stdout' | 'stderr'>): number =>
  stdout.length + stderr.length + 1024
