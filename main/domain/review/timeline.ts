import type { Episode, PairEvent } from '../../../preload/contract/pair'
import { classify } from '../keepalived/classify'
import { initialEpisodes, step, type EpisodeInput } from '../vrrp/episodes'
import type { LogEntry, Place } from './evidence'
import { NAMELESS } from './facts'
import type { Actor, Scene, Seen } from './scene'
import { isOfHaproxyUnit, isOfKeepalived, ownsAfter } from './stand'

/** Where a side stood before its first word, and what says so. */
export interface Before {
  owns: boolean
  place: Place
}

/** Times in a log are the sender's, and we read them to the millisecond. */
const ERROR_MS = 1
/** A pair is steady after a second in which nothing changes; so long the clock runs on behind the last word. */
const RUN_OUT_MS = 2500
/** A probe that was sent may come back so late. */
const LONGEST_PROBE_MS = 10_000
/** A sighting may be this much later than the first word it comes before: it takes a moment to look. */
const LOOK_MS = 100

/**
 * Where each side stood before its first word.
 *
 * What somebody saw before that word decides. Without it the log is asked, which prints only what changes: `Entering
 * MASTER` means that it was not MASTER before; refusing an advert of lower priority, or stepping down for a higher one,
 * that it was. A first word that is a loss alone proves nothing, as a BACKUP stops with the same words; but when all others
 * were not MASTER and one of them had to wait for that loss, somebody advertised, and it was this side.
 */
export function standingsBefore({ actors, seen }: Scene): ReadonlyMap<string, Before> {
  const known = new Map<string, Before>()
  for (const { id, entries } of actors) {
    const told = sightingOf(id, entries, seen) ?? ownWord(entries)
    if (told) known.set(id, told)
  }
  for (const { id, entries } of actors) {
    const others = actors.filter((other) => other.id !== id)
    const loss = firstOf(entries, ({ meaning }) => ownsAfter(meaning) === false)
    const waited = others.every((other) => known.get(other.id)?.owns === false && takes(other))
    if (known.has(id) || !loss || !others.length || !waited) continue
    known.set(id, { owns: true, place: loss.place })
  }
  return known
}

const firstOf = (
  entries: readonly LogEntry[],
  fits: (said: ReturnType<typeof classify>) => boolean,
) => entries.find((entry) => isOfKeepalived(entry) && fits(classify(entry.message)))

const takes = ({ entries }: Actor): boolean =>
  firstOf(entries, ({ meaning }) => ownsAfter(meaning) !== undefined)?.message.includes(
    'Entering MASTER',
  ) ?? false

function sightingOf(
  id: string,
  entries: readonly LogEntry[],
  seen: readonly Seen[],
): Before | undefined {
  const first = firstOf(entries, ({ meaning }) => ownsAfter(meaning) !== undefined)?.at ?? Infinity
  return seen.find(({ hostId, at }) => hostId === id && at <= first + LOOK_MS)
}

function ownWord(entries: readonly LogEntry[]): Before | undefined {
  for (const entry of entries) {
    if (!isOfKeepalived(entry)) continue
    const { place, message } = entry
    const { meaning } = classify(message)
    if (meaning === 'higherPriority') return { owns: true, place }
    if (meaning === 'lowerPriority') return { owns: /forcing/.test(message), place }
    if (NOT_MASTER.has(meaning) && !/^Start(?:ed|up) /.test(message)) return { owns: false, place }
    if (ownsAfter(meaning) === false) return undefined
  }
  return undefined
}
const NOT_MASTER = new Set(['enterMaster', 'starting', 'linkUp', 'scriptSucceeded'])

/**
 * What a watcher would have told: the lines of all logs, and the VIP as it follows from them. A side whose log says
 * nothing of the VIP is told by whoever saw it.
 */
export function eventsOf(scene: Scene): PairEvent[] {
  const before = standingsBefore(scene)
  const address = scene.vips[0] ?? NAMELESS
  const events: PairEvent[] = scene.actors.flatMap(({ id: amphoraId, entries }) => {
    const stood = before.get(amphoraId)
    const vip = (at: number, owns: boolean, standing?: true): PairEvent => ({
      ...{ at, errorMs: standing ? 0 : ERROR_MS, amphoraId, address },
      kind: owns ? 'vipGained' : 'vipLost',
      ...(standing && { standing }),
    })
    const told: PairEvent[] = stood ? [vip(scene.from, stood.owns, true)] : []
    let owns = stood?.owns
    let hasWord = false
    for (const entry of entries) {
      const ofVrrp = isOfKeepalived(entry)
      if (!ofVrrp && !isOfHaproxyUnit(entry)) continue
      const { at, message } = entry
      const { meaning } = classify(message)
      told.push({ at, errorMs: ERROR_MS, kind: 'line', amphoraId, meaning, text: message })
      const after = ofVrrp ? ownsAfter(meaning) : undefined
      if (after === undefined) continue
      hasWord = true
      if (after === owns) continue
      told.push(vip(at, after))
      owns = after
    }
    if (hasWord) return told
    const looks = scene.seen.filter(({ hostId }) => hostId === amphoraId)
    return [...told, ...looks.slice(1).map((look) => vip(look.at, look.owns))]
  })
  // Where all stood is known before anything happens, at the same moment as well.
  const isLater = (event: PairEvent) => ('standing' in event ? 0 : 1)
  return events.sort((one, other) => one.at - other.at || isLater(one) - isLater(other))
}

/** Everything the reducer takes, in the order in which it became known. */
function inputsOf({ probes, until }: Scene, events: readonly PairEvent[]): EpisodeInput[] {
  const inputs: EpisodeInput[] = [
    ...events.map((event) => ({ kind: 'event' as const, event })),
    ...probes.map((sample) => ({ kind: 'probe' as const, sample })),
  ]
  inputs.sort((one, other) => knownAt(one) - knownAt(other))
  // What a log does not tell has not happened: behind its last word all stays as it is.
  const last = inputs.at(-1)
  const end = Math.max(until, last ? knownAt(last) : -Infinity)
  if (Number.isFinite(end)) inputs.push({ kind: 'tick', now: end + RUN_OUT_MS })
  return inputs
}

/** When an input was known: a probe when its answer came. */
const knownAt = (input: EpisodeInput): number =>
  input.kind === 'tick'
    ? input.now
    : input.kind === 'probe'
      ? input.sample.at + input.sample.durationMs
      : input.event.at

/** The failover episodes of a scene, in the order in which they began. */
export function episodesOf(
  scene: Scene,
  events: readonly PairEvent[] = eventsOf(scene),
): Episode[] {
  const longest = scene.probes.reduce((most, { durationMs }) => Math.max(most, durationMs), 0)
  let state = initialEpisodes({
    amphoraIds: scene.actors.map(({ id }) => id),
    session: scene.loadBalancerId,
    holdBackMs: Math.min(longest, LONGEST_PROBE_MS) + RUN_OUT_MS / 2,
  })
  const byId = new Map<string, Episode>()
  for (const input of inputsOf(scene, events)) {
    const next = step(state, input)
    state = next.state
    for (const episode of next.changed) byId.set(episode.id, episode)
  }
  return [...byId.values()].sort((one, other) => one.startedAt - other.startedAt)
}
