import type { ConfigFile } from '../../../preload/contract/inspect'
import { parseHaproxyAnswers } from '../amphora/haproxyAnswers'
import { parseInterfaces } from '../amphora/ipAnswers'
import { parseDump } from '../keepalived/dump'
import type { Content, EvidenceFile, Ignored, Recognised } from './evidence'
import { readJournal, readJournalExport, readTextLog } from './readLog'
import { readCapture, readProbe, readSightings } from './readTables'

/** Why a file says nothing, in words for the operator. */
const REASONS = {
  empty: 'the file is empty',
  binary: 'binary, and no capture of libpcap (pcapng: save it as pcap first)',
  unknown: 'no format that this command knows',
  controller: 'a configuration of the controller: no rule judges it',
  noVrrp: 'a capture without VRRP adverts',
} as const

/** So much of a file tells whether it is text. */
const HEAD = 8192

/**
 * Tells by the content what a file is, never by its name, and reads it. Never throws: whatever is damaged is ignored, or
 * read as far as it can be.
 *
 * @param now by any clock: dates stamps that leave out their year
 */
export function recognise(file: EvidenceFile, now: number): Recognised | Ignored {
  const { path, octets, modifiedAt } = file
  const read = octets.length ? readContent(path, octets, now) : 'empty'
  if (typeof read === 'string') return { file: path, reason: REASONS[read] }
  return { path, content: read, ...(modifiedAt !== undefined && { modifiedAt }) }
}

/** Whether the format of a file is known. */
export const isRecognised = (file: Recognised | Ignored): file is Recognised => 'content' in file

function readContent(
  path: string,
  octets: Uint8Array,
  now: number,
): Content | keyof typeof REASONS {
  const capture = readCapture(octets)
  if (capture?.kind === 'capture') return capture.packets.length ? capture : 'noVrrp'
  if (octets.subarray(0, HEAD).includes(0)) return 'binary'
  const text = new TextDecoder().decode(octets)
  if (!text.trim()) return 'empty'
  return (
    readJournal(path, text) ??
    readJournalExport(path, text) ??
    readJson(text) ??
    readProbe(text) ??
    readSightings(path, text) ??
    readConfig(text) ??
    readHaproxy(text) ??
    readDump(text) ??
    readTextLog(path, text, { now }) ??
    (CONTROLLER.test(text) ? 'controller' : 'unknown')
  )
}

const CONFIGS: readonly (readonly [RegExp, ConfigFile['kind']])[] = [
  [/^[ \t]*virtual_server(?:_group)?[ \t]/m, 'lvs'],
  [/^[ \t]*vrrp_instance[ \t]+\S+[ \t]*\{/m, 'keepalived'],
  [/^# Configuration for (?:loadbalancer|listener) |^(?:frontend|backend) \S+[^{]*$/m, 'haproxy'],
  [/^[ \t]*amphora_id[ \t]*=|^\[amphora_agent\]/m, 'agent'],
]
const CONTROLLER = /^\[(?:api_settings|controller_worker|health_manager|oslo_messaging)\]/m

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
