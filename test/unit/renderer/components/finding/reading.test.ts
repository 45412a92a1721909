import { describe, expect, it } from 'vitest'
import type { Finding, Severity, Unjudged } from '../../../../../preload/contract/finding'
import {
  awaited,
  countBySeverity,
  firstSeen,
  groupUnjudged,
  keyOf,
  verdictOf,
} from '../../../../../renderer/components/finding/reading'

const finding = (severity: Severity, rule = 'vrrp.two-owners'): Finding => ({
  rule,
  severity,
  subject: { kind: 'pair', id: 'lb1' },
  values: {},
  proofs: [],
})
const unjudged = (
  rule: string,
  amphora: string,
  ...missing: [what: string, reason: Unjudged['missing'][number]['reason']][]
): Unjudged => ({
  rule,
  subject: { kind: 'amphora', id: amphora },
  missing: missing.map(([what, reason]) => ({ what, reason })),
})

describe('the verdict', () => {
  it('is fine only where something was judged and nothing is missing', () => {
    expect(verdictOf({ findings: [], unknown: [], fine: ['lb.error'] })).toBe('fine')
  })

  it('is not fine where one rule could not be judged', () => {
    const unknown = [unjudged('agent.stopped', 'a', ['services', 'network.refused'])]
    expect(verdictOf({ findings: [], unknown, fine: ['lb.error'] })).toBe('partly')
  })

  it('is still looking while an answer is awaited, or nothing was judged at all', () => {
    const unknown = [
      unjudged('agent.stopped', 'a', ['services', 'network.refused']),
      unjudged('lb.offline', 'a', ['agent', 'notYet']),
    ]
    expect(verdictOf({ findings: [], unknown, fine: ['lb.error'] })).toBe('looking')
    expect(verdictOf({ findings: [], unknown: [], fine: [] })).toBe('looking')
  })

  it('is what was found, however much is missing', () => {
    const unknown = [unjudged('lb.offline', 'a', ['agent', 'notYet'])]
    expect(verdictOf({ findings: [finding('info')], unknown, fine: [] })).toBe('found')
  })
})

it('counts findings by severity, worst first, without those nobody has', () => {
  expect(countBySeverity([finding('low'), finding('critical'), finding('low')])).toEqual([
    { severity: 'critical', count: 1 },
    { severity: 'low', count: 2 },
  ])
})

it('counts a rule that waits for several amphorae once', () => {
  expect(
    awaited([
      unjudged('lb.offline', 'a', ['agent', 'notYet']),
      unjudged('lb.offline', 'b', ['agent', 'notYet']),
      unjudged('agent.stopped', 'b', ['agent', 'ssh.authentication']),
    ]),
  ).toBe(1)
})

it('tells two findings of one rule apart by what they are about', () => {
  const one = keyOf({ rule: 'agent.stopped', subject: { kind: 'amphora', id: 'a' } })
  expect(one).not.toBe(keyOf({ rule: 'agent.stopped', subject: { kind: 'amphora', id: 'b' } }))
})

describe('what could not be judged', () => {
  it('is grouped by reason, the one that stops most first, each rule once with all it is about', () => {
    const groups = groupUnjudged([
      unjudged('lb.offline', 'a', ['agent', 'octavia.forbidden']),
      unjudged('agent.stopped', 'a', ['services', 'ssh.authentication']),
      unjudged(
        'agent.stopped',
        'b',
        ['services', 'ssh.authentication'],
        ['log', 'ssh.authentication'],
      ),
      unjudged('vrrp.frozen', 'b', ['counters', 'ssh.authentication']),
    ])
    expect(groups.map(({ reason }) => reason)).toEqual(['ssh.authentication', 'octavia.forbidden'])
    expect(groups[0]?.rules).toEqual([
      {
        rule: 'agent.stopped',
        subjects: [
          { kind: 'amphora', id: 'a' },
          { kind: 'amphora', id: 'b' },
        ],
        what: ['services', 'log'],
      },
      { rule: 'vrrp.frozen', subjects: [{ kind: 'amphora', id: 'b' }], what: ['counters'] },
    ])
  })

  it('stands below each of its reasons', () => {
    const groups = groupUnjudged([
      unjudged(
        'lb.offline',
        'a',
        ['agent', 'ssh.authentication'],
        ['amphorae', 'octavia.forbidden'],
      ),
    ])
    expect(groups.map(({ reason, rules }) => [reason, rules[0]?.what])).toEqual([
      ['ssh.authentication', ['agent']],
      ['octavia.forbidden', ['amphorae']],
    ])
  })
})

it('knows since when the console has seen what is there now, however the changes are ordered', () => {
  const change = (at: number, rule: string, what: 'appeared' | 'gone') => ({
    ...{ at, rule, what, loadBalancerId: 'lb', name: 'lb', severity: 'low' as const },
    subject: { kind: 'pair' as const, id: 'p' },
  })
  const seen = firstSeen([
    change(9, 'back', 'appeared'),
    change(5, 'back', 'gone'),
    change(4, 'gone', 'gone'),
    change(2, 'gone', 'appeared'),
    change(1, 'back', 'appeared'),
  ])
  expect([...seen]).toEqual([['back p', 9]])
})
