import type { ConfigFile } from '../../../preload/contract/inspect'
import { mapFact } from './known'
import { quoteAmphora, quoteFile } from './proof'
import { eachSide, inspected, whole, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged, listed, unjudged } from './verdict'

/** What is configured differs between the amphorae, or from the API. */
const drift: Rule = {
  id: 'haproxy.drift',
  modes: [37, 38],
  judge: whole((reading) => driftOf(reading.facts, ['haproxy', 'haproxyApi'])),
}

/** keepalived's configuration differs where no rule above names the setting. */
const vrrpDrift: Rule = {
  id: 'vrrp.config-drift',
  modes: [37, 38],
  judge: whole((reading) =>
    reading.isPair ? driftOf(reading.facts, ['keepalived', 'keepalivedApi']) : undefined,
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
      const { peers, section } = peersOf(file)
      if (!section || peers >= 2) return fine
      return holds('medium', side.subject, { amphora: side.id, peers }, [
        quoteFile(side.id, file, section, side.files),
      ])
    })
  }),
}

/** haproxy refused what the controller sent: it runs with the configuration of before. */
const configRefused: Rule = {
  id: 'haproxy.config-refused',
  modes: [41],
  judge: eachSide((side) => {
    const complaints = inspected(side, ({ agent }) => agent.complaints)
    return judged(side.subject, { agent: complaints }, ({ agent: lines }) => {
      const refused = lines.findLast((line) => REFUSED.test(line))
      const accepted = refused && lines.slice(lines.lastIndexOf(refused)).some(isAccepted)
      if (refused === undefined || accepted) return fine
      return holds('high', side.subject, { amphora: side.id }, [
        quoteAmphora(side.id, 'amphora-agent.service', refused, complaints),
      ])
    })
  }),
}

/** Lines that no template of Octavia writes. */
const foreignLines: Rule = {
  id: 'haproxy.foreign-lines',
  modes: [42],
  judge: eachSide((side) =>
    judged(side.subject, { haproxyConfig: configOf(side) }, ({ haproxyConfig: file }) => {
      const foreign = foreignLinesOf(file.text)
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

/** Rules about haproxy.cfg. */
export const haproxyConfigRules: readonly Rule[] = [
  drift,
  vrrpDrift,
  peersIncomplete,
  configRefused,
  foreignLines,
]

/** One verdict for each comparison of these kinds. */
function driftOf(
  { comparisons, loadBalancerId, detail }: Parameters<Rule['judge']>[0],
  kinds: readonly string[],
): readonly Verdict[] {
  const name = 'value' in detail ? detail.value.loadBalancer.name : ''
  const compared = comparisons?.filter(({ what }) => kinds.includes(what))
  if (!compared?.length) {
    return [unjudged({ kind: 'loadBalancer', id: loadBalancerId }, 'comparison', 'notMeasured')]
  }
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

/** How many peers stand in the peers section, and its line; line 0 without such a section. */
function peersOf({ text }: ConfigFile): { peers: number; section: number } {
  let section = 0
  let inside = false
  let peers = 0
  for (const [index, line] of text.split('\n').entries()) {
    if (/^peers\s/.test(line)) {
      inside = true
      section ||= index + 1
    } else if (/^\S/.test(line)) inside = false
    else if (inside && /^\s+peer\s/.test(line)) peers += 1
  }
  return { peers, section }
}

const REFUSED =
  /\[ALERT\][^\n]{0,40}\bconfig\b|Failed to validate haproxy|haproxy\.cfg\.new\b.{0,80}(?:fail|error)/i
const isAccepted = (line: string): boolean =>
  /haproxy.{0,40}(?:reloaded|started) successfully/i.test(line)

/** Lines whose first word no template of Octavia uses, Queens to 2026.1 (haproxy/base.j2, haproxy/macros.j2). */
function foreignLinesOf(text: string): number[] {
  const found: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const word = /^\s*([^\s#]\S{0,80})/.exec(line)?.[1]
    if (word !== undefined && !TEMPLATE.has(word)) found.push(index + 1)
  }
  return found
}

const TEMPLATE = new Set(
  `global daemon user group log stats server-state-file maxconn external-check insecure-fork-wanted tune.ssl.cachesize
  tune.ssl.default-dh-param nbthread nbproc cpu-map ca-base crt-base ssl-default-bind-ciphers
  ssl-default-bind-options ssl-default-server-ciphers ssl-default-server-options defaults no retries option timeout mode
  peers peer frontend backend bind redirect http-response http-request http-check default_backend use_backend acl
  tcp-request tcp-check log-format http-reuse balance stick-table stick cookie load-server-state-from-file fullconn server
  errorfile hash-type rspadd reqadd lua-load ssl-dh-param-file hard-stop-after`.split(/\s+/),
)
