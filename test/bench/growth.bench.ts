import { readFileSync } from 'node:fs'
import { parseInterfaces, parseNeighbours } from '../../main/domain/amphora/ipAnswers'
import { parseStat } from '../../main/domain/amphora/haproxyAnswers'
import { parseKernelMessages } from '../../main/domain/amphora/logs'
import { PcapReader } from '../../main/domain/amphora/pcap'
import { parseSockets } from '../../main/domain/amphora/sockets'
import { parseKeepalived } from '../../main/domain/config/keepalived'
import { diagnose } from '../../main/domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../main/domain/findings/facts'
import { parseDump } from '../../main/domain/keepalived/dump'
import { redact } from '../../main/domain/redact'
import { inspection, side, value } from '../unit/main/domain/findings/draft'
import { healthyFacts } from '../unit/main/domain/findings/healthyFacts'
import { capture } from '../unit/main/domain/captures'
import { median, say, timed } from './sideBySide'

const LARGEST = 100
const ROUNDS = 12
/** The first rounds, until the engine has compiled what it is given, count for nothing. */
const UNCOUNTED = 5

/** Makes what is so many times as large as one, and answers the work on it. */
type Growing = (times: number) => () => unknown

/** The same text again and again. */
const text =
  (one: string, parse: (text: string) => unknown): Growing =>
  (times) => {
    const all = one.repeat(times)
    return () => parse(all)
  }

/** A list in JSON with its elements again and again. */
const json = (one: string, parse: (text: string) => unknown): Growing => {
  const list = JSON.parse(one) as unknown[]
  return (times) => {
    const all = JSON.stringify(Array.from({ length: times }, () => list).flat())
    return () => parse(all)
  }
}

/** A comma-separated table with its rows again and again. */
const table = (one: string, parse: (text: string) => unknown): Growing => {
  const [head = '', ...rows] = one.split('\n').filter(Boolean)
  return (times) => {
    const all = `${head}\n${`${rows.join('\n')}\n`.repeat(times)}`
    return () => parse(all)
  }
}

/** A capture with its packets again and again, as chunks of a connection bring it. */
const packets: Growing = (times) => {
  const octets = readFileSync('test/fixtures/amphora/vrrp.pcap')
  const all = Buffer.concat([
    octets.subarray(0, 24),
    ...Array.from({ length: times }, () => octets.subarray(24)),
  ])
  return () => {
    const reader = new PcapReader()
    let read = 0
    for (let from = 0; from < all.length; from += 4096)
      read += reader.read(all.subarray(from, from + 4096)).length
    return read
  }
}

/** All rules, on a pair with so many times the members, the sockets and the lines of its log. */
const rules: Growing = (times) => {
  const facts = healthyFacts()
  const again = <T>(all: T[]): T[] => Array.from({ length: times }, () => all).flat()
  const pool = value(facts.detail).pools[0]!
  pool.members = again(pool.members).map((member, index) => ({ ...member, id: `${index}` }))
  for (const index of [0, 1]) {
    const { haproxy, namespace } = inspection(facts, index)
    const rows = value(haproxy.stat)
    rows.push(...again(rows.filter(({ kind }) => kind === 'server')))
    namespace.sockets = { ...namespace.sockets, value: again(value(namespace.sockets)) }
    const lines = side(facts, index).lines
    side(facts, index).lines = { ...lines, value: again(value(lines)) }
  }
  return () => diagnose(facts as LoadBalancerFacts)
}

const stat = capture('amphora/haproxy.txt')
const WORK: Record<string, Growing> = {
  'rules: all of them': rules,
  'keepalived.conf': text(
    capture('configurations/http-tls-l7-prom/octavia-keepalived.amp1.MASTER.conf'),
    (all) => parseKeepalived(all).instances,
  ),
  'keepalived dump': text(capture('pair/keepalived.data'), parseDump),
  'show stat': table(stat.slice(stat.indexOf('# pxname')).split('\n\n')[0] ?? '', parseStat),
  'ip -j address': json(capture('amphora/links.json'), parseInterfaces),
  'ip -j neighbour': json(capture('amphora/neighbours.json'), parseNeighbours),
  sockets: text(capture('amphora/ss.txt'), parseSockets),
  'kernel messages': text(
    '1795345415.5 amphora kernel: Out of memory: Killed process 105\n',
    parseKernelMessages,
  ),
  'VRRP packets': packets,
  'taking secrets out': text(capture('amphora/amphora-agent.conf'), redact),
}

for (const [name, growing] of Object.entries(WORK)) {
  const sizes = [1, 10, LARGEST].map((times) => ({
    times,
    work: growing(times),
    taken: [] as number[],
  }))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { times, work, taken } of sizes) {
      globalThis.gc?.()
      const milliseconds = await timed(() => {
        for (let again = 0; again < LARGEST / times; again += 1) work()
        return undefined
      })
      if (round >= UNCOUNTED) taken.push(milliseconds)
    }
  }
  const [one, ten, hundred] = sizes.map(({ taken }) => median(taken))
  say(
    `${name}: ${(hundred! / LARGEST).toFixed(3)} ms for each 1x; 10x ${(ten! / one!).toFixed(2)}, 100x ${(hundred! / one!).toFixed(2)} of what as much takes at 1x (goal 1.2)`,
  )
}
