import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding, Severity } from '../../../../../preload/contract/finding'
import {
  findingAddress,
  fleetFiltered,
  fleetRows,
  mergedHistory,
  unjudgedRows,
} from '../../../../../renderer/components/overview/fleet'

const finding = (rule: string, severity: Severity, since?: number): Finding => ({
  rule,
  severity,
  subject: { kind: 'amphora', id: `of ${rule}` },
  values: {},
  proofs: [],
  ...(since !== undefined && { since }),
})
const diagnosis = (name: string, ...findings: Finding[]): Diagnosis => ({
  loadBalancerId: `id-${name}`,
  name,
  at: 1,
  findings,
  unknown: [],
  fine: [],
  depth: 'ssh',
})

describe('the rows of a fleet', () => {
  const rows = fleetRows([
    [
      'alpha',
      [diagnosis('lb10', finding('a', 'low')), diagnosis('lb2', finding('b', 'critical', 5))],
    ],
    ['beta', [diagnosis('lb1', finding('c', 'critical', 9), finding('d', 'critical'))]],
  ])

  it('come worst first over all clouds, of equal ones the newest, those without a beginning last', () => {
    expect(rows.map(({ finding: { rule } }) => rule)).toEqual(['c', 'b', 'd', 'a'])
  })

  it('can be narrowed by severity', () => {
    const found = fleetFiltered(rows, { severities: ['low', 'info'], text: '' }, () => '')
    expect(found.map(({ name }) => name)).toEqual(['lb10'])
  })

  it('can be narrowed by words of the sentences, the load balancer and the rule', () => {
    const search = (text: string) =>
      fleetFiltered(rows, { severities: [], text }, ({ rule }) =>
        rule === 'b' ? 'Two owners of the VIP' : '',
      ).map(({ finding: { rule } }) => rule)
    expect(search('owners vip')).toEqual(['b'])
    expect(search('ID-LB10')).toEqual(['a'])
    expect(search('beta')).toEqual(['c', 'd'])
    expect(search('owners beta')).toEqual([])
  })
})

it('keeps when a finding began apart from when the console first saw it, and orders by what is known', () => {
  const change = (loadBalancerId: string, at: number) => ({
    ...{ at, loadBalancerId, name: '', rule: 'a', severity: 'low' as const },
    subject: { kind: 'amphora' as const, id: 'of a' },
    what: 'appeared' as const,
  })
  const rows = fleetRows(
    [['alpha', [diagnosis('lb1', finding('a', 'low')), diagnosis('lb2', finding('a', 'low', 7))]]],
    new Map([['alpha', [change('id-lb1', 9), change('id-lb2', 3)]]]),
  )
  expect(rows.map(({ name, finding: { since }, seen }) => [name, since, seen])).toEqual([
    ['lb1', undefined, 9],
    ['lb2', 7, 3],
  ])
})

it('lists load balancers that are not judged in full, those with most first, without the others', () => {
  const unknown = (...rules: string[]) =>
    rules.map((rule) => ({
      rule,
      subject: { kind: 'pair' as const, id: 'p' },
      missing: [{ what: 'log', reason: 'ssh.authentication' as const }],
    }))
  const rows = unjudgedRows([
    [
      'alpha',
      [
        { ...diagnosis('one'), unknown: unknown('a') },
        diagnosis('whole'),
        { ...diagnosis('two'), unknown: unknown('a', 'b') },
      ],
    ],
  ])
  expect(rows.map(({ diagnosis: { name } }) => name)).toEqual(['two', 'one'])
})

it('tells the changes of several clouds newest first', () => {
  const change = (at: number) => ({
    at,
    loadBalancerId: 'x',
    name: 'x',
    rule: 'a',
    severity: 'low' as const,
    subject: { kind: 'pair' as const, id: 'x' },
    what: 'gone' as const,
  })
  const merged = mergedHistory([
    ['alpha', [change(3), change(1)]],
    ['beta', [change(2)]],
  ])
  expect(merged.map(({ at, cloud }) => `${at} ${cloud}`)).toEqual(['3 alpha', '2 beta', '1 alpha'])
})

it('addresses a finding so that odd names survive', () => {
  const address = findingAddress('my cloud/1', 'a b', finding('vrrp.two-owners', 'critical'))
  expect(address).toBe(
    '/cloud/my%20cloud%2F1/load-balancers/a%20b/findings?finding=vrrp.two-owners%20of%20vrrp.two-owners',
  )
})
