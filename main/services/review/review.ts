import type { Values } from '../../../preload/contract/error'
import { rankOf, type Severity } from '../../../preload/contract/finding'
import type { Episode } from '../../../preload/contract/pair'
import type { Place } from '../../domain/review/evidence'
import type { Judged } from '../../domain/review/judge'
import { quotation } from '../../domain/review/quotation'
import type { Scene } from '../../domain/review/scene'
import type { Examination } from './examine'
import type { Review, ReviewEpisode, ReviewFinding } from './report'

/** The sentence that names the cause of a rule's finding. */
export type CauseOf = (rule: string, values: Values) => string

/** What an examination says, without the secrets. */
export function reviewOf(examination: Examination, causeOf: CauseOf): Review {
  const { hosts, scenes, ignored, undated } = examination
  const findings = scenes.flatMap((each) => each.findings.map((one) => findingOf(one, causeOf)))
  return {
    schema: 1,
    hosts: [
      ...hosts.map(({ id, name, amphoraId, address, files }) => ({
        ...{ id, name, files },
        ...(amphoraId !== undefined && { amphoraId }),
        ...(address !== undefined && { address }),
      })),
      ...scenes.flatMap(({ scene: { actors } }) =>
        actors.flatMap(({ id, host }) => (host ? [] : [{ id, name: id, files: [] }])),
      ),
    ],
    loadBalancers: scenes.map(({ scene: { loadBalancerId, vips, actors } }) => ({
      ...{ id: loadBalancerId, vips, hosts: actors.map(({ id }) => id) },
    })),
    findings: findings.sort((one, other) => rankOf(one) - rankOf(other)),
    unknown: [
      ...scenes.flatMap(({ scene, unknown, snapshot }) => [
        ...unknown.map(({ rule, subject, missing }) => ({
          rule,
          missing: missing.map((each) => ({ subject: subject.id, ...each })),
        })),
        ...(snapshot?.manifest.amphorae.every(({ clock }) => clock) ? [] : clocksOf(scene)),
      ]),
      ...undated.map((file) => ({
        rule: 'review.year',
        missing: [{ subject: file, what: 'year', reason: 'notMeasured' }],
      })),
    ],
    episodes: scenes.flatMap(({ episodes }) => episodes.map(episodeOf)),
    ignored,
  }
}

/** Whether a review found anything of at least this severity. */
export const isAtLeast = (review: Review, severity: Severity): boolean =>
  review.findings.some((finding) => rankOf(finding) <= rankOf({ severity }))

/** Logs are merged by the times that their machines wrote: how far those clocks were apart, no file tells. */
function clocksOf({ actors, loadBalancerId }: Scene): Review['unknown'] {
  const writers = actors.filter(({ entries }) => entries.length)
  const missing = [{ subject: loadBalancerId, what: 'clockOffset', reason: 'notMeasured' }]
  return writers.length > 1 ? [{ rule: 'review.clocks', missing }] : []
}

function findingOf({ finding, since, until, evidence }: Judged, causeOf: CauseOf): ReviewFinding {
  const { rule, severity, subject, values } = finding
  return {
    ...{ rule, severity, subject },
    since: timeOf(since),
    until: until === undefined ? null : timeOf(until),
    cause: causeOf(rule, values),
    evidence: evidence.map(withoutSecrets),
  }
}

const withoutSecrets = ({ file, line, text }: Place): Place => ({
  ...{ file, line },
  text: quotation(text),
})

function episodeOf(episode: Episode): ReviewEpisode {
  const { trigger, from, to, startedAt, endedAt, outageMs, outageErrorMs, phases } = episode
  return {
    trigger: trigger
      ? {
          at: timeOf(trigger.at),
          host: trigger.amphoraId ?? null,
          text: quotation(trigger.text),
        }
      : null,
    from: from ?? null,
    to: to ?? null,
    startedAt: timeOf(startedAt),
    endedAt: endedAt === undefined ? null : timeOf(endedAt),
    outageMs: outageMs ?? null,
    errorMs: outageErrorMs ?? null,
    phases: phases.map(({ name, at, sinceStartMs, errorMs, amphoraId, text }) => ({
      ...{ name, at: timeOf(at), sinceStartMs, errorMs },
      host: amphoraId ?? null,
      text: text === undefined ? null : quotation(text),
    })),
  }
}

const timeOf = (at: number): string => new Date(at).toISOString()
