import { expect, test } from 'vitest'
import { findQuote } from '../../../../../renderer/components/evidence/quote'

const OUTPUT = 'vrrp_instance a {\n  state MASTER\n}\nvrrp_instance b {\n  state MASTER\n}\n'

const quoted = (quote: { line?: number; text: string }) => {
  const found = findQuote(OUTPUT, quote)
  return found && { line: found.line, text: OUTPUT.slice(found.from, found.to) }
}

test('words are found at the line that is told, not at an earlier one that has them too', () => {
  expect(quoted({ line: 5, text: 'state MASTER' })).toEqual({ line: 5, text: '  state MASTER' })
})

test('words that are not at the line that is told are found where they are first', () => {
  expect(quoted({ line: 4, text: 'state MASTER' })).toEqual({ line: 2, text: '  state MASTER' })
  expect(quoted({ line: 400, text: 'state MASTER' })).toEqual({ line: 2, text: '  state MASTER' })
})

test('a quotation of several lines is found whole', () => {
  expect(quoted({ text: 'vrrp_instance b {\n  state MASTER' })).toEqual({
    line: 4,
    text: 'vrrp_instance b {\n  state MASTER',
  })
})

test('the first and the last line are found, with and without a line break at the end', () => {
  expect(quoted({ line: 1, text: 'vrrp_instance a {' })).toEqual({
    line: 1,
    text: 'vrrp_instance a {',
  })
  expect(findQuote('one\ntwo', { text: 'two' })).toEqual({ from: 4, to: 7, line: 2 })
})

test('words that the output does not have are not found, nor is nothing', () => {
  expect(findQuote(OUTPUT, { text: 'state BACKUP' })).toBeUndefined()
  expect(findQuote(OUTPUT, { text: '  ' })).toBeUndefined()
  expect(findQuote('', { line: 1, text: 'state' })).toBeUndefined()
})
