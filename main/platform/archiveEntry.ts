import type { Pieces } from './pieces'

/** A file out of an archive, to be read before the next one is asked for. */
export interface ArchiveEntry {
  name: string
  pieces: Pieces
  /** Milliseconds since the epoch. */
  modifiedAt?: number
}

/** An entry that is not read, and why, in English. */
export interface Refused {
  name: string
  reason: string
}

/** Whether an entry is not read. */
export const isRefused = (entry: ArchiveEntry | Refused): entry is Refused => 'reason' in entry

/** Whether unpacking by such a name would write beside the archive, or anywhere. */
export const leadsOutside = (name: string): boolean =>
  /^(?:[/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes('..')
