import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { controllersOf, parseAgentSettings } from '../../../../../main/domain/amphora/agentSettings'
import { parseCertificate } from '../../../../../main/domain/amphora/certificate'
import { parseContents, parseListing } from '../../../../../main/domain/amphora/files'
import { parseHaproxyAnswers } from '../../../../../main/domain/amphora/haproxyAnswers'
import { parseHeartbeats } from '../../../../../main/domain/amphora/heartbeats'
import * as ip from '../../../../../main/domain/amphora/ipAnswers'
import { parseComplaints, parseKernelMessages } from '../../../../../main/domain/amphora/logs'
import { PcapReader } from '../../../../../main/domain/amphora/pcap'
import { parseConntrack, parseUnitNames } from '../../../../../main/domain/amphora/services'
import { parseSockets } from '../../../../../main/domain/amphora/sockets'
import * as system from '../../../../../main/domain/amphora/system'
import { decodeVrrp } from '../../../../../main/domain/amphora/vrrpPacket'
import { damage, dice } from '../../../../support/damage'
import { capture } from '../captures'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122)

const PATHS = ['/etc/os-release', '/proc/loadavg']
const MACHINE =
  '==> /etc/os-release <==\nPRETTY_NAME="Debian GNU/Linux 12"\nNAME="Debian"\n\n==> /proc/loadavg <==\n1.19 1.90 1.71 1/855 3641\n' +
  'MemTotal: 100 kB\nMemAvailable: 50 kB\ncpu  1 2 3 4 5 6 7 8 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\nUserspaceTimestamp=Sun 2026-11-22 14:04:03 UTC\n'
const WORDS =
  'Filesystem     Type     1-blocks       Used  Available Capacity Mounted on\noverlay overlay 2705 2689 82048 25% /\n' +
  'Keepalived v2.2.7 (01/16,2022)\nHAProxy version 2.6.12-1+deb12u4 2026\nPython 3.11.2\n/x/octavia-11.0.0.egg-info\n'
const LOG =
  '1795345415.5 amphora kernel: Out of memory: Killed process 105\n2026-11-22T14:26:01+0000 a amphora-agent[80]: ERROR x\n' +
  '1795359379.074664 eth0  Out IP 10.77.0.215.30264 > 10.77.0.1.5555: UDP, length 314\n'
const FILES = `65:77 644 1795336527.5 46 /var/lib/octavia/plugged_interfaces\n${'a'.repeat(64)}  /a\n`
const CERTIFICATES = [
  'subject=CN = a\nissuer= /CN=ca/O=b\nserial=4E\nnotBefore=Nov 22 13:55:41 2026 GMT\nnotAfter=Dec 22 13:55:41 2026 GMT\n',
  capture('amphora/ca-certificate.openssl.txt'),
]

/** What is read, from what, and what has to be true of every answer beside not failing. */
const PARSERS: [string, readonly string[], number, (text: string) => void][] = [
  ['interfaces', [capture('amphora/links.json')], 6000, (text) => void ip.parseInterfaces(text)],
  ['routes', [capture('amphora/routes.json')], 6000, (text) => void ip.parseRoutes(text)],
  ['rules', [capture('amphora/rules.json')], 6000, (text) => void ip.parseRoutingRules(text)],
  [
    'neighbours',
    [capture('amphora/neighbours.json')],
    6000,
    (text) => void ip.parseNeighbours(text),
  ],
  ['sockets', [capture('amphora/ss.txt')], 10_000, (text) => void parseSockets(text)],
  [
    'haproxy',
    [capture('amphora/haproxy.txt')],
    5000,
    (text) => {
      for (const { proxy, name } of parseHaproxyAnswers(text).stat ?? [])
        if (!proxy || !name) throw new Error('a row of nobody')
    },
  ],
  [
    'settings',
    [capture('amphora/amphora-agent.conf')],
    10_000,
    (text) => {
      const { settings, heartbeatKey } = parseAgentSettings(text)
      if ('health_manager.heartbeat_key' in settings) throw new Error('a secret')
      if (heartbeatKey === '') throw new Error('an empty key')
      controllersOf(settings)
    },
  ],
  ['certificate', CERTIFICATES, 10_000, (text) => void parseCertificate(text, '/x')],
  [
    'files',
    [FILES],
    10_000,
    (text) => {
      for (const { path, size } of parseListing(text))
        if (!path.startsWith('/') || !Number.isFinite(size)) throw new Error('no file')
    },
  ],
  [
    'contents',
    [MACHINE],
    10_000,
    (text) => {
      for (const content of parseContents(text, PATHS).values())
        if (!text.includes(content)) throw new Error('invented words')
    },
  ],
  [
    'system',
    [MACHINE, WORDS],
    10_000,
    (text) => {
      for (const parse of Object.values(system)) parse(text)
      parseConntrack(text)
      parseUnitNames(text)
    },
  ],
  [
    'logs',
    [LOG],
    10_000,
    (text) => {
      parseComplaints(text)
      parseHeartbeats(text, text)
      for (const { at } of parseKernelMessages(text))
        if (!Number.isFinite(at)) throw new Error('no time')
    },
  ],
]

describe('with damaged input', () => {
  it.each(PARSERS)('%s keeps its word', (name, seeds, times, check) => {
    const roll = dice(SEED)
    for (let round = 0; round < times; round += 1) {
      const text = damage(seeds[roll(seeds.length)] ?? '', roll)
      try {
        check(text)
      } catch (error) {
        throw new Error(
          `${name}, FUZZ_SEED=${String(SEED)}, round ${String(round)}: ${JSON.stringify(text)}`,
          { cause: error },
        )
      }
    }
  })

  it('a capture of packets ends or goes on, and never fails', () => {
    const whole = new Uint8Array(readFileSync('test/fixtures/amphora/vrrp.pcap'))
    const roll = dice(SEED)
    for (let round = 0; round < 20_000; round += 1) {
      const octets = whole.slice(0, whole.length - roll(40))
      for (let times = roll(6); times > 0; times -= 1) octets[roll(octets.length)] = roll(256)
      const reader = new PcapReader()
      const cut = roll(octets.length)
      for (const piece of [octets.subarray(0, cut), octets.subarray(cut)]) {
        for (const { octets: frame } of reader.read(piece)) {
          for (const linkType of [1, 101, 113, 276]) decodeVrrp(frame, linkType)
        }
      }
    }
  })
})

describe('with endless input', () => {
  const time = (text: string): number => {
    const start = process.cpuUsage()
    for (const [, , , check] of PARSERS) check(text)
    return Math.max(20, process.cpuUsage(start).user / 1000)
  }
  const best = (text: string) => Math.min(time(text), time(text), time(text))

  it.each([
    ...['[', '{"dst":"a"},', '"', 'a,', '\n', ' ', '1 2 3 4 5 6 7 8 ', '# pxname,a,', '1\n', '='],
    ...['[a]\n', 'a=b\n', '==> /etc/os-release <==\n', '65:1 644 1.5 1 /', 'cpu0 ', '/CN=', 'a: '],
    ...['LISTEN 0 ', '0x1: [', 'Name: x\n', 'MemTotal: ', 'overlay overlay 1 ', '1.5 a kernel: '],
  ])('of %j, no parser takes more than its share', (unit) => {
    const of = (length: number) => unit.repeat(Math.ceil(length / unit.length))
    // Eight times the input takes eight times as long; squared growth would be sixty-four times.
    expect(best(of(400_000)) / best(of(50_000))).toBeLessThan(32)
  })
})
