import type { Episode, Ownership } from '../../../preload/contract/pair'

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
function openEnds({ phases, endedAt, from }: Episode): {
  failingSince?: number
  ownerlessSince?: number
  twoOwnersSince?: number
} {
  if (endedAt !== undefined) return {}
  const sorted = [...phases].sort((a, b) => a.at - b.at)
  const failure = sorted.findLast(({ name }) => name === 'firstFailure')
  const success = sorted.findLast(({ name }) => name === 'firstSuccess')
  const holders = new Set(from === undefined ? [] : [from])
  let changedAt: number | undefined
  for (const { name, at, amphoraId } of sorted) {
    if (amphoraId === undefined || (name !== 'vipLost' && name !== 'vipGained')) continue
    if (name === 'vipLost') holders.delete(amphoraId)
    else holders.add(amphoraId)
    changedAt = at
  }
  return {
    ...(failure && !(success && success.at >= failure.at) && { failingSince: failure.at }),
    // Without the first owner it is not known who else held it.
    ...(from !== undefined && changedAt !== undefined && holderEnd(holders.size, changedAt)),
  }
}

function holderEnd(
  holders: number,
  changedAt: number,
): { ownerlessSince?: number; twoOwnersSince?: number } {
  if (holders === 0) return { ownerlessSince: changedAt }
  return holders > 1 ? { twoOwnersSince: changedAt } : {}
}
