import type { Episode, PairEvent, ProbeSample } from '../../../../../preload/contract/pair'
import { classify } from '../../../../../main/domain/keepalived/classify'
import { parseJournalRecord } from '../../../../../main/domain/keepalived/journal'
import {
  initialEpisodes,
  step,
  type EpisodeInput,
  type EpisodeState,
} from '../../../../../main/domain/vrrp/episodes'
import { lines, scenario } from '../captures'

export const VIP = '10.77.1.100'
export const SIDES = ['amp1', 'amp2'] as const

/** Every probe of a scenario, in the order in which their results came. */
export function probesOf(number: string): ProbeSample[] {
  return lines(`${scenario(number)}/probe.csv.gz`)
    .map((line, sequence) => {
      const [start = '', end = '', result = '', body = ''] = line.split(',')
      const at = Math.round(Number(start) * 1e4) / 10
      return {
        sequence,
        at,
        durationMs: Math.max(0, Number(end) * 1000 - at),
        ok: result === 'ok',
        ...(result === 'ok' ? { body } : { error: result }),
      }
    })
    .sort((one, other) => one.at + one.durationMs - (other.at + other.durationMs))
}

/**
 * What a watcher would have told: the lines of both journals, and the VIP as it follows from them. keepalived puts the VIP on
 * with `Entering MASTER`, takes it off with `BACKUP`, `FAULT` or its end; a new child takes off what a killed one has left.
 */
export function eventsOf(number: string): PairEvent[] {
  const folder = scenario(number)
  const begin = Number(lines(`${folder}/events.txt`)[0]?.split(' ')[0]) * 1000
  const events: PairEvent[] = SIDES.map((amphoraId) => ({
    at: begin,
    errorMs: 0,
    kind: amphoraId === 'amp1' ? 'vipGained' : 'vipLost',
    amphoraId,
    address: VIP,
  }))
  for (const amphoraId of SIDES) {
    let owns = amphoraId === 'amp1'
    const records = lines(`${folder}/${amphoraId}.journal.jsonl.gz`).flatMap((line) => {
      const record = parseJournalRecord(line)
      return record.kind === 'record' ? [record] : []
    })
    for (const { at, message } of records.sort((one, other) => one.at - other.at)) {
      const { meaning } = classify(message)
      events.push({ at, errorMs: 1, kind: 'line', amphoraId, meaning, text: message })
      const gains = meaning === 'enterMaster'
      const loses = ['enterBackup', 'enterFault', 'stopping', 'died'].includes(meaning)
      if (gains === owns || (!gains && !loses)) continue
      owns = gains
      const kind = gains ? 'vipGained' : 'vipLost'
      events.push({ at, errorMs: 1, kind, amphoraId, address: VIP })
    }
  }
  return events
}

/** haproxy's own journal, as lines about the owner's side. */
export function haproxyEventsOf(number: string): PairEvent[] {
  return lines(`${scenario(number)}/amp1.journal-haproxy.txt`).flatMap((line) => {
    const [, stamp = '', text = ''] = /^(\S+)\+0000 \S+ systemd\[1\]: (.*)$/.exec(line) ?? []
    const at = Date.parse(`${stamp.slice(0, 23)}Z`)
    const { meaning } = classify(text)
    return text ? [{ at, errorMs: 1, kind: 'line' as const, amphoraId: 'amp1', meaning, text }] : []
  })
}

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
