import type { ConfigFile } from '../../../preload/contract/inspect'
import { readHaproxyText } from './haproxyText'
import { mapFact, valueOf } from '../fact'
import { quoteAmphora, quoteFile } from './proof'
import { eachSide, hasJustBooted, inspected, whole, type Reading, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged, listed, unjudged } from './verdict'

/** A change reaches both files, and the next comparison, within this. */
const CHANGED_MS = 60_000

const LVS_COMPARISONS: readonly string[] = ['lvs', 'lvsApi']

/** What is configured differs between the amphorae, or from the API. */
const drift: Rule = {
  id: 'haproxy.drift',
  modes: [37, 38],
  judge: whole((reading) => driftOf(reading, ['haproxy', 'haproxyApi'])),
}

/** What UDP and SCTP are balanced by differs, where anything is. */
const lvsDrift: Rule = {
  id: 'lvs.drift',
  modes: [37, 38],
  judge: whole((reading) =>
    reading.facts.comparisons?.some(({ what }) => LVS_COMPARISONS.includes(what))
      ? driftOf(reading, LVS_COMPARISONS)
      : undefined,
  ),
}

/** keepalived's configuration differs where no rule above names the setting. */
const vrrpDrift: Rule = {
  id: 'vrrp.config-drift',
  modes: [37, 38],
  judge: whole((reading) =>
    reading.isPair ? driftOf(reading, ['keepalived', 'keepalivedApi']) : undefined,
  ),
}

/** The peers section names fewer amphorae than the pair has. */
const peersIncomplete: Rule = {
  id: 'haproxy.peers-incomplete',
  modes: [39],
  explains: ['haproxy.peers-apart'],
  judge: eachSide((side, reading) => {
    if (!reading.isPair) return undefined
    if (reading.pending) return unjudged(side.subject, 'haproxyConfig', 'notYet')
    return judged(side.subject, { haproxyConfig: configOf(side) }, ({ haproxyConfig: file }) => {
      const { peers, peersLine } = readHaproxyText(file)
      if (!peersLine || peers >= 2) return fine
      return holds('medium', side.subject, { amphora: side.id, peers }, [
        quoteFile(side.id, file, peersLine, side.files),
      ])
    })
  }),
}

/** haproxy refused what the controller sent, and the load balancer is in ERROR for it: it runs with the configuration of before. */
const configRefused: Rule = {
  id: 'haproxy.config-refused',
  modes: [41],
  explains: ['lb.error'],
  judge: eachSide((side, { facts }) => {
    const complaints = inspected(side, ({ agent }) => agent.complaints)
    return judged(
      side.subject,
      { agent: complaints, loadBalancer: facts.detail },
      ({ agent: lines, loadBalancer: { loadBalancer } }) => {
        const refused = lines.findLast((line) => REFUSED.test(line))
        // The agent's log keeps old complaints; only the API tells that the last change failed.
        if (refused === undefined || loadBalancer.provisioningStatus !== 'ERROR') return fine
        return holds('high', side.subject, { amphora: side.id }, [
          quoteAmphora(side.id, 'amphora-agent.service', refused, complaints),
        ])
      },
    )
  }),
}

/** Lines that no template of Octavia writes. */
const foreignLines: Rule = {
  id: 'haproxy.foreign-lines',
  modes: [42],
  judge: eachSide((side) =>
    judged(side.subject, { haproxyConfig: configOf(side) }, ({ haproxyConfig: file }) => {
      const { foreign } = readHaproxyText(file)
      const [first] = foreign
      if (first === undefined) return fine
      return holds(
        'low',
        side.subject,
        { amphora: side.id, lines: foreign.length, line: first },
        foreign.slice(0, 4).map((line) => quoteFile(side.id, file, line, side.files)),
      )
    }),
  ),
}

