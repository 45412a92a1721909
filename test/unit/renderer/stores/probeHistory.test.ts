import { describe, expect, it } from 'vitest'
import { ProbeHistory, type ProbeStretch } from '../../../../renderer/stores/probeHistory'

const START = 1_795_336_740_000

function read(history: ProbeHistory, from: number, to: number, resolutionMs: number) {
  const result: ProbeStretch[] = []
  history.read(START + from, START + to, resolutionMs, (stretch) =>
    result.push({ ...stretch, at: stretch.at - START }),
  )
  return result
}

function filled(seconds: number, intervalMs = 10, failedAt: (at: number) => boolean = () => false) {
  const history = new ProbeHistory()
  for (let i = 0; i < (seconds * 1000) / intervalMs; i += 1) {
    const ok = !failedAt(i * intervalMs)
    history.add({
      sequence: i,
      at: START + i * intervalMs,
      durationMs: ok ? 2 + (i % 5) : 1000,
      ok,
      ...(ok ? { status: 200, body: `web${(i % 2) + 1}` } : { error: 'timeout' }),
    })
  }
  return history
}

describe('ProbeHistory', () => {
  it('gives single probes where the screen can show them', () => {
    expect(read(filled(1), 20, 50, 1)).toEqual([
      { at: 20, widthMs: 0, count: 1, failed: 0, unsent: 0, minMs: 4, maxMs: 4 },
      { at: 30, widthMs: 0, count: 1, failed: 0, unsent: 0, minMs: 5, maxMs: 5 },
      { at: 40, widthMs: 0, count: 1, failed: 0, unsent: 0, minMs: 6, maxMs: 6 },
    ])
  })

  it('gives the extremes of stretches where it cannot', () => {
    const history = filled(2, 10, (at) => at === 1_010)
    expect(read(history, 0, 2_000, 1_000)).toEqual([
      { at: 0, widthMs: 1_000, count: 100, failed: 0, unsent: 0, minMs: 2, maxMs: 6 },
      { at: 1_000, widthMs: 1_000, count: 100, failed: 1, unsent: 0, minMs: 2, maxMs: 6 },
    ])
  })

  it('has no fastest answer where every probe failed', () => {
    const [stretch] = read(
      filled(1, 10, () => true),
      0,
      1_000,
      1_000,
    )
    expect(stretch).toMatchObject({ count: 100, failed: 100, minMs: NaN, maxMs: NaN })
  })

  it('puts a timeout that is told late at the time its probe started', () => {
    const history = new ProbeHistory()
    for (const at of [0, 20, 30])
      history.add({ sequence: at, at: START + at, durationMs: 1, ok: true })
    history.add({ sequence: 10, at: START + 10, durationMs: 1000, ok: false, error: 'timeout' })
    expect(read(history, 0, 100, 1).map(({ at, failed }) => [at, failed])).toEqual([
      [0, 0],
      [10, 1],
      [20, 0],
      [30, 0],
    ])
  })

  it('tells the answer of the probe nearest to an instant', () => {
    const history = filled(1, 10, (at) => at === 500)
    expect(history.nearest(START + 503)).toMatchObject({
      at: START + 500,
      ok: false,
      error: 'timeout',
    })
    expect(history.nearest(START + 497.2)).toMatchObject({ ok: false })
    expect(history.nearest(START + 13)).toMatchObject({ ok: true, status: 200, body: 'web2' })
  })

  it('does not count a probe that could not be sent as a failure of the service', () => {
    const history = filled(1)
    history.add({ sequence: 100, at: START + 1_000, durationMs: 0, ok: false, error: 'overrun' })
    expect([history.sent, history.failed, history.unsent]).toEqual([100, 0, 1])
    expect(read(history, 1_000, 2_000, 1)).toEqual([
      { at: 1_000, widthMs: 0, count: 0, failed: 0, unsent: 1, minMs: NaN, maxMs: NaN },
    ])
    expect(read(history, 1_000, 2_000, 1_000)).toMatchObject([{ count: 0, failed: 0, unsent: 1 }])
  })

  it('counts every probe of an hour although it no longer keeps each one', () => {
    const history = filled(3_600, 10, (at) => at >= 60_000 && at < 60_650)
    const seconds = read(history, 0, 3_600_000, 3_000)
    expect(seconds.reduce((sum, { count }) => sum + count, 0)).toBe(360_000)
    expect(seconds.reduce((sum, { failed }) => sum + failed, 0)).toBe(65)
    expect([history.sent, history.failed]).toEqual([360_000, 65])
  })

  it('answers from the coarser memory where the finer one has ended, without counting twice', () => {
    const history = filled(3_600)
    const all = read(history, 0, 3_600_000, 1)
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(359_800)
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(360_200)
    expect(all[0]).toMatchObject({ widthMs: 100 })
    expect(all.at(-1)).toMatchObject({ widthMs: 0 })
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((a, b) => a - b))
  })

  it('keeps failures apart from answers when servers answer differently each time', () => {
    const history = new ProbeHistory()
    for (let i = 0; i < 10_000; i += 1)
      history.add({
        sequence: i,
        at: START + i * 10,
        durationMs: 1,
        ok: i !== 9_999,
        body: `b${i}`,
      })
    expect(history.nearest(START + 99_990)?.ok).toBe(false)
    expect(history.nearest(START + 99_980)?.ok).toBe(true)
  })
})
