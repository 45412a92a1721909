import { describe, expect, it } from 'vitest'
import type { ProbeSample } from '../../../../preload/contract/pair'
import { addProbes, initialProbeCount, summarize } from '../../../../main/domain/probe'
import { probesOf } from './vrrp/replay'

const good = (at: number, body = 'web1'): ProbeSample => ({
  sequence: at,
  at,
  durationMs: 1,
  ok: true,
  body,
})
const bad = (at: number, error = 'timeout'): ProbeSample => ({
  sequence: at,
  at,
  durationMs: 300,
  ok: false,
  error,
})
const count = (samples: readonly ProbeSample[]) =>
  summarize(addProbes(initialProbeCount(500), samples))

describe('the summary of a probe', () => {
  it('counts answers by body and failures by cause', () => {
    expect(
      count([good(0), good(10, 'web2'), bad(20), bad(30, 'ECONNREFUSED'), good(40), good(50)]),
    ).toEqual({
      sent: 6,
      failed: 2,
      other: 0,
      bodies: [
        { body: 'web1', count: 3 },
        { body: 'web2', count: 1 },
      ],
      gaps: [{ from: 10, to: 40, failed: 2, errors: { timeout: 1, ECONNREFUSED: 1 } }],
      longestGapMs: 30,
    })
  })

  it('shows a gap that lasts', () => {
    expect(count([good(0), bad(10)]).gaps).toEqual([{ from: 0, failed: 1, errors: { timeout: 1 } }])
  })

  it.each([
    ['s01', 659.2, 65],
    ['s08', 370.6, 36],
    ['s13', 21.8, 1],
  ])('finds the gap of %s', (number, gapMs, failed) => {
    const summary = probesOf(number).reduce(
      (state, sample) => addProbes(state, [sample]),
      initialProbeCount(500),
    )
    expect(summarize(summary).longestGapMs).toBeCloseTo(gapMs, 1)
    expect(summarize(summary).failed).toBe(failed)
  })

  it('stays small whatever comes', () => {
    const flood = Array.from({ length: 20_000 }, (_, at) =>
      at % 2 ? bad(at, `error ${String(at)}`) : good(at, `body ${String(at)}`),
    )
    const summary = count(flood)
    expect(summary).toMatchObject({ sent: 20_000, failed: 10_000, other: 10_000 - 64 })
    expect(summary.bodies).toHaveLength(64)
    expect(summary.gaps).toHaveLength(256)
  })
})
