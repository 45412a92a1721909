import { describe, expect, it } from 'vitest'
import { judge } from '../../../../../main/domain/review/judge'
import type { Scene } from '../../../../../main/domain/review/scene'
import { episodesOf } from '../../../../../main/domain/review/timeline'
import { lines, SCENARIOS, scenario } from '../captures'
import { sceneOf } from './reviewed'

/** By the amphora's id; an amphora that wrote nothing goes by its address. */
const NAMES: Readonly<Record<string, string>> = {
  '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61': 'amp1',
  'b64b8e2a-7c1d-4f27-9d3a-6e5f40312a72': 'amp2',
  '10.77.1.11': 'amp1',
  '10.77.1.12': 'amp2',
}
const nameOf = (id: string | undefined): string => NAMES[id ?? ''] ?? ''

const judgements = new WeakMap<Scene, ReturnType<typeof judge>>()

/** What is made of a scene, once for all tests. */
function judgedOf(number: string, fits?: RegExp): ReturnType<typeof judge> {
  const scene = sceneOf(number, fits)
  const judged = judgements.get(scene) ?? judge(scene)
  judgements.set(scene, judged)
  return judged
}

const findingsOf = (number: string, fits?: RegExp): string[] =>
  judgedOf(number, fits).findings.map(({ finding: { rule, subject } }) =>
    `${rule} ${nameOf(subject.id)}`.trim(),
  )

const movesOf = (number: string, fits?: RegExp): string[] =>
  episodesOf(sceneOf(number, fits)).map(
    ({ outcome, from, to }) => `${outcome} ${nameOf(from)} ${nameOf(to)}`,
  )

/** When something was done, in milliseconds since the epoch. */
const doneAt = (number: string, fits: RegExp): number =>
  Number(
    lines(`${scenario(number)}/events.txt`)
      .find((line) => fits.test(line))!
      .split(' ')[0],
  ) * 1000

const THERE_AND_BACK = ['moved amp1 amp2', 'moved amp2 amp1']

/** What each captured fault is told as, from its files alone; how long its first outage was, in milliseconds. */
const TABLE: readonly [string, string[], string[], number?][] = [
  ['s01', ['keepalived.stopped amp1'], THERE_AND_BACK, 658],
  ['s02', ['keepalived.stopped amp1'], THERE_AND_BACK, 659],
  ['s03', ['vrrp.child-died amp1'], ['returned amp1 amp1'], 3134],
  ['s05', ['vrrp.fault-interface amp1'], THERE_AND_BACK, 3323],
  ['s06', ['vrrp.fault-interface amp1'], THERE_AND_BACK, 3210],
  // haproxy was started again ten seconds before its check script had succeeded twice.
  ['s07', ['haproxy.stopped amp1', 'vrrp.fault-check-script amp1'], THERE_AND_BACK, 8116],
  ['s08', ['haproxy.crashed amp1'], ['serviceOnly amp1 amp1'], 369],
  ['s10', ['vrrp.priority-changed amp2'], THERE_AND_BACK],
  ['s11', ['vrrp.auth-mismatch'], ['twoOwners amp1 amp1']],
  ['s13', ['vrrp.adverts-one-way'], ['twoOwners amp1 amp1']],
  ['s16', ['members.some-down'], ['serviceOnly amp1 amp1'], 103],
  ['s17', ['members.all-down'], ['serviceOnly amp1 amp1'], 39_686],
  ['s19', [], THERE_AND_BACK, 661],
  ['s20', ['keepalived.stopped amp2'], []],
  [
    's21',
    ['vrrp.no-owner', 'keepalived.stopped amp1', 'keepalived.stopped amp2'],
    ['returned amp1 amp1'],
    8925,
  ],
  ['s23', ['vrrp.advert-interval-mismatch'], []],
  ['s26', ['amphora.shut-down amp1'], THERE_AND_BACK, 669],
]

