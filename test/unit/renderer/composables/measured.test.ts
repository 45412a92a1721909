import { describe, expect, it } from 'vitest'
import {
  count,
  errorBar,
  measuredMs,
  share,
  signedMs,
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

describe('errorBar and signedMs', () => {
  it('round the error up and say the direction', () => {
    expect(plain(errorBar(0.811, 'en'))).toBe('± 0.82 ms')
    expect(plain(signedMs(-2.3, 0.4, 'en'))).toBe('−2.30 ± 0.40 ms')
    expect(plain(signedMs(12.31, 1, 'en'))).toBe('+12.3 ± 1.0 ms')
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
