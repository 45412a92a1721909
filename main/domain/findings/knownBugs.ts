import type { Proof } from '../../../preload/contract/finding'
import { readHaproxyText } from './haproxyText'
import { mapFact, valueOf } from '../fact'
import { quoteAmphora, quoteApi, quoteFile } from './proof'
import { eachSide, inspected, type Reading, type Side } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged } from './verdict'

/** A fault that a later release mends: the release that has it, and the sign of it in the facts. */
interface KnownBug {
  /** `bug.<what>` */
  id: string
  modes: readonly number[]
  component: 'agent' | 'keepalived' | 'haproxy'
  /** Up to this one, itself not included: numbers of Octavia or of the program. */
  fixedIn: string
  severity: 'low' | 'info'
  /** What shows that this amphora can meet it; undefined when nothing does. */
  sign: (side: Side, reading: Reading) => Proof | undefined
}

/** By the release notes of Octavia 2024.2. */
const BUGS: readonly KnownBug[] = [
  {
    id: 'bug.ssl-cache-size',
    modes: [40],
    component: 'agent',
    fixedIn: '15.1.0',
    severity: 'low',
    sign: sslCacheLine,
  },
  {
    id: 'bug.udp-rebalance',
    modes: [43],
    component: 'agent',
    fixedIn: '15.1.0',
    severity: 'info',
    sign: (side, { enabledListeners, facts }) => {
      const listener = valueOf(enabledListeners)?.find(({ protocol }) => protocol === 'UDP')
      return (
        listener &&
        quoteApi(`GET /v2/lbaas/listeners/${listener.id}`, 'protocol', 'UDP', facts.detail)
      )
    },
  },
  {
    id: 'bug.heartbeat-update',
    modes: [27],
    component: 'agent',
    fixedIn: '15.1.0',
    severity: 'low',
    sign: (side) => {
      const heartbeats = inspected(side, ({ agent }) => agent.heartbeats)
      const settings = valueOf(inspected(side, ({ agent }) => agent.settings))
      const wanted = settings?.['health_manager.controller_ip_port_list']
      const other = valueOf(heartbeats)?.targets.find(
        ({ address, count }) => count > 0 && wanted && !wanted.includes(hostOf(address)),
      )
      return (
        other &&
        quoteAmphora(
          side.id,
          'tcpdump udp port 5555',
          `to ${other.address}: ${other.count}`,
          heartbeats,
        )
      )
    },
  },
]

/** Rules about faults of the release an amphora runs. */
export const knownBugRules: readonly Rule[] = BUGS.map((bug) => ({
  id: bug.id,
  modes: bug.modes,
  judge: eachSide((side, reading) => {
    const versions = inspected(side, ({ system }) => system.versions)
    const version = mapFact(versions, (all) => all[bug.component])
    return judged(
      side.subject,
      { system: 'value' in version && !version.value ? { unknown: 'notMeasured' } : version },
      () => {
        const running = valueOf(version) ?? ''
        const sign = isBefore(running, bug.fixedIn) && bug.sign(side, reading)
        if (!sign) return fine
        return holds(
          bug.severity,
          side.subject,
          { amphora: side.id, version: running.slice(0, 60), fixedIn: bug.fixedIn },
          [sign, quoteAmphora(side.id, `${bug.component} --version`, running, versions)],
        )
      },
    )
  }),
}))

/** Compares releases number by number; what carries none is not before anything. */
function isBefore(version: string, other: string): boolean {
  const mine = /\d{1,6}(?:\.\d{1,6}){0,3}/.exec(version)?.[0].split('.').map(Number)
  if (!mine) return false
  const theirs = other.split('.').map(Number)
  for (const [index, number] of theirs.entries()) {
    const here = mine[index] ?? 0
    if (here !== number) return here < number
  }
  return false
}

function sslCacheLine(side: Side): Proof | undefined {
  for (const file of valueOf(side.files) ?? []) {
    const line = file.kind === 'haproxy' ? readHaproxyText(file).sslCacheLine : 0
    if (line) return quoteFile(side.id, file, line, side.files)
  }
  return undefined
}

/** An address without its port. */
const hostOf = (address: string): string => address.replace(/(?<=[\d\]]):\d{1,5}$/, '')
