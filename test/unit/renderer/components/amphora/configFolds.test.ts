import { expect, it } from 'vitest'
import { foldsOf, shownLines } from '../../../../../renderer/components/amphora/configFolds'
import { hitsOf, withHits } from '../../../../../renderer/components/amphora/configSearch'

const spans = (text: string, language: Parameters<typeof foldsOf>[1]) =>
  [...foldsOf(text.split('\n'), language).values()].map(({ start, end }) => [start, end])

it('folds the sections of haproxy, without the empty lines behind them', () => {
  expect(spans('# head\nglobal\n  daemon\n\ndefaults\n  log global\n\n\n', 'haproxy')).toEqual([
    [1, 2],
    [4, 5],
  ])
})

it('folds the blocks of keepalived, each inside the other', () => {
  const text = 'vrrp_instance x {\n  authentication {\n    auth_type PASS\n  }\n  # }\n}\n'
  expect(spans(text, 'keepalived')).toEqual([
    [1, 3],
    [0, 5],
  ])
})

it('folds what begins and ends in a script, and in JSON', () => {
  expect(spans('if a; then\n  b\nfi\nfor x in y; do\n  z\ndone', 'shell')).toEqual([
    [0, 2],
    [3, 5],
  ])
  expect(spans('{\n  "a": [\n    "{"\n  ]\n}', 'json')).toEqual([
    [1, 3],
    [0, 4],
  ])
})

it('folds nothing that does not end', () => {
  expect(spans('a {\nb {\n', 'keepalived')).toEqual([])
  expect(spans('}\n}\n', 'keepalived')).toEqual([])
})

it('hides the lines of folded blocks, also inside of each other', () => {
  const folds = foldsOf(['a {', 'b {', 'c', '}', 'd', '}', 'e'], 'keepalived')
  expect(shownLines(7, folds, new Set())).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(shownLines(7, folds, new Set([1]))).toEqual([0, 1, 4, 5, 6])
  expect(shownLines(7, folds, new Set([0, 1]))).toEqual([0, 6])
})

it('folds and searches no slower than the file grows', () => {
  for (const bad of ['{', '}', '\\"', '"', '# ', ' if', 'a '])
    for (const language of ['keepalived', 'haproxy', 'shell', 'json'] as const) {
      const text = bad.repeat(30_000)
      foldsOf([text], language)
      foldsOf(text.split(''), language)
    }
  const text = 'ab '.repeat(20_000)
  const hits = hitsOf([text], 'a')
  const tokens = text.split(' ').map((word) => ({ kind: 'text' as const, text: `${word} ` }))
  expect(withHits(tokens, hits).filter(({ hit }) => hit >= 0)).toHaveLength(20_000)
})

it('finds words in either case, one after the other', () => {
  expect(hitsOf(['Server server', 'none', 'aserver'], 'SERVER')).toEqual([
    { line: 0, from: 0, to: 6 },
    { line: 0, from: 7, to: 13 },
    { line: 2, from: 1, to: 7 },
  ])
  expect(hitsOf(['a'], '')).toEqual([])
  expect(hitsOf(['aaaa'], 'aa')).toHaveLength(2)
})

it('marks hits across the pieces of a line', () => {
  const pieces = withHits(
    [
      { kind: 'keyword', text: 'bind' },
      { kind: 'text', text: ' port' },
    ],
    [{ line: 0, from: 2, to: 7 }],
  )
  expect(pieces).toEqual([
    { kind: 'keyword', text: 'bi', hit: -1 },
    { kind: 'keyword', text: 'nd', hit: 0 },
    { kind: 'text', text: ' po', hit: 0 },
    { kind: 'text', text: 'rt', hit: -1 },
  ])
})
