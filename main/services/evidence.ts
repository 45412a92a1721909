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
  private readonly records = new Map<string, Omit<Evidence, 'redacted'>>()
  private size = 0
  private last = 0

  /** Keeps a record and answers its id. */
  keep(record: Omit<Evidence, 'id' | 'redacted'>): string {
    const id = `e${String((this.last += 1))}`
    const kept = { ...record, id }
    this.records.set(id, kept)
    this.size += sizeOf(kept)
    for (const [oldest, evidence] of this.records) {
      if (this.size <= CAPACITY) break
      this.records.delete(oldest)
      this.size -= sizeOf(evidence)
    }
    return id
  }

  /** The record without its secrets. @throws AppError `evidence.gone` */
  read(id: string): Evidence {
    const record = this.records.get(id)
    if (!record) throw AppError.because('evidence.gone', id, { values: { id } })
    const stdout = redact(record.stdout)
    const stderr = redact(record.stderr)
    return {
      ...record,
      stdout: stdout.text,
      stderr: stderr.text,
      redacted: [...new Set([...stdout.found, ...stderr.found])],
    }
  }
}

const sizeOf = ({ stdout, stderr }: Pick<Evidence, 'stdout' | 'stderr'>): number =>
  stdout.length + stderr.length + 1024
