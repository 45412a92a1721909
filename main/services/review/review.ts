import type { Values } from '../../../preload/contract/error'
import { SEVERITIES, type Severity } from '../../../preload/contract/finding'
import type { Episode } from '../../../preload/contract/pair'
import { redact } from '../../domain/redact'
import type { EvidenceFile, Ignored, Place, Recognised } from '../../domain/review/evidence'
import { judge, type Judged } from '../../domain/review/judge'
import { isRecognised, recognise } from '../../domain/review/recognise'
import { scenesOf, type Scene } from '../../domain/review/scene'
import { episodesOf } from '../../domain/review/timeline'
import type { OpenedFile, Unopened } from '../../platform/evidenceFiles'
import type { Review, ReviewEpisode, ReviewFinding } from './report'

/** The sentence that names the cause of a rule's finding. */
export type CauseOf = (rule: string, values: Values) => string

/**
 * Reviews files: recognises them, finds the machines and load balancers that they are about, and judges those over time.
 * Nothing that it says holds a secret.
 *
 * @param now dates stamps without a year where no other evidence does
 */
export function reviewFiles(
  opened: Iterable<OpenedFile | Unopened>,
  causeOf: CauseOf,
  now: number,
): Review {
  const { files, ignored, undated } = readAll(opened, now)
  const { hosts, scenes } = scenesOf(files)
  const judged = scenes.map((scene) => ({ scene, ...judge(scene) }))
  const findings = judged.flatMap((each) => each.findings.map((one) => findingOf(one, causeOf)))
  return {
    schema: 1,
    hosts: [
      ...hosts.map(({ id, name, amphoraId, address, files: paths }) => ({
        ...{ id, name, files: paths },
        ...(amphoraId !== undefined && { amphoraId }),
        ...(address !== undefined && { address }),
      })),
      ...scenes.flatMap(({ actors }) =>
        actors.flatMap(({ id, host }) => (host ? [] : [{ id, name: id, files: [] }])),
      ),
    ],
    loadBalancers: scenes.map(({ loadBalancerId, vips, actors }) => ({
      ...{ id: loadBalancerId, vips, hosts: actors.map(({ id }) => id) },
    })),
    findings: findings.sort((one, other) => rank(one) - rank(other)),
    unknown: [
      ...judged.flatMap(({ scene, unknown }) => [
        ...unknown.map(({ rule, subject, missing }) => ({
          rule,
          missing: missing.map((each) => ({ subject: subject.id, ...each })),
        })),
        ...clocksOf(scene),
      ]),
      ...undated.map((file) => ({
        rule: 'review.year',
        missing: [{ subject: file, what: 'year', reason: 'notMeasured' }],
      })),
    ],
    episodes: judged.flatMap(({ scene }) => episodesOf(scene).map(episodeOf)),
    ignored,
  }
}

/** Whether a review found anything of at least this severity. */
export const isAtLeast = (review: Review, severity: Severity): boolean =>
  review.findings.some((finding) => rank(finding) <= SEVERITIES.indexOf(severity))

const rank = ({ severity }: { severity: Severity }): number => SEVERITIES.indexOf(severity)

/** Stamps without a year are dated by the newest evidence that has one; without any, by when their file was changed. */
function readAll(opened: Iterable<OpenedFile | Unopened>, now: number) {
  const files: Recognised[] = []
  const ignored: Ignored[] = []
  const undated: EvidenceFile[] = []
  for (const file of opened) {
    const read = 'octets' in file ? recognise(file, Math.min(file.modifiedAt ?? now, now)) : file
    if (!isRecognised(read)) ignored.push(read)
    else {
      files.push(read)
      if ('octets' in file && read.content.kind === 'log' && !read.content.dated) undated.push(file)
    }
  }
  const latest = files.reduce((newest, file) => Math.max(newest, latestOf(file)), -Infinity)
  if (!Number.isFinite(latest)) return { files, ignored, undated: undated.map(({ path }) => path) }
  const again = new Map(undated.map((file) => [file.path, recognise(file, latest)]))
  const dated = files.map((file) => again.get(file.path) ?? file).filter(isRecognised)
  return { ignored, files: dated, undated: undated.map(({ path }) => path) }
}

function latestOf({ content }: Recognised): number {
  if (content.kind === 'log') return lastOf(content.dated ? content.entries : [])
  if (content.kind === 'capture') return lastOf(content.packets)
  return content.kind === 'probe' ? lastOf(content.samples) : -Infinity
}

const lastOf = (told: readonly { at: number }[]): number => told.at(-1)?.at ?? -Infinity

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

const LONGEST = 500

const withoutSecrets = ({ file, line, text }: Place): Place => ({
  ...{ file, line },
  text: wordsOf(text.trim()),
})

const wordsOf = (text: string): string => redact(text.slice(0, 4 * LONGEST)).text.slice(0, LONGEST)

function episodeOf(episode: Episode): ReviewEpisode {
  const { trigger, from, to, startedAt, endedAt, outageMs, outageErrorMs, phases } = episode
  return {
    trigger: trigger
      ? {
          at: timeOf(trigger.at),
          host: trigger.amphoraId ?? null,
          text: wordsOf(trigger.text),
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
      text: text === undefined ? null : wordsOf(text),
    })),
  }
}

const timeOf = (at: number): string => new Date(at).toISOString()
