import { describe, expect, it } from 'vitest'
import {
  gracefulGapMs,
  hardGapMs,
  masterDownMs,
  returnDelayMs,
  scriptGapMs,
} from '../../../../../main/domain/vrrp/timers'

describe('the timers of VRRP', () => {
  it('are those that keepalived printed', () => {
    expect(masterDownMs(90)).toBeCloseTo(3648.437, 2)
    expect(masterDownMs(100)).toBeCloseTo(3609.375, 2)
    expect(masterDownMs(90, 3000)).toBeCloseTo(9648.437, 2)
    expect(masterDownMs(100, 1000, 3)).toBeCloseTo(3609.375, 2)
  })

  const within = (value: number, { from, to }: { from: number; to: number }) =>
    from <= value && value <= to

  it('hold every gap that was measured', () => {
    expect([658, 659, 660, 661].filter((gap) => !within(gap, gracefulGapMs(90)))).toEqual([])
    const hard = [2660, 2720, 2870, 2970, 2990, 3370, 3480, 3560, 3600, 3134, 3323, 3210]
    expect(hard.filter((gap) => !within(gap, hardGapMs(90)))).toEqual([])
    expect([7818, 8116, 10_700].filter((gap) => !within(gap, scriptGapMs(90)))).toEqual([])
    expect([3610, 3612].filter((wait) => !within(wait, returnDelayMs(100)))).toEqual([])
  })
})