/** Rules about haproxy.cfg, and about what is compared with it. */
export const haproxyConfigRules: readonly Rule[] = [
  drift,
  lvsDrift,
  vrrpDrift,
  peersIncomplete,
  configRefused,
  foreignLines,
]

/** One verdict for each comparison of these kinds. */
function driftOf(reading: Reading, kinds: readonly string[]): readonly Verdict[] {
  const { comparisons, loadBalancerId, detail } = reading.facts
  const name = 'value' in detail ? detail.value.loadBalancer.name : ''
  const compared = comparisons?.filter(({ what }) => kinds.includes(what))
  const about = { kind: 'loadBalancer', id: loadBalancerId } as const
  if (!compared?.length) return [unjudged(about, 'comparison', 'notMeasured')]
  if (changes(reading) || isIncomplete(reading)) return [unjudged(about, 'comparison', 'notYet')]
  return compared.map((fact) => {
    const { amphoraId, what } = fact
    const subject = amphoraId
      ? ({ kind: 'amphora', id: amphoraId } as const)
      : ({ kind: 'pair', id: loadBalancerId, ...(name && { name }) } as const)
    return judged(subject, { comparison: fact }, ({ comparison: { left, right, differences } }) => {
      const unexpected = differences.filter(({ kind }) => kind === 'drift')
      const [first] = unexpected
      if (!first) return fine
      return holds(
        // Nobody loses anything when the amphorae agree with each other on more than the API wants.
        unexpected.some(({ left: here, right: there }) => here === undefined || there === undefined)
          ? 'high'
          : 'medium',
        subject,
        {
          left: left.title,
          right: right.title,
          count: unexpected.length,
          what: listed(unexpected.map(({ path }) => path)),
          comparison: what,
        },
        unexpected
          .slice(0, 3)
          .flatMap((difference) => [
            proofOf(left, difference.left, difference.leftLine, difference.path),
            proofOf(right, difference.right, difference.rightLine, difference.path),
          ]),
      )
    })
  })
}

/** Whether an amphora is being replaced: files name both of a pair, and one of them is gone or not there yet. */
function isIncomplete({ facts, isPair, sides }: Reading): boolean {
  const serving = valueOf(facts.amphorae)?.filter(({ status }) => status === 'ALLOCATED')
  return (
    (isPair && serving !== undefined && serving.length !== 2) ||
    sides.some((side) => hasJustBooted(side, facts.now))
  )
}

/** Whether the controller changes something, or has a moment ago: file and API were then read at different moments. */
function changes({ facts, pending }: Reading): boolean {
  if (pending || !('value' in facts.detail)) return pending
  const { loadBalancer, listeners, pools } = facts.detail.value
  const parts = [loadBalancer, ...listeners, ...pools, ...pools.flatMap(({ members }) => members)]
  return parts.some(
    ({ updatedAt, createdAt }) => facts.now - (updatedAt ?? createdAt ?? 0) < CHANGED_MS,
  )
}

function proofOf(
  { title, evidence }: { title: string; evidence?: string },
  value: string | undefined,
  line: number | undefined,
  path: string,
) {
  const of = { unknown: 'notMeasured', ...(evidence !== undefined && { evidence }) } as const
  return {
    ...quoteAmphora('', title, `${path}: ${value ?? '–'}`, of),
    source: title,
    ...(line !== undefined && { line }),
  }
}

/** haproxy.cfg, where it was read; old releases have one for each listener, and the first stands for all. */
const configOf = (side: Side) => {
  const files = mapFact(side.files, (all) => all.find(({ kind }) => kind === 'haproxy'))
  return 'value' in files && !files.value
    ? ({ unknown: 'notSupported' } as const)
    : (files as Exclude<typeof files, { value: undefined }> & { value: ConfigFile })
}

const REFUSED =
  /\[ALERT\][^\n]{0,40}\bconfig\b|Failed to validate haproxy|haproxy\.cfg\.new\b.{0,80}(?:fail|error)/i
