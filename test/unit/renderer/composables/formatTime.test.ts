import { describe, expect, it } from 'vitest'
import { formatMoment } from '../../../../renderer/composables/formatMoment'
import {
  clockDigits,
  formatAge,
  formatClock,
  formatGrowing,
  formatLeft,
  formatSpan,
  roughly,
} from '../../../../renderer/composables/formatTime'

describe('clockDigits', () => {
  it.each([
    [0, 3],
    [7, 2],
    [60, 1],
    [504, 0],
  ])('leaves of a time ± %d ms %d digits of its second', (errorMs, digits) => {
    expect(clockDigits(errorMs)).toBe(digits)
  })
})

describe('formatMoment', () => {
  const now = new Date(2026, 10, 22, 0, 5).getTime()

  it('says the day of what was not today, however short ago', () => {
    expect(formatMoment(now - 600_000, now, 3)).toBe('2026-11-21 23:55')
    expect(formatMoment(now - 60_000, now, 3)).toBe('00:04:00.000')
    expect(formatMoment(now - 60_000, now)).toBe('00:04:00')
  })
})

describe('formatSpan', () => {
  it.each([
    [0, '0 ms'],
    [340, '340 ms'],
    [1000, '1 sec'],
    [65_000, '1 min 5 sec'],
    [7_500_000, '2 hr 5 min'],
    [86_400_000, '1 day'],
    [3328 * 86_400_000, '9 yrs 40 days'],
  ])('says %d ms as %j', (span, words) => {
    expect(formatSpan(span, 'en')).toBe(words)
  })

  it('speaks Vietnamese', () => {
    expect(formatSpan(65_000, 'vi')).toBe('1 phút 5 giây')
    expect(formatSpan(340, 'vi')).toBe('340 ms')
  })
})

describe('formatGrowing', () => {
  it.each([
    [-20, '0 sec'],
    [966, '0 sec'],
    [12_966, '12 sec'],
    [65_400, '1 min 5 sec'],
  ])('says %d ms as %j, without flickering', (span, words) => {
    expect(formatGrowing(span, 'en')).toBe(words)
  })
})

describe('formatLeft', () => {
  it.each([
    [10_000, '10 sec'],
    [10_999, '10 sec'],
    [9_001, '9 sec'],
    [300, '1 sec'],
    [-5, '1 sec'],
    [65_400, '1 min 5 sec'],
  ])('says %d ms as %j: never more than the pause', (left, words) => {
    expect(formatLeft(1_000_000 + left, 1_000_000, 'en')).toBe(words)
  })
})

describe('roughly', () => {
  it.each([
    [966, 0],
    [-9_999, -5_000],
    [59_999, 55_000],
    [119_000, 60_000],
    [7_545_000, 7_500_000],
    [92_000_000, 90_000_000],
  ])('makes %d ms of it %d', (exact, rough) => {
    expect(roughly(exact)).toBe(rough)
  })
})

describe('formatAge', () => {
  const now = 1_700_000_000_000
  it.each([
    [now - 3000, 'now'],
    [now - 8000, '5s ago'],
    [now - 3 * 60_000, '3min ago'],
    [now - 26 * 3_600_000, 'yesterday'],
    [now + 9 * 86_400_000, 'in 9d'],
    [now - 800 * 86_400_000, '2y ago'],
    [now, 'now'],
  ])('of %d', (at, words) => {
    expect(formatAge(at, now, 'en').replace('3m ago', '3min ago')).toBe(words)
  })
})

it('keeps the microseconds of a clock time', () => {
  expect(formatClock(1_700_000_000_123.456, 3)).toMatch(/^\d\d:\d\d:20\.123$/)
  expect(formatClock(1_700_000_000_123.5, 6)).toMatch(/\.123500$/)
})
