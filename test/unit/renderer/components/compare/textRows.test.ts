import { expect, it } from 'vitest'
import type { Comparison } from '../../../../../preload/contract/compare'
import { alignLines } from '../../../../../renderer/components/compare/alignLines'
import { inOrder } from '../../../../../renderer/components/compare/sides'
import {
  contrastOf,
  foldRows,
  markedRows,
} from '../../../../../renderer/components/compare/textRows'

const lines = (text: string) => text.split('')
const shape = (left: string, right: string) =>
  alignLines(lines(left), lines(right))
    .map((row) => (row.equal ? '=' : row.left && row.right ? '~' : row.left ? '-' : '+'))
    .join('')

it('puts equal lines beside each other, and what is new between them', () => {
  expect(shape('abc', 'abc')).toBe('===')
  expect(shape('abc', 'axbc')).toBe('=+==')
  expect(shape('abcd', 'ad')).toBe('=--=')
  expect(shape('abc', 'aXc')).toBe('=~=')
  expect(shape('aabbaa', 'aacbaa')).toBe('==~===')
  expect(shape('', 'a')).toBe('+')
})

const comparison = (left: string, right: string | undefined): Comparison => ({
  what: 'keepalived',
  left: { title: 'l', text: left },
  right: { title: 'r', ...(right !== undefined && { text: right }) },
  differences: [
    { path: 'p', leftLine: 1, rightLine: 1, kind: 'expected', why: 'roles' },
    { path: 'q', leftLine: 20, kind: 'drift', why: 'other' },
  ],
})
it('says where two lines differ, at their end as well', () => {
  const pieces = (left: string, right: string): string[] => {
    const contrast = contrastOf(left, right)
    const cut = (text: string, { from, to }: { from: number; to: number }) => text.slice(from, to)
    return [cut(left, contrast.left), cut(right, contrast.right)]
  }
  expect(pieces('server a weight 1', 'server a weight 20')).toEqual(['1', '20'])
  expect(pieces('server a weight 1 rise 2', 'server a rise 2')).toEqual(['weight 1 ', ''])
  expect(pieces('aa', 'aaa')).toEqual(['', 'a'])
  expect(pieces('same', 'same')).toEqual(['', ''])
})

it('has the amphorae in their order everywhere, with all that is said of each', () => {
  const sides = { left: { title: 'l', amphoraId: 'b' }, right: { title: 'r', amphoraId: 'a' } }
  const pair: Comparison = {
    ...{ what: 'keepalived', ...sides },
    differences: [{ path: 'p', left: 'of b', leftLine: 3, kind: 'drift', why: 'other' }],
  }
  expect(inOrder(pair, ['a', 'b'])).toEqual({
    ...{ what: 'keepalived', left: sides.right, right: sides.left },
    differences: [{ path: 'p', right: 'of b', rightLine: 3, kind: 'drift', why: 'other' }],
  })
  for (const order of [['b', 'a'], ['b'], []]) expect(inOrder(pair, order)).toBe(pair)
})

const many = (first: string) =>
  [first, ...Array.from({ length: 29 }, (_, i) => `line ${i}`)].join('\n')

it('marks what is expected and what is not, and folds the rest but for three lines around', () => {
  const rows = markedRows(comparison(many('a'), many('b')))
  expect(rows[0]).toMatchObject({ mark: 'expected', equal: false })
  expect(rows[19]).toMatchObject({ mark: 'drift' })
  const folded = foldRows(rows, new Set(), () => false)
  expect(folded.map((row) => (row.kind === 'fold' ? row.count : ''))).toEqual([
    ...['', '', '', '', 12, '', '', '', '', '', '', '', 7],
  ])
  expect(foldRows(rows, new Set([4]), () => false)).toHaveLength(24)
})

it('shows one text alone where the other side has none', () => {
  const rows = markedRows(comparison(many('a'), undefined))
  expect(rows).toHaveLength(30)
  expect(rows.every((row) => row.kind === 'line' && row.right === undefined)).toBe(true)
})
