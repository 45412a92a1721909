import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PcapReader } from '../../../../../main/domain/amphora/pcap'
import { decodeVrrp, describeVrrp } from '../../../../../main/domain/amphora/vrrpPacket'

const octets = new Uint8Array(readFileSync('test/fixtures/amphora/vrrp.pcap'))
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

function decodeAll(capture: Uint8Array, sizes = capture.length) {
  const reader = new PcapReader()
  const packets = []
  for (let at = 0; at < capture.length; at += sizes) {
    for (const { at: time, octets: frame } of reader.read(capture.subarray(at, at + sizes))) {
      const packet = decodeVrrp(frame, reader.linkType!)
      if (packet) packets.push({ at: time, ...packet })
    }
  }
  return { reader, packets }
}

describe('VRRP in a capture', () => {
  it('is decoded, ARP left out', () => {
    const { packets } = decodeAll(octets)
    expect(packets.length).toBeGreaterThan(2)
    expect(packets[0]).toMatchObject({
      ...{ source: '10.77.1.11', destination: '10.77.1.12', version: 2, virtualRouterId: 1 },
      ...{ priority: 100, advertInterval: 1, addresses: ['10.77.1.100'], ttl: 255 },
      ...{ authentication: 'password', checksumRight: true },
    })
    expect(new Date(packets[0]!.at).getUTCFullYear()).toBe(2026)
  })

  it.each([1, 7, 24, 41])('is the same in pieces of %d octets', (size) => {
    expect(decodeAll(octets, size).packets).toEqual(decodeAll(octets).packets)
  })

  it('is described without its password', () => {
    const line = describeVrrp(decodeAll(octets).packets[0]!)
    expect(line).toMatch(
      /^\d{10}\.\d{6} 10\.77\.1\.11 > 10\.77\.1\.12: VRRPv2, Advertisement, \(ttl 255\), vrid 1, prio 100, authtype simple, intvl 1s, addrs: 10\.77\.1\.100$/,
    )
  })

  it('shows a wrong checksum', () => {
    const broken = octets.slice()
    const at = 24 + 16 + 14 + 20 + 2
    broken[at] = 101
    const [first] = decodeAll(broken).packets
    expect(first).toMatchObject({ priority: 101, checksumRight: false })
    expect(describeVrrp(first!)).toContain('(bad vrrp cksum)')
  })

  it('is read in big-endian with nanoseconds', () => {
    const frame = octets.subarray(40, 40 + 54)
    const header = Buffer.alloc(40)
    header.writeUInt32BE(0xa1b23c4d, 0)
    header.writeUInt32BE(1, 20)
    header.writeUInt32BE(1795000000, 24)
    header.writeUInt32BE(5_000_000, 28)
    header.writeUInt32BE(frame.length, 32)
    const { packets } = decodeAll(new Uint8Array(Buffer.concat([header, frame])))
    expect(packets).toEqual([expect.objectContaining({ at: 1795000000005, priority: 100 })])
  })

  it('is found behind other headers, and in version 3 over both families', () => {
    const ip = '4500 0020 0000 0000 ff70 0000 0a000001 0a000002'
    const message = '31 07 64 01 0064 0000 0a000064'
    const four = `${ip} ${message}`
    for (const [linkType, head] of [
      [1, '0'.repeat(24) + '8100 0005 0800'],
      [113, '0'.repeat(28) + '0800'],
      [276, '0800' + '0'.repeat(36)],
      [101, ''],
    ] as const) {
      expect(decodeVrrp(hex(head + four), linkType)).toMatchObject({
        ...{ version: 3, virtualRouterId: 7, advertInterval: 1, authentication: 'none' },
        ...{ addresses: ['10.0.0.100'], checksumRight: false },
      })
    }
    const six = `60000000 0018 70 ff ${'fe80' + '0'.repeat(27) + '1'} ${'ff02' + '0'.repeat(26) + '12'} 31 07 64 01 0064 0000 ${'fd00' + '0'.repeat(27) + '9'}`
    expect(decodeVrrp(hex(six), 101)).toMatchObject({
      ...{ source: 'fe80::1', destination: 'ff02::12', addresses: ['fd00::9'] },
    })
  })

  it('is nothing where it is cut, no advertisement, or a later fragment', () => {
    const frame = octets.subarray(40, 40 + 54)
    for (let length = 0; length < 54; length += 1) {
      expect(decodeVrrp(frame.subarray(0, length), 1)).toBeUndefined()
    }
    const fragment = frame.slice()
    fragment[21] = 5
    expect(decodeVrrp(fragment, 1)).toBeUndefined()
    expect(decodeVrrp(frame, 9)).toBeUndefined()
  })

  it('ends at what is no capture', () => {
    const { reader } = decodeAll(new TextEncoder().encode('tcpdump: no such device exists\n'))
    expect(reader.isBroken).toBe(true)
    const huge = octets.slice()
    huge.set([255, 255, 255, 255], 24 + 8)
    expect(decodeAll(huge).reader.isBroken).toBe(true)
    expect(reader.read(octets)).toEqual([])
  })
})
