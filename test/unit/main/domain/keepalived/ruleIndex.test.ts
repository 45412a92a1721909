import { describe, expect, it } from 'vitest'
import {
  INSTANCE_RULES,
  PROCESS_RULES,
  type Rule,
} from '../../../../../main/domain/keepalived/messages'
import { beginningsOf, RuleIndex } from '../../../../../main/domain/keepalived/ruleIndex'
import { lines } from '../captures'

describe('beginningsOf', () => {
  it.each([
    ['^Entering MASTER STATE', ['Entering MASTER STATE']],
    ['^(?:Backup|Master) received', ['Backup', 'Master']],
    ['^(?:VRRP_Script\\((?<script>[^()]{1,255})\\)) failed', ['VRRP_Script(']],
    ['^(?:a[|)]b|c(?:d|e)f\\)) g', ['a', 'c']],
    ['^Script `(?<script>x)', ['Script `']],
    ['^Sending(?:/queueing)? x', ['Sending']],
    ['^pid \\d', ['pid ']],
    ['^ab?c', ['a']],
    ['^ab*c', ['a']],
    ['^ab{0,2}c', ['a']],
    ['^ab{1,2}c', ['ab']],
    ['^ab+c', ['ab']],
    ['^(?:a|b)? c', ['']],
    ['^(?:a|b){0,1} c', ['']],
    ['^(?<unit>\\w) c', ['']],
    ['^\\S x', ['']],
    ['^.x', ['']],
    ['anywhere', ['']],
  ])('of %s', (source, beginnings) => {
    expect(beginningsOf(source)).toEqual(beginnings)
  })
})

describe('RuleIndex', () => {
  it('finds what trying all rules in their order finds', () => {
    const messages = lines('pair/keepalived-2.2.7-messages.txt').map((line) => line.slice(28))
    const texts = messages.flatMap((text) => [text, text.replace(/^\(\S+\):? /, '')])
    for (const rules of [INSTANCE_RULES, PROCESS_RULES]) {
      const index = new RuleIndex(rules)
      expect(texts.map((text) => index.find(text))).toEqual(
        texts.map((text) => rules.find(([pattern]) => pattern.test(text))),
      )
    }
  })

  it('keeps the order between rules that begin alike and rules that may begin with anything', () => {
    const first: Rule = [/^(?<unit>\S+): up/, 'starting']
    const second: Rule = [/^one: /, 'other']
    const third: Rule = [/^(?<unit>\S+): down/, 'stopped']
    const index = new RuleIndex([first, second, third])
    expect(index.find('one: up')).toBe(first)
    expect(index.find('one: down')).toBe(second)
    expect(index.find('two: down')).toBe(third)
    expect(index.find('two')).toBeUndefined()
    expect(index.find('')).toBeUndefined()
  })
})
