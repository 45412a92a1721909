import { describe, expect, it } from 'vitest'
import type { LogQuery } from '../../../../../preload/contract/logQuery'
import type { LineMeaning, LogLine } from '../../../../../preload/contract/pair'
import {
  linesAsText,
  logTest,
  nextOf,
  noiseHidden,
  shortened,
} from '../../../../../renderer/components/log/logFilter'

const line = (amphoraId: string, text: string, meaning: LineMeaning = 'other'): LogLine => ({
  amphoraId,
  at: Date.UTC(2026, 10, 22, 8, 39, 21, 211),
  rawAt: 0,
  errorMs: 0.42,
  cursor: text,
  identifier: 'Keepalived_vrrp',
  pid: 459,
  text,
  meaning,
})

const LINES = [
  line('a', 'Script user does not exist', 'noise'),
  line('a', '(I) Entering BACKUP STATE', 'enterBackup'),
  line('b', '(I) received lower priority (90) advert - discarding', 'lowerPriority'),
  line('b', 'VRRP_Script(check_script) failed', 'scriptFailed'),
  line('b', '(I) Entering FAULT STATE', 'enterFault'),
]

const all: LogQuery = { include: '', exclude: '', regex: false, hideNoise: false, amphoraIds: [] }
function kept(query: Partial<LogQuery>) {
  const result = logTest({ ...all, ...query })
  return 'test' in result
    ? LINES.map((l, i) => (result.test(l) ? i : -1)).filter((i) => i >= 0)
    : result
}

describe('logTest', () => {
  it('shows everything when nothing is asked', () => expect(kept({})).toEqual([0, 1, 2, 3, 4]))
  it('wants every word, in either case', () =>
    expect(kept({ include: 'state entering' })).toEqual([1, 4]))
  it('leaves out lines with any of the words', () =>
    expect(kept({ exclude: 'fault discarding' })).toEqual([0, 1, 3]))
  it('finds the process too', () => expect(kept({ include: 'vrrp[459]' })).toHaveLength(5))
  it('takes regular expressions', () =>
    expect(kept({ include: 'entering (backup|fault)', regex: true })).toEqual([1, 4]))
  it('leaves out noise and other amphorae', () =>
    expect(kept({ hideNoise: true, amphoraIds: ['a'] })).toEqual([1]))

  it('says which expression is broken and how', () => {
    expect(kept({ exclude: '(', regex: true })).toMatchObject({
      field: 'exclude',
      problem: expect.stringMatching(/regular expression/i) as string,
    })
  })
})

describe('noiseHidden', () => {
  it('counts what is left out only as noise, within the rest of the query', () => {
    const hiding = { ...all, hideNoise: true }
    expect([
      noiseHidden(LINES, hiding),
      noiseHidden(LINES, { ...hiding, include: 'script' }),
      noiseHidden(LINES, { ...hiding, include: 'entering' }),
      noiseHidden(LINES, { ...hiding, amphoraIds: ['b'] }),
      noiseHidden(LINES, all),
    ]).toEqual([1, 1, 0, 0, 0])
  })
})

describe('nextOf', () => {
  it('goes to the next problem and back to the transition before', () => {
    expect(nextOf(LINES, ['problem'], 0, 1)).toBe(3)
    expect(nextOf(LINES, ['transition'], 3, -1)).toBe(1)
    expect(nextOf(LINES, ['transition'], 1, 1)).toBeUndefined()
  })
})

describe('linesAsText', () => {
  it('gives time in UTC, error, amphora, process and text', () => {
    expect(linesAsText(LINES.slice(1, 2), () => 'A-3f0d6c1e')).toBe(
      '2026-11-22T08:39:21.211Z ±0.4ms A-3f0d6c1e Keepalived_vrrp[459]: (I) Entering BACKUP STATE',
    )
  })
})

describe('shortened', () => {
  it('leaves out the name of the VRRP instance, and nothing else', () => {
    const name = '7a1f3c5294c44d6e9a1b0c5d3e7f8a10'
    expect(shortened(`(${name}) Entering MASTER STATE`)).toBe('(…) Entering MASTER STATE')
    expect(shortened(`Sending for (${name})`)).toBe(`Sending for (${name})`)
    expect(shortened('(VI_1) Entering MASTER STATE')).toBe('(VI_1) Entering MASTER STATE')
  })
})
