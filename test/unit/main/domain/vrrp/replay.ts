import type { Episode, PairEvent, ProbeSample } from '../../../../../preload/contract/pair'
import { eventsOf as eventsOfScene } from '../../../../../main/domain/review/timeline'
import {
  initialEpisodes,
  step,
  type EpisodeInput,
  type EpisodeState,
} from '../../../../../main/domain/vrrp/episodes'
import { sceneOf } from '../review/reviewed'

export const VIP = '10.77.1.100'
export const SIDES = ['amp1', 'amp2'] as const

/** Every probe of a scenario, in the order in which their results came. */
export const probesOf = (number: string): ProbeSample[] =>
  sceneOf(number).probes.toSorted(
    (one, other) => one.at + one.durationMs - (other.at + other.durationMs),
  )

/** What a watcher would have told: the lines of keepalived's journals, and the VIP as it follows from them. */
export const eventsOf = (number: string): PairEvent[] =>
  eventsIn(number, /journal\.jsonl|vip-state|probe/)

/** haproxy's own journal, as lines about the owner's side. */
export const haproxyEventsOf = (number: string): PairEvent[] =>
  eventsIn(number, /journal|vip-state|probe/).filter(
    (event) => event.kind === 'line' && event.text.includes('haproxy-'),
  )

/** By the names of the captures; the first is 10.77.1.11. */
const eventsIn = (number: string, fits: RegExp): PairEvent[] =>
  eventsOfScene(sceneOf(number, fits)).map((event) =>
    'amphoraId' in event
      ? { ...event, amphoraId: /^3f0d|\.11$/.test(event.amphoraId) ? 'amp1' : 'amp2' }
      : event,
  )

export const arrivesAt = (input: EpisodeInput): number =>
  input.kind === 'tick'
    ? input.now
    : input.kind === 'probe'
      ? input.sample.at + input.sample.durationMs
      : input.event.at + (input.event.kind === 'line' ? 300 : 20)

/** All inputs of a scenario in the order of their arrival, with ticks in between. */
export function inputsOf(number: string, events = eventsOf(number)): EpisodeInput[] {
  const probes = probesOf(number)
  const inputs: EpisodeInput[] = [
    ...events.map((event) => ({ kind: 'event' as const, event })),
    ...probes.map((sample) => ({ kind: 'probe' as const, sample })),
  ]
  const from = Math.min(...inputs.map(arrivesAt))
  const to = Math.max(...inputs.map(arrivesAt)) + 5000
  for (let now = from; now <= to; now += 250) inputs.push({ kind: 'tick', now })
  return inputs.sort((one, other) => arrivesAt(one) - arrivesAt(other))
}

/** Feeds the inputs; answers each episode as it was told last, in the order of their beginnings. */
export function run(
  inputs: readonly EpisodeInput[],
  first: EpisodeState = initialEpisodes({ amphoraIds: SIDES, vips: [VIP], session: 't' }),
): { episodes: Episode[]; state: EpisodeState; told: Episode[] } {
  let state = first
  const byId = new Map<string, Episode>()
  const told: Episode[] = []
  for (const input of inputs) {
    const next = step(state, input)
    state = next.state
    told.push(...next.changed)
    for (const episode of next.changed) byId.set(episode.id, episode)
  }
  return { episodes: [...byId.values()], state, told }
}
