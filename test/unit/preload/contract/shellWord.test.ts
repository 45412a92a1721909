import { expect, it } from 'vitest'
import { asWord } from '../../../../preload/contract/shellWord'

it('quotes in a command what a shell would read as more than a word', () => {
  expect(asWord('haproxy-1d50a652.service')).toBe('haproxy-1d50a652.service')
  expect(asWord(5)).toBe(5)
  expect(asWord('x; reboot')).toBe("'x; reboot'")
  expect(asWord("it's $(reboot)")).toBe(String.raw`'it'\''s $(reboot)'`)
  expect(asWord('`reboot`\nreboot')).toBe("'reboot reboot'")
})
