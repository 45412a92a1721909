import type { Severity, Subject } from '../../../preload/contract/finding'
import type { Episode } from '../../../preload/contract/pair'
import type { Ignored, Place } from '../../domain/review/evidence'
import type { Host } from '../../domain/review/hosts'
import { printableLine } from '../../domain/review/printable'

/** What a review of files says; times in ISO 8601, UTC. Its form is told by `schema`, and told of in the README. */
export interface Review {
  schema: 1
  hosts: readonly Pick<Host, 'id' | 'name' | 'amphoraId' | 'address' | 'files'>[]
  loadBalancers: readonly {
    id: string
    name?: string
    vips: readonly string[]
    hosts: readonly string[]
  }[]
  /** Worst first. */
  findings: readonly ReviewFinding[]
  /** Rules that could not be judged: what was missing, once for each rule and subject. */
  unknown: readonly {
    rule: string
    missing: readonly { subject: string; what: string; reason: string }[]
  }[]
  episodes: readonly ReviewEpisode[]
  ignored: readonly Ignored[]
}

export interface ReviewFinding {
  rule: string
  severity: Severity
  subject: Subject
  since: string
  /** Null where it is there at the end of the evidence. */
  until: string | null
  cause: string
  evidence: readonly Place[]
}

export interface ReviewEpisode {
  trigger: { at: string; host: string | null; text: string } | null
  from: string | null
  to: string | null
  startedAt: string
  endedAt: string | null
  /** Null where no probe was running. */
  outageMs: number | null
  errorMs: number | null
  phases: readonly {
    name: Episode['phases'][number]['name']
    at: string
    sinceStartMs: number
    errorMs: number
    host: string | null
    text: string | null
  }[]
}

/** The same for people, as text of at most some hundred columns. */
export function textOf(review: Review): string {
  const { hosts, loadBalancers, findings, episodes, unknown, ignored } = review
  const nameOf = (id: string | null) => hosts.find((host) => host.id === id)?.name ?? id ?? '?'
  const sections: [string, string[]][] = [
    [
      'Load balancers',
      loadBalancers.map(
        ({ id, vips, hosts: ids }) =>
          `${id}  VIP ${vips.join(', ') || 'unknown'}  ${ids.map(nameOf).join(', ')}`,
      ),
    ],
    ['Findings', findings.flatMap(findingLines)],
    ['Episodes', episodes.map((episode) => episodeLine(episode, nameOf))],
    [
      'Not judged',
      unique(
        unknown.map(
          ({ rule, missing }) =>
            `${rule}: ${[...new Set(missing.map(({ what, reason }) => `${what} (${reason})`))].join(', ')}`,
        ),
      ),
    ],
    ['Ignored', ignored.map(({ file, reason }) => `${file}: ${reason}`)],
  ]
  return sections
    .map(
      ([title, lines]) =>
        `${title}\n${(lines.length ? lines : ['none']).map((line) => `  ${printableLine(line)}`).join('\n')}\n`,
    )
    .join('\n')
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)]

function findingLines({ severity, rule, since, until, cause, evidence, subject }: ReviewFinding) {
  return [
    `${severity.toUpperCase()}  ${rule}  ${subject.kind} ${subject.id}`,
    `    ${since} to ${until ?? 'the end'}`,
    `    ${cause}`,
    ...evidence.map(({ file, line, text }) => `    ${file}:${line}: ${text}`),
  ]
}

function episodeLine(episode: ReviewEpisode, nameOf: (id: string | null) => string): string {
  const { startedAt, endedAt, from, to, outageMs, errorMs, trigger } = episode
  const outage =
    outageMs === null ? 'outage not measured' : `outage ${outageMs} ms ± ${errorMs ?? '?'} ms`
  const why = trigger ? `: ${trigger.text}` : ''
  return `${startedAt} to ${endedAt ?? 'the end'}  ${nameOf(from)} → ${nameOf(to)}  ${outage}${why}`
}
