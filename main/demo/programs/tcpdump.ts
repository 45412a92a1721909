import type { Passing } from '../amphora/wire'
import type { Machine } from '../amphora/machine'
import { epochTime } from '../timestamps'
import { hangUp, type Invocation, type Program } from './program'

/** `tcpdump`: heartbeats as text on the management side, VRRP as a capture file inside the namespace. */
export const tcpdump: Program = async (call) => {
  const value = (option: string) => call.argv[call.argv.indexOf(option) + 1]
  if (!call.root) {
    call.err(
      "tcpdump: any: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
    )
    return 1
  }
  const device = value('-i') ?? 'eth0'
  if (call.inNamespace && !['any', 'lo', 'eth1', 'eth2'].includes(device)) {
    call.err(`tcpdump: ${device}: No such device exists\n(No such device exists)\n`)
    return 1
  }
  return call.inNamespace && call.argv.includes('-w')
    ? captureVrrp(call, device)
    : watchHeartbeats(call, device, Number(value('-c') ?? 0))
}

async function watchHeartbeats(call: Invocation, device: string, limit: number): Promise<number> {
  call.err(
    `tcpdump: data link type LINUX_SLL2\ntcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on ${device}, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes\n`,
  )
  const full = new AbortController()
  let count = 0
  const stop = call.machine.agent.follow(({ at, from, port, to, length }) => {
    count += 1
    call.out(`${epochTime(at)} eth0  Out IP ${from}.${port} > ${to}.5555: UDP, length ${length}\n`)
    if (limit && count >= limit) full.abort()
  })
  await hangUp(AbortSignal.any([call.signal, full.signal]))
  stop()
  call.err(
    `${count} packets captured\n${count} packets received by filter\n0 packets dropped by kernel\n`,
  )
  return 0
}

async function captureVrrp(call: Invocation, device: string): Promise<number> {
  const { machine } = call
  call.err(
    `tcpdump: listening on ${device}, link-type EN10MB (Ethernet), snapshot length 512 bytes\n`,
  )
  call.raw?.(fileHeader())
  const stop =
    device === 'eth1'
      ? machine.wire.tap(machine.spec.vrrpAddress, (passing) => {
          call.raw?.(frame(machine, passing))
        })
      : () => undefined
  await hangUp(call.signal)
  stop()
  return 0
}

/** libpcap's classic format: little-endian, microseconds, Ethernet. */
function fileHeader(): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(512, 16)
  header.writeUInt32LE(1, 20)
  return header
}

function frame(machine: Machine, passing: Passing): Buffer {
  const { spec, clock } = machine
  const packet = Buffer.concat([ethernet(machine, passing), ip(passing), vrrp(machine, passing)])
  const header = Buffer.alloc(16)
  const now = clock.now()
  header.writeUInt32LE(Math.floor(now / 1000), 0)
  header.writeUInt32LE(Math.floor((now % 1000) * 1000), 4)
  header.writeUInt32LE(packet.length, 8)
  header.writeUInt32LE(packet.length, 12)
  return spec.vip ? Buffer.concat([header, packet]) : Buffer.alloc(0)
}

const PEER_MAC = 'fa:16:3e:00:30:02'

function ethernet({ spec }: Machine, { from }: Passing): Buffer {
  const sent = from === spec.vrrpAddress
  const octets = (mac: string) => Buffer.from(mac.replaceAll(':', ''), 'hex')
  const [source, destination] = sent ? [spec.vrrpMac, PEER_MAC] : [PEER_MAC, spec.vrrpMac]
  return Buffer.concat([octets(destination), octets(source), Buffer.from([8, 0])])
}

const address = (text: string): Buffer => Buffer.from(text.split('.').map(Number))

/** Version 2 with one address and a password: eight, four and eight octets. */
const VRRP_LENGTH = 20

function ip({ from, to }: Passing): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45, 0)
  header.writeUInt8(0xc0, 1)
  header.writeUInt16BE(20 + VRRP_LENGTH, 2)
  header.writeUInt8(255, 8)
  header.writeUInt8(112, 9)
  address(from).copy(header, 12)
  address(to).copy(header, 16)
  header.writeUInt16BE(checksum(header), 10)
  return header
}

function vrrp({ spec }: Machine, { priority }: Passing): Buffer {
  const message = Buffer.alloc(VRRP_LENGTH)
  message.set([0x21, 1, priority, 1, 1, 1], 0)
  address(spec.vip).copy(message, 8)
  message.write(spec.authPass, 12, 8, 'latin1')
  message.writeUInt16BE(checksum(message), 6)
  return message
}

function checksum(octets: Buffer): number {
  let sum = 0
  for (let at = 0; at < octets.length; at += 2) sum += octets.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
