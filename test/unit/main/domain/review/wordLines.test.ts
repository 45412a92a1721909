import { describe, expect, it } from 'vitest'
import { WordLines } from '../../../../../main/domain/review/wordLines'
import { dice } from '../../../../support/damage'

/** The lines that are found, with their numbers, of a text that comes in pieces of a size. */
function found(text: string, words: string[], size: number, longest = 1000): string[] {
  const lines: string[] = []
  const finder = new WordLines(words, longest, (octets, line) =>
    lines.push(`${line} ${octets.toString()}`),
  )
  const octets = Buffer.from(text)
  for (let at = 0; at < octets.length; at += size) finder.push(octets.subarray(at, at + size))
  finder.end()
  return lines
}

describe('lines with one of some words', () => {
  it('are found once, in order, with their numbers', () => {
    const text = 'one\ntwo ten\n\nthree\ntwo three\nten'
    expect(found(text, ['two', 'three', 'ten'], 1000)).toEqual([
      ...['2 two ten', '4 three', '5 two three', '6 ten'],
    ])
  })

  it('are the same however the text is cut', () => {
    const roll = dice(20261123)
    const parts = ['\n', '\n\n', 'Keepalived', 'ystemd', ' is UP', 'é', 'x'.repeat(30), 'Keep']
    for (let round = 0; round < 200; round += 1) {
      const text = Array.from({ length: 60 }, () => parts[roll(parts.length)]).join('')
      const words = ['Keepalive', 'ystemd']
      const expected = text
        .split('\n')
        .map((line, index) => `${index + 1} ${line}`)
        .filter((line) => words.some((word) => line.includes(word)))
      expect(found(text, words, 1 + roll(80))).toEqual(expected)
    }
  })

  it('are counted right where nothing is found for long', () => {
    const text = `${'traffic, and more of it\n'.repeat(70_001)}Keepalived\n`
    for (const size of [777, 65_537, 10_000_000])
      expect(found(text, ['Keepalive'], size)).toEqual(['70002 Keepalived'])
  })

  it('are looked at, and given, no further than the longest', () => {
    const text = `ten${'x'.repeat(1_000_000)}\n${'x'.repeat(1_000_000)}ten\nten`
    const given = `1 ten${'x'.repeat(97)}`
    expect(found(text, ['ten'], 1000, 100)).toEqual([given, '3 ten'])
    expect(found(text, ['ten'], 3_000_000, 100).at(0)).toEqual(given)
    expect(found(text, ['ten'], 3_000_000, 100).at(-1)).toEqual('3 ten')
  })
})
