import { describe, expect, it } from 'vitest'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import type { Verdict } from '../../../../../main/domain/findings/rule'
import { RULES } from '../../../../../main/domain/findings/rules'
import { NEEDS } from '../../../../../main/domain/findings/verdict'
import { amphoraCases } from './amphoraCases'
import { cloudCases } from './cloudCases'
import type { Cases, Change } from './draft'
import { healthyFacts } from './healthyFacts'
import { serviceCases } from './serviceCases'
import { vrrpCases } from './vrrpCases'
import failureModes from '../../../../fixtures/failureModes.json'

const CASES: Readonly<Record<string, Cases>> = {
  ...vrrpCases,
  ...serviceCases,
  ...amphoraCases,
  ...cloudCases,
}
const ids = RULES.map(({ id }) => id)

/** What one rule says of healthy facts after a change. */
function verdicts(id: string, change?: Change): readonly Verdict[] {
  const facts = healthyFacts()
  change?.(facts)
  return RULES.find((rule) => rule.id === id)!.judge(facts as LoadBalancerFacts)
}
const kinds = (id: string, change?: Change): string[] =>
  [...new Set(verdicts(id, change).map(({ is }) => is))].sort()
const holdsOf = (id: string) => [CASES[id]!.holds].flat() as readonly Change[]

describe('every rule', () => {
  it('has its cases, and no case is without its rule', () => {
    expect(Object.keys(CASES).sort()).toEqual([...ids].sort())
  })

  it('has a name of its own', () => {
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([])
    expect(ids.filter((id) => !/^[a-z]+\.[a-z0-9-]+$/.test(id))).toEqual([])
  })

  it('explains only rules that exist, and not itself', () => {
    const strange = RULES.flatMap(({ id, explains = [] }) =>
      explains.filter((other) => other === id || !ids.includes(other)),
    )
    expect(strange).toEqual([])
  })

  it.each(ids)('%s holds where its fault is, and proves it', (id) => {
    for (const change of holdsOf(id)) {
      const found = verdicts(id, change).filter((verdict) => verdict.is === 'holds')
      expect(found).not.toEqual([])
      for (const { proofs, subject } of found) {
        expect(subject.id).not.toBe('')
        expect(proofs).not.toEqual([])
        for (const { text, source } of proofs) {
          expect(text.trim()).not.toBe('')
          expect(text.length).toBeLessThanOrEqual(500)
          expect(source.trim()).not.toBe('')
        }
      }
    }
  })

  it.each(ids)('%s does not hold where nothing is wrong', (id) => {
    expect(kinds(id, CASES[id]!.fine)).toEqual(['fine'])
  })

  it.each(ids)('%s is unknown, and says what is missing, where its evidence is', (id) => {
    expect(kinds(id, CASES[id]!.unknown)).toContain('unknown')
    expect(kinds(id, CASES[id]!.unknown)).not.toContain('holds')
    for (const verdict of verdicts(id, CASES[id]!.unknown)) {
      if (verdict.is !== 'unknown') continue
      expect(verdict.missing).not.toEqual([])
      for (const { what } of verdict.missing) expect(NEEDS).toContain(what)
    }
  })
})

describe('the catalogue of failure modes', () => {
  const rulesOf = (mode: number): string[] =>
    RULES.filter(({ modes }) => modes.includes(mode))
      .map(({ id }) => id)
      .sort()

  it('knows 52 modes', () => {
    expect(failureModes.map(({ mode }) => mode)).toEqual(
      Array.from({ length: 52 }, (_, i) => i + 1),
    )
  })

  it.each(failureModes)('names what finds mode $mode ($title), or why nothing can', (entry) => {
    expect([...entry.rules].sort()).toEqual(rulesOf(entry.mode))
    expect(entry.rules.length > 0).toBe(!('notObservable' in entry))
  })
})

describe('the words of findings', () => {
  const words = import.meta.glob<Record<string, Record<string, Record<string, string>>>>(
    '/renderer/locales/*/finding.json',
    { eager: true, import: 'default' },
  )
  const placeholders = (text: string): string[] =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

  it.each(Object.entries(words))(
    '%s say five things of each rule, and nothing of others',
    (_path, language) => {
      const told = ids.map((id) => {
        const [area = '', what = ''] = id.split('.')
        return Object.keys(language[area]?.[what] ?? {})
          .sort()
          .join()
      })
      expect(told).toEqual(ids.map(() => 'advice,cause,checks,cost,title'))
      const strange = Object.entries(language)
        .filter(([area]) => area !== 'missing')
        .flatMap(([area, rules]) => Object.keys(rules).map((what) => `${area}.${what}`))
        .filter((id) => !ids.includes(id))
      expect(strange).toEqual([])
      expect(Object.keys(language['missing'] ?? {}).sort()).toEqual([...NEEDS].sort())
    },
  )

  it.each(ids)('say without values, and without its fault, what %s checks', (id) => {
    const [area = '', what = ''] = id.split('.')
    for (const language of Object.values(words)) {
      const { checks = '', title = '' } = language[area]?.[what] ?? {}
      expect(placeholders(checks)).toEqual([])
      expect(checks).not.toBe(title)
    }
  })

  it.each(ids)('ask of %s only what it gives', (id) => {
    const [area = '', what = ''] = id.split('.')
    for (const language of Object.values(words)) {
      const asked = Object.values(language[area]?.[what] ?? {}).flatMap(placeholders)
      for (const change of holdsOf(id)) {
        for (const verdict of verdicts(id, change)) {
          if (verdict.is !== 'holds') continue
          // A diagnosis adds the load balancer.
          const given = [...Object.keys(verdict.values), 'loadBalancer']
          expect(asked.filter((name) => !given.includes(name))).toEqual([])
        }
      }
    }
  })
})
