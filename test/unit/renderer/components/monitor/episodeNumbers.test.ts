import { describe, expect, it } from 'vitest'
import type { Episode, EpisodePhase } from '../../../../../preload/contract/pair'
import {
  episodeNumbers,
  episodeWay,
  type Watching,
} from '../../../../../renderer/components/monitor/episodeNumbers'

const phase = (name: EpisodePhase['name'], at: number, amphoraId?: string): EpisodePhase => ({
  ...{ name, at, errorMs: 1, sinceStartMs: at },
  ...(amphoraId !== undefined && { amphoraId }),
})

const anEpisode = (parts: Partial<Episode>): Episode => ({
  ...{ id: '1', startedAt: 0, outcome: 'ongoing', from: 'a', phases: [] },
  ...parts,
})

const at = (now: number, owners: Watching['owners']): Watching => ({ now, owners, probing: true })

const numbersOf = (episode: Episode, watching: Watching | undefined) =>
  episodeNumbers(episode, watching).map(({ key, state, value }) => [key, state, value])

describe('the numbers of an episode', () => {
  const failing = anEpisode({
    phases: [phase('vipLost', 100, 'a'), phase('firstFailure', 120)],
    failedProbes: 4,
  })

  it('say how long it has lasted so far while it lasts', () => {
    expect(numbersOf(failing, at(1_100, 'none'))).toEqual([
      ['outage', 'lasting', 980],
      ['ownerless', 'lasting', 1_000],
      ['failedProbes', 'measured', 4],
    ])
  })

  it('count an outage that lasts from the last good answer, as one that has ended', () => {
    const phases = [phase('lastSuccess', 70), ...failing.phases]
    expect(numbersOf({ ...failing, phases }, at(1_100, 'none'))[0]).toEqual([
      'outage',
      'lasting',
      1_030,
    ])
  })

  it('do not grow when nobody watches it any more', () => {
    expect(numbersOf(failing, undefined)).toEqual([
      ['outage', 'cutOff', undefined],
      ['ownerless', 'cutOff', undefined],
      ['failedProbes', 'measured', 4],
    ])
  })

  it('call nothing lasting that nobody can see: an owner while a side is unheard, an outage without a probe', () => {
    const states = (watching: Watching) =>
      episodeNumbers(failing, watching).map(({ state }) => state)
    expect(states(at(1_100, 'unknown'))).toEqual(['lasting', 'cutOff', 'measured'])
    expect(states({ ...at(1_100, 'none'), probing: false })).toEqual([
      'cutOff',
      'lasting',
      'measured',
    ])
  })

  it('are those measured when service and owner are back before the steady state', () => {
    const back = anEpisode({
      phases: [...failing.phases, phase('vipGained', 160, 'b'), phase('firstSuccess', 200)],
      outageMs: 90,
      ownerlessMs: 60,
      failedProbes: 2,
    })
    expect(numbersOf(back, at(1_100, 'one'))).toEqual([
      ['outage', 'measured', 90],
      ['ownerless', 'measured', 60],
      ['failedProbes', 'measured', 2],
    ])
  })

  it('tell two owners that are still two', () => {
    const two = anEpisode({ outcome: 'twoOwners', phases: [phase('vipGained', 100, 'b')] })
    expect(numbersOf(two, at(600, 'two'))).toEqual([
      ['outage', 'unmeasured', undefined],
      ['ownerless', 'unmeasured', undefined],
      ['failedProbes', 'unmeasured', undefined],
      ['twoOwners', 'lasting', 500],
    ])
  })

  it('are as on record once it has ended', () => {
    const ended = anEpisode({ ...failing, endedAt: 2_000, outcome: 'noOwner' })
    expect(numbersOf(ended, at(3_000, 'none')).map(([, state]) => state)).toEqual([
      'unmeasured',
      'unmeasured',
      'measured',
    ])
  })
})

describe('the way of the VIP', () => {
  const wayOf = (parts: Partial<Episode>) => episodeWay(anEpisode(parts))

  it('names all who hold it while the episode lasts: two, or nobody', () => {
    const gained = [phase('vipGained', 100, 'b')]
    expect(wayOf({ phases: gained }).to).toEqual(['a', 'b'])
    expect(wayOf({ phases: [phase('vipLost', 100, 'a')] }).to).toEqual([])
  })

  it('ends where the VIP was at the end', () => {
    const phases = [phase('vipLost', 100, 'a'), phase('vipGained', 160, 'b')]
    expect(wayOf({ phases, endedAt: 1_000, to: 'b' })).toEqual({
      from: 'a',
      to: ['b'],
      stayed: false,
    })
  })

  it('is no way at all where it never moved', () => {
    expect(wayOf({ phases: [phase('firstFailure', 100)] }).stayed).toBe(true)
    const back = [phase('vipLost', 100, 'a'), phase('vipGained', 160, 'a')]
    expect(wayOf({ phases: back, endedAt: 1_000, to: 'a' }).stayed).toBe(false)
  })

  it('is not known while it is not known who held the VIP first', () => {
    const unknown = anEpisode({ phases: [phase('vipGained', 100, 'b')] })
    delete unknown.from
    expect(episodeWay(unknown).to).toBeUndefined()
  })
})
