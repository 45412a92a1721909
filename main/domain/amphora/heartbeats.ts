/** Where datagrams went, and how many. */
export interface Heartbeats {
  targets: { address: string; count: number }[]
}

const PACKET =
  /^\d{9,11}(?:\.\d{1,9})? (?:[\w@.-]{1,20} {1,4}(?:In|Out|[BMP]) {1,4})?IP6? [0-9A-Fa-f.:%\w]{2,60} > ([0-9A-Fa-f.:]{2,45})\.\d{1,5}: /

/**
 * Heartbeats as `tcpdump -n -tt -q udp and dst port 5555` tells them, with or without the interface that `-i any` adds
 * (tcpdump 4.99). Addresses come without their ports.
 *
 * @param problems what tcpdump wrote on standard error: only with its heading there was a capture at all
 * @returns undefined when nothing was captured because tcpdump did not get that far
 */
export function parseHeartbeats(answer: string, problems: string): Heartbeats | undefined {
  const counts = new Map<string, number>()
  for (const line of answer.split('\n')) {
    const address = PACKET.exec(line)?.[1]
    if (address !== undefined) counts.set(address, (counts.get(address) ?? 0) + 1)
  }
  if (!counts.size && !/^listening on |\blistening on /m.test(problems)) return undefined
  return { targets: Array.from(counts, ([address, count]) => ({ address, count })) }
}
