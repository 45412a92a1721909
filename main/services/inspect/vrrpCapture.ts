import { AppError } from '../../../preload/contract/error'
import type { VrrpPacket } from '../../../preload/contract/inspect'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import { parseInterfaces } from '../../domain/amphora/ipAnswers'
import { PcapReader } from '../../domain/amphora/pcap'
import { decodeVrrp, describeVrrp } from '../../domain/amphora/vrrpPacket'
import { canonicalAddress } from '../../domain/ip'
import { failureOf } from '../requireSuccess'
import { inspectionCommands } from './commands'
import type { Reader } from './reader'

/** Octavia's name for the interface of the VIP's network. */
const VIP_DEVICE = 'eth1'
/** Exit status of `timeout`: the ten minutes are over. */
const TIME_IS_UP = 124

/**
 * The advertisements on the VIP interface, both ways, as they come. The evidence is what tcpdump would have printed:
 * without the password that is in the packets.
 * @throws AppError `ssh.commandMissing` without tcpdump, `ssh.sudo`, `ssh.lost`, `amphora.noNamespace`
 */
export async function* captureVrrp(
  reader: Reader,
  amphora: Amphora,
): AsyncGenerator<{ packets: readonly VrrpPacket[]; evidence: string }, void> {
  const { ask, signal } = reader
  const command = inspectionCommands.vrrpCapture(await findDevice(reader, amphora))
  const capture = new PcapReader()
  const chunks = ask.host.follow(command, signal)
  for (;;) {
    const startedAt = Date.now()
    const next = await chunks.next()
    if (next.done) {
      const failure = next.value.exit === TIME_IS_UP ? undefined : failureOf(next.value, command)
      if (failure && !signal.aborted) throw failure
      return
    }
    const frames = capture.read(next.value)
    if (capture.isBroken) throw AppError.because('answer.malformed', 'Not a capture file.')
    const packets = frames.flatMap(({ at, octets }): VrrpPacket[] => {
      const packet = decodeVrrp(octets, capture.linkType ?? 0)
      return packet ? [{ at: reader.ours(at), ...packet }] : []
    })
    if (!packets.length) continue
    const stdout = packets.map((packet) => `${describeVrrp(packet)}\n`).join('')
    const evidence = ask.note(command, { startedAt, endedAt: Date.now(), stdout, stderr: '' })
    yield { packets, evidence }
  }
}

/** The interface with the amphora's own address on the VIP's network. */
async function findDevice(reader: Reader, amphora: Amphora): Promise<string> {
  const { failure, stdout } = await reader.run(inspectionCommands.interfaces())
  const own = canonicalAddress(amphora.vrrpAddress ?? '')
  const found = (failure ? undefined : parseInterfaces(stdout))?.find(({ addresses }) =>
    addresses.some(({ address }) => canonicalAddress(address) === own),
  )
  return found?.name ?? amphora.vrrpInterface ?? VIP_DEVICE
}
