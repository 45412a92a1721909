import { describe, expect, it } from 'vitest'
import { instantOf } from '../../../../../renderer/components/review/timeInput'

describe('a time that somebody typed', () => {
  it('is local time, as exactly as it was typed', () => {
    expect(instantOf('2026-11-17')).toBe(new Date(2026, 10, 17).getTime())
    expect(instantOf(' 2026-11-17 02:00 ')).toBe(new Date(2026, 10, 17, 2).getTime())
    expect(instantOf('2026-11-17T02:00:05.25')).toBe(new Date(2026, 10, 17, 2, 0, 5, 250).getTime())
  })

  it('is nothing when nothing was typed, and no number when it is no time', () => {
    expect(instantOf('  ')).toBeUndefined()
    for (const typed of ['yesterday', '2026-02-30', '2026-11-17 25:00', '17.11.2026'])
      expect(instantOf(typed)).toBeNaN()
  })
})
