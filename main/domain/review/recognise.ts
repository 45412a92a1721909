import { IGNORED } from '../../../preload/contract/ignored'
import type { ConfigFile } from '../../../preload/contract/inspect'
import { parseHaproxyAnswers } from '../amphora/haproxyAnswers'
import { parseInterfaces } from '../amphora/ipAnswers'
import { parseDump } from '../keepalived/dump'
import type { Content, ContentReader, EvidenceFile, Ignored, Nothing, Recognised } from './evidence'
import { ExportReader } from './readExport'
import { journalReader, textLogReader } from './readLog'
import { CaptureReader, readProbe, readSightings } from './readTables'

/** So much of a file tells whether it is text, and a log. */
const HEAD = 65_536
const TEXT_HEAD = 8192
/** What is no log, and bigger, is nothing that this command knows. */
const MOST_HELD = 64 * 2 ** 20
/** So many octets of nothing but zeros in a row are no log any more: a file with holes, or the end of a disk. */
const MOST_ZEROS = 64 * 2 ** 20
const ZEROS = 'nothing but zeros from here on: read up to there'

/**
 * Tells by the content what a file is, never by its name, and reads it. Never throws: whatever is damaged is ignored, or
 * read as far as it can be.
 *
 * @param now by any clock: dates stamps that leave out their year
 */
export function recognise(file: EvidenceFile, now: number): Recognised | Ignored {
  const recogniser = new Recogniser(file, now)
  recogniser.push(file.octets)
  return recogniser.end()
}

/** Whether the format of a file is known. */
export const isRecognised = (file: Recognised | Ignored): file is Recognised => 'content' in file

/** The same as `recognise` for a file that comes in pieces of any size: only what is found in it is in memory. */
export class Recogniser {
  private reader: ContentReader | undefined
  private held: Uint8Array[] = []
  private length = 0
  private zeros = 0
  /** What is found out, before the end of the file. */
  private outcome: Nothing | undefined
  private incomplete: string | undefined

  /** @param now by any clock: dates stamps that leave out their year */
  constructor(
    private readonly file: Omit<EvidenceFile, 'octets'>,
    private readonly now: number,
  ) {}

  /** Takes the next octets. @returns whether more of the file can tell anything */
  push(octets: Uint8Array): boolean {
    if (this.outcome !== undefined || this.incomplete !== undefined) return false
    return this.reader ? this.read(this.reader, octets) : this.hold(octets)
  }

  private hold(octets: Uint8Array): boolean {
    this.held.push(Uint8Array.from(octets))
    const before = this.length
    this.length += octets.length
    if (before < HEAD && this.length >= HEAD) this.choose()
    if (!this.reader && this.length > MOST_HELD) this.stop('bigNoLog')
    return this.outcome === undefined
  }

  /** What the file is, and what it says. */
  end(): Recognised | Ignored {
    const { path, modifiedAt } = this.file
    const read = this.outcome ?? this.content()
    if (typeof read === 'string') return { file: path, reason: IGNORED[read] }
    const incomplete = this.incomplete ?? this.reader?.incomplete
    return {
      ...{ path, content: read },
      ...(modifiedAt !== undefined && { modifiedAt }),
      ...(incomplete !== undefined && { incomplete }),
    }
  }

  private content(): Content | Nothing {
    if (this.reader) return this.reader.end()
    const octets = this.joined()
    if (!octets.length) return 'empty'
    const reader = readerOf(this.file.path, octets, this.now)
    if (typeof reader === 'string') return reader
    if (reader) {
      reader.push(octets)
      this.incomplete = reader.incomplete
      return reader.end()
    }
    const text = new TextDecoder().decode(octets)
    return text.trim() ? (readWhole(this.file.path, text) ?? 'unknown') : 'empty'
  }

  /** By its beginning; what no reader knows is held until its end. */
  private choose(): void {
    const octets = this.joined()
    const reader = readerOf(this.file.path, octets, this.now)
    if (typeof reader === 'string') this.stop(reader)
    else if (reader) {
      this.reader = reader
      this.held = []
      this.read(reader, octets)
    } else this.held = [octets]
  }

  private read(reader: ContentReader, octets: Uint8Array): boolean {
    // The last octet first: it ends most comparisons at once.
    this.zeros = isZero(octets) ? this.zeros + octets.length : 0
    if (this.zeros > MOST_ZEROS) this.incomplete = ZEROS
    return this.zeros > 0 ? this.incomplete === undefined : reader.push(octets)
  }

  private stop(why: Nothing): void {
    this.outcome = why
    this.held = []
  }

  private joined(): Uint8Array {
    return this.held.length === 1 && this.held[0] ? this.held[0] : Buffer.concat(this.held)
  }
}

/** Whether there is nothing but zeros: the last octet says no at once, except where there may be. */
const isZero = (octets: Uint8Array): boolean =>
  octets.at(-1) === 0 && octets.every((octet) => octet === 0)

/** By how a file begins: what reads it piece by piece, or why it says nothing; undefined where only the whole tells. */
function readerOf(
  path: string,
  octets: Uint8Array,
  now: number,
): ContentReader | Nothing | undefined {
  if (CaptureReader.reads(octets)) return new CaptureReader()
  const begin = octets.subarray(0, TEXT_HEAD)
  if (isUtf16(begin)) return 'utf16'
  const head = new TextDecoder().decode(octets.subarray(0, HEAD))
  if (ExportReader.reads(head)) return new ExportReader(path)
  if (begin.includes(0)) return 'binary'
  return journalReader(path, head) ?? textLogReader(path, head, { now })
}

const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

function readWhole(path: string, text: string): Content | undefined {
  return (
    readJson(text) ??
    readProbe(text) ??
    readSightings(path, text) ??
    readConfig(text) ??
    readHaproxy(text) ??
    readDump(text)
  )
}

const CONFIGS: readonly (readonly [RegExp, ConfigFile['kind']])[] = [
  [/^[ \t]*virtual_server(?:_group)?[ \t]/m, 'lvs'],
  [/^[ \t]*vrrp_instance[ \t]+\S+[ \t]*\{/m, 'keepalived'],
  [/^# Configuration for (?:loadbalancer|listener) |^(?:frontend|backend) \S+[^{]*$/m, 'haproxy'],
  [/^[ \t]*amphora_id[ \t]*=/m, 'agent'],
  [/^\[(?:api_settings|controller_worker|health_manager|oslo_messaging)\]/m, 'controller'],
  [/^\[amphora_agent\]/m, 'agent'],
]

function readConfig(text: string): Content | undefined {
  // Dumps of keepalived quote its configuration's words, but never its braces.
  const [, config] = CONFIGS.find(([pattern]) => pattern.test(text)) ?? []
  return config && { kind: 'config', config, text }
}

function readHaproxy(text: string): Content | undefined {
  if (!/^(?:# pxname,|Name: HAProxy)/m.test(text)) return undefined
  const { info, stat } = parseHaproxyAnswers(text)
  return info || stat
    ? { kind: 'haproxy', ...(info && { info }), ...(stat && { stat }) }
    : undefined
}

function readDump(text: string): Content | undefined {
  if (!/^ ?VRRP Instance(?: = |: )\S/m.test(text)) return undefined
  return { kind: 'dump', dump: parseDump(text) }
}

function readJson(text: string): Content | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  const interfaces = /"ifname"/.test(text) ? parseInterfaces(text) : undefined
  if (interfaces?.length) return { kind: 'addresses', interfaces }
  try {
    const dump = parseDump(text)
    return dump.instances.length ? { kind: 'dump', dump } : undefined
  } catch {
    return undefined
  }
}
