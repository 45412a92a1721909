import { AppError } from '../../preload/contract/error'
import type { Evidence } from '../../preload/contract/pair'
import { redact } from '../domain/redact'

/** Octets of text to keep; the oldest records go first. */
const CAPACITY = 64 * 1024 * 1024

/** What was asked and what came back, for as long as there is room. Secrets are taken out on the way in. */
export class EvidenceStore {
  private readonly records = new Map<string, Evidence>()
  private size = 0
  private last = 0

  /** Keeps a record and answers its id. */
  keep(record: Omit<Evidence, 'id' | 'redacted'>): string {
    const stdout = redact(record.stdout)
    const stderr = redact(record.stderr)
    const id = `e${String((this.last += 1))}`
    const kept: Evidence = {
      ...record,
      id,
      stdout: stdout.text,
      stderr: stderr.text,
      redacted: [...new Set([...stdout.found, ...stderr.found])],
    }
    this.records.set(id, kept)
    this.size += sizeOf(kept)
    for (const [oldest, evidence] of this.records) {
      if (this.size <= CAPACITY) break
      this.records.delete(oldest)
      this.size -= sizeOf(evidence)
    }
    return id
  }

  /** @throws AppError `evidence.gone` */
  read(id: string): Evidence {
    const evidence = this.records.get(id)
    if (!evidence) throw AppError.because('evidence.gone', id, { values: { id } })
    return evidence
  }
}

const sizeOf = ({ stdout, stderr }: Evidence): number => stdout.length + stderr.length + 1024
