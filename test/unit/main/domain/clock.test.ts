import { describe, expect, it } from 'vitest'
import {
  ageOffset,
  combineOffsets,
  correctTime,
  measureOffset,
  parseRemoteClock,
} from '../../../../main/domain/clock'

const measured = (offsetMs: number, errorMs: number, measuredAt: number) => ({
  offsetMs,
  errorMs,
  measuredAt,
})

describe('measureOffset', () => {
  it('trusts the shortest round trip and errs by half of it', () => {
    expect(
      measureOffset([
        { sentAt: 1000, receivedAt: 1100, remoteAt: 9000 },
        { sentAt: 2000, receivedAt: 2010, remoteAt: 7005 },
        { sentAt: 3000, receivedAt: 3040, remoteAt: 8900 },
      ]),
    ).toEqual(measured(5000, 5, 2010))
  })

  it('passes over samples that cannot be', () => {
    expect(
      measureOffset([
        { sentAt: 10, receivedAt: 5, remoteAt: 0 },
        { sentAt: 0, receivedAt: 1, remoteAt: NaN },
      ]),
    ).toBeUndefined()
  })

  it('bounds the truth wherever in the round trip the answer was made', () => {
    for (const remoteAt of [500, 504, 509, 510]) {
      const offset = measureOffset([{ sentAt: 500, receivedAt: 510, remoteAt }])
      expect(Math.abs(offset?.offsetMs ?? NaN)).toBeLessThanOrEqual(offset?.errorMs ?? NaN)
    }
  })
})

describe('combineOffsets', () => {
  it('keeps an exact measurement until its age costs more than a new one', () => {
    const old = measured(100, 1, 0)
    const vague = (at: number) => measured(104, 10, at)
    expect(combineOffsets(old, vague(10_000))).toBe(old)
    expect(combineOffsets(old, vague(60_000))).toEqual(vague(60_000))
  })

  it('believes the newer one when somebody has set the clock', () => {
    expect(combineOffsets(measured(100, 1, 0), measured(5000, 40, 1000))).toEqual(
      measured(5000, 40, 1000),
    )
  })

  it('grows less certain with age', () => {
    expect(ageOffset(measured(7, 1, 0), 10_000)).toEqual({ offsetMs: 7, errorMs: 6 })
  })
})

describe('correctTime', () => {
  it('subtracts what the other clock is ahead', () => {
    expect(correctTime(1000, { offsetMs: 30, errorMs: 2 })).toEqual({ at: 970, errorMs: 2 })
  })

  it('leaves the time as it is and names no error while nothing is known', () => {
    expect(correctTime(1000, undefined)).toEqual({ at: 1000 })
  })
})

describe('parseRemoteClock', () => {
  it.each([
    ['1795336750.279486123 +0700\n', 1795336750279.486, 420],
    ['1795336750.279486123 -0530', 1795336750279.486, -330],
    ['1795336750.279486123', 1795336750279.486, 0],
    ['1795336750.%N +0000', 1795336750000, 0],
    ['Welcome\n1795336750.5 +0000', 1795336750500, 0],
  ])('reads %j', (answer, remoteAt, zoneOffsetMinutes) => {
    const read = parseRemoteClock(answer)
    expect(read?.remoteAt).toBeCloseTo(remoteAt, 3)
    expect(read?.zoneOffsetMinutes).toBe(zoneOffsetMinutes)
  })

  it('knows no time in anything else', () => {
    expect(parseRemoteClock('date: invalid option')).toBeUndefined()
  })
})