describe('a captured scenario, reviewed', () => {
  it('is each one that was captured', () => {
    expect(TABLE.map(([number]) => scenario(number).slice('scenarios/'.length))).toEqual(SCENARIOS)
  })

  it.each(TABLE)('%s is told by its fault, and by nothing else', (number, findings) => {
    expect(findingsOf(number)).toEqual(findings)
  })

  it.each(TABLE)('%s has its episodes', (number, _findings, moves) => {
    expect(movesOf(number)).toEqual(moves)
  })

  it.each(TABLE.filter((row) => row[3] !== undefined))(
    '%s was without service for as long as its probe saw',
    (number, _findings, _moves, gapMs) => {
      const [first] = episodesOf(sceneOf(number))
      expect(Math.abs((first?.outageMs ?? NaN) - gapMs!)).toBeLessThanOrEqual(50)
    },
  )

  it.each([
    ['s01', /ACTION/],
    ['s02', /ACTION/],
    ['s03', /ACTION/],
    ['s05', /ACTION/],
    ['s06', /ACTION/],
    ['s19', /ACTION/],
    ['s21', /ACTION/],
  ])('%s begins when it was done', (number, what) => {
    const [first] = episodesOf(sceneOf(number))
    const late = (first?.startedAt ?? NaN) - doneAt(number, what)
    expect(late).toBeGreaterThanOrEqual(0)
    expect(late).toBeLessThanOrEqual(150)
  })

  it.each(TABLE)('%s leaves nothing that lasts', (number) => {
    const lasting = judgedOf(number).findings.filter(({ until }) => until === undefined)
    expect(lasting).toEqual([])
  })

  it('proves each finding by lines of its files', () => {
    for (const [number] of TABLE) {
      for (const { finding, evidence } of judgedOf(number).findings) {
        expect([finding.rule, evidence.length > 0]).toEqual([finding.rule, true])
        for (const { file, line } of evidence) {
          expect(file.startsWith(`${number}/`)).toBe(true)
          expect(line).toBeGreaterThan(0)
        }
      }
    }
  })
})

describe('less evidence', () => {
  it('of one log without years still tells the fault, and when', () => {
    expect(findingsOf('s01', /^amp1\.syslog$/)).toEqual(['keepalived.stopped amp1'])
    const [{ since, until } = { since: 0, until: 0 }] = judgedOf('s01', /^amp1\.syslog$/).findings
    expect(new Date(since).toISOString()).toBe('2026-11-22T08:39:11.000Z')
    expect(new Date(until ?? 0).toISOString()).toBe('2026-11-22T08:39:17.000Z')
  })

  it('of one amphora never says who held the VIP', () => {
    const known = movesOf('s01', /^amp1\.journal/).filter((move) => !move.startsWith('unknown'))
    expect(known).toEqual([])
    const { unknown } = judgedOf('s01', /^amp1\.journal/)
    expect(unknown.map(({ rule }) => rule)).toContain('vrrp.two-owners')
    expect(unknown.map(({ rule }) => rule)).toContain('vrrp.no-owner')
  })

  it('never calls a unit fine of which no file tells', () => {
    const of = (rule: string) =>
      judgedOf('s01', /^amp1\.syslog$/).unknown.find((each) => each.rule === rule)?.missing
    expect(of('agent.stopped')).toEqual([{ what: 'services', reason: 'notCaptured' }])
  })

  it('of both logs alone tells who held the VIP before', () => {
    expect(movesOf('s01', /journal/)).toEqual(THERE_AND_BACK)
    expect(movesOf('s05', /journal/)).toEqual(THERE_AND_BACK)
    expect(movesOf('s11', /journal/)).toEqual(['twoOwners amp1 amp1'])
    expect(movesOf('s13', /journal/)).toEqual(['twoOwners amp1 amp1'])
  })

  it('that tells one thing in several files tells it once', () => {
    expect(findingsOf('s01', /journal|syslog/)).toEqual(['keepalived.stopped amp1'])
    expect(movesOf('s01', /journal|syslog/)).toEqual(THERE_AND_BACK)
  })

  it('without the log of haproxy tells what keepalived saw of it', () => {
    expect(findingsOf('s07', /^(?!.*haproxy)/)).toEqual(['vrrp.fault-check-script amp1'])
  })
})
