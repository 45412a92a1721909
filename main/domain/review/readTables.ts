import type { VrrpPacket } from '../../../preload/contract/inspect'
import type { ProbeSample } from '../../../preload/contract/pair'
import { PcapReader } from '../amphora/pcap'
import { decodeVrrp } from '../amphora/vrrpPacket'
import type { Content, ContentReader, Nothing, Sighting } from './evidence'

const PROBE = /^(\d{9,11}\.\d{1,9}),(\d{9,11}\.\d{1,9}),([\w .-]{1,64}),([^\n]{0,80})/
const HEADING = /^-{3} (\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?: |$)/
const BRIEF =
  /^(?:(\S{1,255}): )?([\w.-]{1,32})(?:@\S{1,32})? +(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT)\s(.{0,2000})$/
const ADDRESS = /^[0-9a-fA-F.:]{2,45}\/\d{1,3}$/

/** Reads what a probe of the VIP wrote: `start,end,result,body`, times in seconds since the epoch, `ok` for a good answer. */
export function readProbe(text: string): Content | undefined {
  const lines = text.split('\n')
  if (!PROBE.test(lines[0] ?? '') && !PROBE.test(lines[1] ?? '')) return undefined
  const samples = lines.flatMap((line, sequence): ProbeSample[] => {
    const [, start, end, result, body = ''] = PROBE.exec(line) ?? []
    if (start === undefined || end === undefined || result === undefined) return []
    const at = Math.round(Number(start) * 1e4) / 10
    const ok = result === 'ok'
    return [
      {
        ...{ sequence, at, ok, durationMs: Math.max(0, Number(end) * 1000 - at) },
        ...(ok ? { body } : { error: result }),
      },
    ]
  })
  return { kind: 'probe', samples }
}

/** Reads `ip -br address`, alone or of several machines at marked moments: `--- 08:39:10.155 what`, `amp1: eth1@if4 UP 10.77.1.11/24`. */
export function readSightings(path: string, text: string): Content | undefined {
  const sightings: Sighting[] = []
  let timeOfDay: number | undefined
  let strange = 0
  for (const [index, line] of text.split('\n').entries()) {
    const [heading, hours, minutes, seconds, fraction] = HEADING.exec(line) ?? []
    if (heading) {
      const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
      timeOfDay = (whole + Number(`0${fraction ?? ''}`)) * 1000
      continue
    }
    const [, label, name, state, rest = ''] = BRIEF.exec(line) ?? []
    if (name === undefined || state === undefined) {
      strange += line.trim() ? 1 : 0
      continue
    }
    sightings.push({
      ...{
        interface: name,
        state,
        addresses: rest.split(/\s+/).filter((word) => ADDRESS.test(word)),
      },
      ...(label !== undefined && { label }),
      ...(timeOfDay !== undefined && { timeOfDay }),
      place: { file: path, line: index + 1, text: line },
    })
  }
  return sightings.length > strange ? { kind: 'sightings', sightings } : undefined
}

/** Reads a capture of libpcap in pieces of any size. Packets other than VRRP's are passed over. */
export class CaptureReader implements ContentReader {
  incomplete?: string
  private readonly reader = new PcapReader()
  private readonly packets: VrrpPacket[] = []

  /** Whether a file begins as a capture does. */
  static reads(head: Uint8Array): boolean {
    const reader = new PcapReader()
    reader.read(head.subarray(0, HEADER))
    return reader.linkType !== undefined
  }

  push(octets: Uint8Array): boolean {
    const { reader } = this
    for (const { at, octets: frame } of reader.read(octets)) {
      const packet = reader.linkType === undefined ? undefined : decodeVrrp(frame, reader.linkType)
      if (packet) this.packets.push({ at, ...packet })
    }
    if (reader.isBroken) this.incomplete = 'the capture is damaged: read up to there'
    else if (this.packets.length > MOST_PACKETS) this.incomplete = 'more adverts than can be held'
    return this.incomplete === undefined
  }

  end(): Content | Nothing {
    return this.packets.length ? { kind: 'capture', packets: this.packets } : 'noVrrp'
  }
}

/** Of a file of libpcap, without its packets. */
const HEADER = 24
/** Of two machines for a week. */
const MOST_PACKETS = 1_000_000
