import type {
  ConfigFile,
  HaproxyRow,
  NetworkInterface,
  VrrpPacket,
} from '../../../preload/contract/inspect'
import type { ProbeSample } from '../../../preload/contract/pair'
import type { KeepalivedDump } from '../keepalived/dump'

/** A file as it was opened: unpacked, and not yet read. */
export interface EvidenceFile {
  /** As the operator gave it; entries of archives behind the archive's own path. */
  path: string
  octets: Uint8Array
  /** When it was changed last, in milliseconds since the epoch, as far as its folder or archive tells. */
  modifiedAt?: number
}

/** A line of a file, counted from 1. */
export interface Place {
  file: string
  line: number
  /** Word for word, secrets included: nothing is told of it before they are taken out. */
  text: string
}

/** One line of a log that is about keepalived, haproxy, or a unit of systemd. */
export interface LogEntry {
  at: number
  /** How exactly `at` is written, in milliseconds. */
  precisionMs: number
  /** The name of the machine that wrote it; absent where the format leaves it out. */
  host?: string
  identifier: string
  pid?: number
  message: string
  place: Place
}

/** The addresses of one machine at one moment, a line of `ip -br address`. */
export interface Sighting {
  /** What stands before the interface, such as `amp1: `; absent for plain answers of `ip`. */
  label?: string
  /** Of the heading above: milliseconds since midnight, the day is not told. */
  timeOfDay?: number
  interface: string
  state: string
  /** With their prefix lengths. */
  addresses: readonly string[]
  place: Place
}

/** What a file says, by its format. */
export type Content =
  /** `dated`: no stamp leaves out its year. */
  | { kind: 'log'; entries: readonly LogEntry[]; dated: boolean }
  | { kind: 'config'; config: ConfigFile['kind']; text: string }
  | { kind: 'dump'; dump: KeepalivedDump }
  | { kind: 'haproxy'; info?: Readonly<Record<string, string>>; stat?: readonly HaproxyRow[] }
  | { kind: 'addresses'; interfaces: readonly NetworkInterface[] }
  | { kind: 'sightings'; sightings: readonly Sighting[] }
  | { kind: 'capture'; packets: readonly VrrpPacket[] }
  | { kind: 'probe'; samples: readonly ProbeSample[] }

/** A file whose format is known. */
export interface Recognised {
  path: string
  modifiedAt?: number
  content: Content
  /** Why it was not read to its end, in English. */
  incomplete?: string
}

/** Reads one format in pieces of any size, so that no file has to be in memory. */
export interface ContentReader {
  /** Why it stopped before the end, in English. */
  incomplete?: string
  /** @returns whether what comes next can tell anything */
  push(octets: Uint8Array): boolean
  /** What was read; a reason of `recognise` where that is nothing. */
  end(): Content | Nothing
}

/** Why a file says nothing. */
export type Nothing = 'empty' | 'binary' | 'utf16' | 'bigNoLog' | 'unknown' | 'noVrrp'

/** A file that nothing is learned from, and why, in English. */
export interface Ignored {
  file: string
  reason: string
}
