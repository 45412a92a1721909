import { rankOf, type Finding, type Unjudged } from '../../../preload/contract/finding'
import { meaningOf } from '../keepalived/classify'
import { diagnose } from '../findings/diagnose'
import type { LoadBalancerFacts } from '../findings/facts'
import type { LogEntry, Place } from './evidence'
import { factsAt } from './facts'
import type { Scene } from './scene'
import { isOfKeepalived } from './stand'
import { Walk } from './walk'

/** A finding, and from when to when it was there. */
export interface Judged {
  finding: Finding
  since: number
  /** Absent where it is there at the end of the evidence. */
  until?: number
  evidence: readonly Place[]
}

/**
 * Times that rules wait for until they say what they see: hand-overs, restarts, an election, adverts that are refused no
 * more. A little later than each the rules are asked again.
 */
const WAITS_MS = [2001, 3001, 5701, 10_001]
/** What is told for a while after it happened was there when it happened. */
const MOMENTARY = new Set([
  'vrrp.child-died',
  'vrrp.frozen',
  'vrrp.stepped-down-unexplained',
  'vrrp.flapping',
  'haproxy.crashed',
])

/** What was a symptom stays behind its cause for a moment; longer, it is a finding of its own. */
const REST_MS = 2001

interface Open extends Judged {
  /** When its quotations changed last. */
  changedAt: number
  words: string
  appearedAt: number
  /** It was told as the symptom of another one before. */
  isRest: boolean
}

/** Everything that was known of a load balancer at one moment, from where that is told whole. */
export interface KnownState {
  facts: LoadBalancerFacts
  /** What its proofs are in. */
  file: string
}
/** Lines that came so long after a state, while the rest was read, are no later evidence. */
const READING_MS = 600_000

/**
 * Judges a load balancer over time: at each moment at which something changed, and again after the times that rules wait
 * for, all rules see what was known then. Findings of one cause in a row are one finding.
 *
 * @param known a state that is told whole: the findings of its moment are those that it shows. What only it can tell is
 * taken to be so until the end, which it is where nothing later is there.
 */
export function judge(
  scene: Scene,
  known?: KnownState,
): { findings: Judged[]; unknown: Unjudged[] } {
  const stateAt = known?.facts.now ?? Infinity
  const walk = new Walk(scene)
  const shown = new Set<string>()
  const open = new Map<string, Open>()
  let before: ReadonlySet<string> = new Set()
  const closed: Judged[] = []
  const unknown = new Map<string, Unjudged>()
  const isLast = known !== undefined && scene.until - stateAt <= READING_MS
  const end = isLast ? stateAt : scene.until
  for (const now of momentsOf({ ...scene, until: end }, known && stateAt)) {
    walk.to(now)
    const state = now === stateAt ? known : undefined
    const facts = state?.facts ?? factsAt(scene, walk.sides, walk.service, now)
    const { findings, unknown: unjudged, fine } = diagnose(facts)
    // Whoever knows all knows best what cannot be judged.
    if (state) unknown.clear()
    for (const finding of state ? findings : []) shown.add(keyOf(finding))
    const gone = new Set(fine)
    for (const each of now > stateAt ? [] : unjudged) {
      if (each.missing.some(({ reason }) => reason !== 'notYet'))
        unknown.set(keyOf(each), state ? each : notCaptured(each))
    }
    const here = new Map(findings.map((finding) => [keyOf(finding), finding]))
    const symptoms = new Set(findings.flatMap((finding) => (finding.symptoms ?? []).map(keyOf)))
    for (const [key, each] of open) {
      if (here.has(key) || (shown.has(key) && !gone.has(each.finding.rule))) continue
      open.delete(key)
      // Its cause has become known: from here on it is told as that.
      const isTold = symptoms.has(key)
      const isRest = each.isRest && now - each.appearedAt < REST_MS
      if (!isTold && !isRest) closed.push(ended(each, now))
    }
    for (const [key, finding] of here) {
      const last = open.get(key)
      const words = JSON.stringify(finding.proofs)
      const evidence = state ? placesIn(state, finding) : walk.placesOf(finding)
      open.set(key, {
        finding: last && rankOf(last.finding) < rankOf(finding) ? last.finding : finding,
        since: last?.since ?? Math.min(finding.since ?? now, now),
        evidence: last?.evidence.length ? last.evidence : evidence,
        changedAt: last?.words === words ? last.changedAt : now,
        appearedAt: last?.appearedAt ?? now,
        isRest: last?.isRest ?? before.has(key),
        words,
      })
    }
    before = symptoms
  }
  for (const each of open.values()) {
    const { finding, since, evidence } = each
    closed.push(MOMENTARY.has(finding.rule) ? ended(each, end) : { finding, since, evidence })
  }
  closed.sort(
    (one, other) => rankOf(one.finding) - rankOf(other.finding) || one.since - other.since,
  )
  return {
    findings: closed.filter((each) => !isStep(each, closed)),
    unknown: [...unknown.values()],
  }
}

/** One member after the other fails, and comes back: a moment of some on the way to all is no finding beside that. */
function isStep({ finding, since, until = Infinity }: Judged, all: readonly Judged[]): boolean {
  const areaOf = ({ rule }: Finding): string => rule.slice(0, rule.indexOf('.'))
  return (
    until - since < REST_MS &&
    all.some(
      (other) =>
        rankOf(other.finding) < rankOf(finding) &&
        (other.since === until || other.until === since) &&
        areaOf(other.finding) === areaOf(finding) &&
        other.finding.subject.id === finding.subject.id,
    )
  )
}

/** What rules call not measured was in no file. */
const notCaptured = (unjudged: Unjudged): Unjudged => ({
  ...unjudged,
  missing: unjudged.missing.map(({ what, reason }) => ({
    what,
    reason: reason === 'notMeasured' ? 'notCaptured' : reason,
  })),
})

const placesIn = ({ file }: KnownState, { proofs }: Finding): Place[] =>
  proofs.map(({ source, line = 1, text }) => ({ file: `${file}${source}`, line, text }))

function ended({ finding, since, evidence, changedAt }: Open, now: number): Judged {
  const until = MOMENTARY.has(finding.rule) ? changedAt : now
  return { finding, since, evidence, until: Math.max(since, until) }
}

const keyOf = ({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string =>
  `${rule}\n${subject.kind}\n${subject.id}`

/**
 * A line that comes again and again tells something new once; when it ends, the waits behind its last one tell that. What
 * keepalived only mentions begins nothing that rules wait for.
 */
function momentsOf({ actors, from, until, seen }: Scene, stateAt = until): number[] {
  const [, , , quiet = 0] = WAITS_MS
  const changes = new Set<number>([from, ...seen.map(({ at }) => at)])
  const mentions = new Set<number>()
  for (const { entries } of actors) {
    let last: { entry: LogEntry; moments: Set<number> } | undefined
    for (const entry of entries) {
      const meaning = meaningOf(entry.message)
      if (meaning === 'noise') continue
      const moments = meaning === 'other' && isOfKeepalived(entry) ? mentions : changes
      const isNew = entry.message !== last?.entry.message || entry.at - last.entry.at > quiet
      if (last && isNew) last.moments.add(last.entry.at)
      if (isNew) moments.add(entry.at)
      last = { entry, moments }
    }
    last?.moments.add(last.entry.at)
  }
  const moments = new Set<number>([until, stateAt, ...mentions])
  for (const at of changes) {
    for (const wait of [0, ...WAITS_MS]) if (at + wait <= until) moments.add(at + wait)
  }
  return [...moments].filter(Number.isFinite).sort((one, other) => one - other)
}
