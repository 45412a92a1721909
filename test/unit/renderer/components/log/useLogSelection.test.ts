import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import type { LogLine } from '../../../../../preload/contract/pair'
import { useLogSelection } from '../../../../../renderer/components/log/useLogSelection'

const line = (text: string): LogLine => ({
  amphoraId: 'a',
  at: 0,
  rawAt: 0,
  cursor: text,
  identifier: '',
  text,
  meaning: 'other',
})
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(line) as [LogLine, LogLine, LogLine, LogLine]
const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text).join('')

describe('useLogSelection', () => {
  it('extends from where it began, in either direction', () => {
    const { mark, selection } = useLogSelection(shallowRef([a, b, c, d]))
    mark(2, false)
    mark(3, true)
    expect(texts(selection.value)).toBe('cd')
    mark(0, true)
    expect(texts(selection.value)).toBe('abc')
  })

  it('stays with its lines when older ones are merged in before them', () => {
    const shown = shallowRef([b, d])
    const { mark, selection } = useLogSelection(shown)
    mark(1, false)
    shown.value = [a, b, c, d]
    expect(texts(selection.value)).toBe('d')
  })

  it('is empty while its lines are filtered out', () => {
    const shown = shallowRef([a, b])
    const { mark, selection } = useLogSelection(shown)
    mark(1, false)
    shown.value = [a]
    expect(selection.value).toEqual([])
  })

  it('goes to the nearest line when asked beyond the ends', () => {
    const { mark } = useLogSelection(shallowRef([a, b]))
    expect([mark(-5, false), mark(9, false)]).toEqual([0, 1])
  })
})
