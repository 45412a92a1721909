import { describe, expect, it } from 'vitest'
import { Track } from '../../../../renderer/stores/track'

const steps = (track: Track<string>, from = 0, to = 100) => {
  const result: [number, number, string][] = []
  track.read(from, to, (...step) => result.push(step))
  return result
}

describe('Track', () => {
  it('holds a value until the next step', () => {
    const track = new Track<string>()
    track.set(10, 'BACKUP')
    track.set(40, 'MASTER')
    expect(steps(track)).toEqual([
      [10, 40, 'BACKUP'],
      [40, 100, 'MASTER'],
    ])
    expect([track.at(9), track.at(10), track.at(39.9), track.at(40)]).toEqual([
      undefined,
      'BACKUP',
      'BACKUP',
      'MASTER',
    ])
  })

  it('takes steps that are told late at their own time', () => {
    const track = new Track<string>()
    track.set(10, 'BACKUP')
    track.set(60, 'FAULT')
    track.set(40, 'MASTER')
    expect(steps(track)).toEqual([
      [10, 40, 'BACKUP'],
      [40, 60, 'MASTER'],
      [60, 100, 'FAULT'],
    ])
  })

  it('joins neighbours that are equal, also after a late step', () => {
    const track = new Track<string>()
    track.set(10, 'BACKUP')
    track.set(20, 'BACKUP')
    track.set(60, 'MASTER')
    track.set(30, 'MASTER')
    expect(steps(track)).toEqual([
      [10, 30, 'BACKUP'],
      [30, 100, 'MASTER'],
    ])
    expect(track.lastStart).toBe(30)
  })

  it('clips to the interval that is asked for', () => {
    const track = new Track<string>()
    track.set(0, 'one')
    track.set(50, 'two')
    expect(steps(track, 20, 30)).toEqual([[20, 30, 'one']])
  })

  it('forgets the oldest steps beyond its limit', () => {
    const track = new Track<string>(Object.is, 3)
    for (let i = 0; i < 10; i += 1) track.set(i, String(i))
    expect(steps(track, 0, 10)).toEqual([
      [7, 8, '7'],
      [8, 9, '8'],
      [9, 10, '9'],
    ])
  })
})
