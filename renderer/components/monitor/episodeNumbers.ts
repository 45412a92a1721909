import type { Episode, EpisodePhase, Ownership } from '../../../preload/contract/pair'

/**
 * One number of an episode. `lasting`: it still grows, `value` is what it is so far; `cutOff`: nobody watched its end;
 * `unmeasured`: nothing could measure it.
 */
export interface EpisodeNumber {
  key: 'outage' | 'ownerless' | 'twoOwners' | 'failedProbes'
  state: 'measured' | 'lasting' | 'cutOff' | 'unmeasured'
  /** Milliseconds, or a count of probes. */
  value?: number
  errorMs?: number
}

/** What is known of the present while an episode is watched. */
export interface Watching {
  /** By the clock of the episode's times. */
  now: number
  owners: Ownership['kind']
  /** Whether a probe runs. */
  probing: boolean
}

/** How long an episode hurt; `watching` while it is watched. What nobody can see now is not called lasting. */
export function episodeNumbers(episode: Episode, watching: Watching | undefined): EpisodeNumber[] {
  const { outageMs, outageErrorMs, ownerlessMs, ownerlessErrorMs, twoOwnersMs, failedProbes } =
    episode
  const { failingSince, ownerlessSince, twoOwnersSince } = openEnds(episode)
  const seen = (sure: boolean | undefined) => (sure ? watching?.now : undefined)
  const none = seen(watching?.owners === 'none')
  const both = seen(watching?.owners === 'two')
  const two = duration('twoOwners', twoOwnersSince, twoOwnersMs, undefined, both)
  return [
    duration('outage', failingSince, outageMs, outageErrorMs, seen(watching?.probing)),
    duration('ownerless', ownerlessSince, ownerlessMs, ownerlessErrorMs, none),
    failedProbes === undefined
      ? { key: 'failedProbes', state: 'unmeasured' }
      : { key: 'failedProbes', state: 'measured', value: failedProbes },
    ...(two.state === 'unmeasured' ? [] : [two]),
  ]
}

function duration(
  key: EpisodeNumber['key'],
  since: number | undefined,
  value: number | undefined,
  errorMs: number | undefined,
  now: number | undefined,
): EpisodeNumber {
  if (since !== undefined) {
    return now === undefined
      ? { key, state: 'cutOff' }
      : { key, state: 'lasting', value: Math.max(0, now - since) }
  }
  if (value === undefined) return { key, state: 'unmeasured' }
  return { key, state: 'measured', value, ...(errorMs !== undefined && { errorMs }) }
}

/** What has begun and not ended in an episode that has not ended. */
function openEnds(episode: Episode): {
  failingSince?: number
  ownerlessSince?: number
  twoOwnersSince?: number
} {
  if (episode.endedAt !== undefined) return {}
  const lastOf = (name: EpisodePhase['name']): number | undefined =>
    episode.phases.findLast((phase) => phase.name === name)?.at
  const failedAt = lastOf('firstFailure')
  const goodAt = lastOf('firstSuccess') ?? -Infinity
  const failing = failedAt !== undefined && goodAt < failedAt
  const holders = holdersOf(episode)
  const changedAt = holders && episode.phases.findLast(isMove)?.at
  return {
    ...(failing && { failingSince: lastOf('lastSuccess') ?? failedAt }),
    ...(changedAt !== undefined && holderEnd(holders?.length ?? 1, changedAt)),
  }
}

function holderEnd(
  holders: number,
  changedAt: number,
): { ownerlessSince?: number; twoOwnersSince?: number } {
  if (holders === 0) return { ownerlessSince: changedAt }
  return holders > 1 ? { twoOwnersSince: changedAt } : {}
}

const isMove = ({ name }: EpisodePhase): boolean => name === 'vipLost' || name === 'vipGained'

/** Who holds the VIP after all phases; undefined where the first owner is not known, and so who else holds it. */
function holdersOf({ from, phases }: Episode): string[] | undefined {
  if (from === undefined) return undefined
  const holders = new Set([from])
  for (const { name, amphoraId } of phases.filter(isMove)) {
    if (amphoraId === undefined) continue
    if (name === 'vipLost') holders.delete(amphoraId)
    else holders.add(amphoraId)
  }
  return [...holders]
}

/** Who held the VIP before an episode and who holds it after; undefined: not known. `stayed`: it never moved. */
export function episodeWay(episode: Episode): {
  from: string | undefined
  to: readonly string[] | undefined
  stayed: boolean
} {
  const { from, to, endedAt, phases } = episode
  const last = to === undefined ? undefined : [to]
  return {
    from,
    to: endedAt === undefined ? (holdersOf(episode) ?? last) : last,
    stayed: !phases.some(isMove) && (to ?? from) === from,
  }
}
