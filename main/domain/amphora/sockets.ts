import type { Socket } from '../../../preload/contract/inspect'

const STATES =
  /^(?:LISTEN|UNCONN|ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-1|FIN-WAIT-2|TIME-WAIT|CLOSE-WAIT|LAST-ACK|CLOSING|CLOSED|UNKNOWN)$/
const PROTOCOLS: Readonly<Record<string, Socket['protocol']>> = {
  tcp: 'tcp',
  udp: 'udp',
  raw: 'raw',
  icmp6: 'raw',
}
const PROCESS = /users:\(\("([^"\n]{0,64})",(?:pid=)?(\d{1,10})/

/**
 * Sockets as `ss -n` tells them. Works with and without the heading; lines of anything else are left out. A socket that
 * was told twice is there once. Lines that do not name their protocol were asked for by one: listeners count as TCP.
 *
 * @returns undefined when no heading and no socket is in the text
 */
export function parseSockets(answer: string): Socket[] | undefined {
  const found = new Map<string, Socket>()
  let isAnswer = false
  for (const line of answer.split('\n')) {
    if (/^(?:Netid|State)\s/.test(line)) isAnswer = true
    const words = line.trim().split(/\s+/, 6)
    if (STATES.test(words[0] ?? '')) words.unshift('')
    const [netid = '', state = '', received = '', , local, remote] = words
    if (!STATES.test(state) || !/^\d+$/.test(received)) continue
    if (local === undefined || remote === undefined) continue
    const [, process, pid] = PROCESS.exec(line) ?? []
    isAnswer = true
    const unnamed = state === 'UNCONN' ? 'other' : 'tcp'
    found.set(`${netid} ${state} ${local} ${remote} ${pid ?? ''}`, {
      protocol: netid ? (PROTOCOLS[netid] ?? 'other') : unnamed,
      state,
      local,
      remote,
      ...(process !== undefined && { process }),
      ...(pid !== undefined && { pid: Number(pid) }),
    })
  }
  return isAnswer ? [...found.values()] : undefined
}
