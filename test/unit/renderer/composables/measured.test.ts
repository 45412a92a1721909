import { describe, expect, it } from 'vitest'
import {
  clockDifference,
  count,
  errorBar,
  measuredMs,
  share,
} from '../../../../renderer/composables/measured'

const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ')

describe('measuredMs', () => {
  it.each([
    [661.34, 10, '661 ± 10 ms'],
    [661.34, 10.2, '661 ± 11 ms'],
    [49.63, 1.2, '49.6 ± 1.2 ms'],
    [2.318, 0.415, '2.32 ± 0.42 ms'],
    [3134, 10, '3,134 ± 10 ms'],
    [39_686, 10, '39.69 ± 0.01 s'],
    [661.34, undefined, '661 ms'],
    [0.42, undefined, '0.42 ms'],
  ])('shows %d with an error of %d as %s', (value, error, text) => {
    expect(plain(measuredMs(value, error, 'en'))).toBe(text)
  })

  it('writes numbers as Vietnamese does', () => {
    expect(plain(measuredMs(3134.5, 1.25, 'vi'))).toBe('3.134,5 ± 1,3 ms')
  })
})

describe('errorBar', () => {
  it.each([
    [0.811, '± 0.82 ms'],
    [0, '± 0 ms'],
    [-0.4, '± 0 ms'],
  ])('rounds an error of %d up to %s, and is never below zero', (error, text) => {
    expect(plain(errorBar(error, 'en'))).toBe(text)
  })

  it('never shows a zero with a sign', () => {
    expect(plain(measuredMs(-0.001, 0, 'en'))).toBe('0.00 ± 0.00 ms')
    expect(plain(measuredMs(-0, -0, 'en'))).toBe('0.00 ± 0.00 ms')
  })
})

describe('clockDifference', () => {
  it.each([
    [-3.6, 0.85, 'behind', '3.60 ms', '± 0.85 ms'],
    [12.31, 1, 'ahead', '12.3 ms', '± 1.0 ms'],
    [-3.6, 8.5, 'none', '3.6 ms', '± 8.5 ms'],
    [0, 0, 'none', '0.00 ms', '± 0 ms'],
  ])('of %d with an error of %d is %s', (offsetMs, errorMs, kind, size, error) => {
    const difference = clockDifference({ offsetMs, errorMs }, 'en')
    expect({
      ...difference,
      size: plain(difference.size),
      error: plain(difference.error),
    }).toEqual({ kind, size, error })
  })
})

describe('share and count', () => {
  it('show parts and counts in the digits of the language', () => {
    expect([share(498, 1000, 'en'), share(0, 0, 'en'), count(12345, 'vi')]).toEqual([
      '49.8%',
      '0.0%',
      '12.345',
    ])
  })
})
