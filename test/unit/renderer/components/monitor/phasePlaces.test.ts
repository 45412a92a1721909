import { describe, expect, it } from 'vitest'
import type { EpisodePhase } from '../../../../../preload/contract/pair'
import { phasePlaces } from '../../../../../renderer/components/monitor/phasePlaces'

const phase = (name: EpisodePhase['name'], at: number): EpisodePhase => ({
  name,
  at,
  errorMs: 1,
  sinceStartMs: at,
})
const lefts = (...phases: EpisodePhase[]) =>
  phasePlaces(phases).map(({ phase: { name }, left }) => `${name} ${Math.round(left)}`)

describe('phasePlaces', () => {
  it('places phases in proportion to time, whatever their order', () => {
    expect(lefts(phase('firstSuccess', 1_000), phase('trigger', 0), phase('vipLost', 200))).toEqual(
      ['trigger 0', 'vipLost 20', 'firstSuccess 100'],
    )
  })

  it('keeps phases that nearly coincide apart, at either end', () => {
    expect(
      lefts(
        phase('trigger', 0),
        phase('vipLost', 1),
        phase('vipGained', 999),
        phase('firstSuccess', 1_000),
      ),
    ).toEqual(['trigger 0', 'vipLost 3', 'vipGained 97', 'firstSuccess 100'])
  })

  it('leaves out the steady state, which would press all else together', () => {
    expect(lefts(phase('trigger', 0), phase('vipGained', 600), phase('steady', 60_000))).toEqual([
      'trigger 0',
      'vipGained 100',
    ])
  })
})
