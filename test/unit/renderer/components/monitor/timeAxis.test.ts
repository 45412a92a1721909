import { describe, expect, it } from 'vitest'
import {
  extentOf,
  MAX_SPAN_MS,
  MIN_SPAN_MS,
  panned,
  tickLabel,
  ticks,
  tickStep,
  viewOf,
  zoomed,
  type TimeView,
} from '../../../../../renderer/components/monitor/timeAxis'

const NOW = new Date(2026, 10, 22, 8, 40, 0).getTime()
const live: TimeView = { spanMs: 60_000, endMs: 0, live: true }
const past: TimeView = { spanMs: 60_000, endMs: NOW - 600_000, live: false }

describe('the view', () => {
  it('ends now while it is live', () => {
    expect(extentOf(live, NOW)).toEqual({ from: NOW - 60_000, to: NOW })
  })

  it('keeps the instant under the pointer in its place when it zooms', () => {
    const at = (view: TimeView) => extentOf(view, NOW).from + view.spanMs * 0.25
    expect(at(zoomed(past, 0.5, 0.25, NOW))).toBeCloseTo(at(past))
  })

  it('stays live when it zooms', () => {
    expect(zoomed(live, 2, 0.1, NOW)).toEqual({ spanMs: 120_000, endMs: 0, live: true })
  })

  it('zooms neither beyond a day nor below what a probe can tell', () => {
    expect(zoomed(past, 1e9, 0.5, NOW).spanMs).toBe(MAX_SPAN_MS)
    expect(zoomed(past, 1e-9, 0.5, NOW).spanMs).toBe(MIN_SPAN_MS)
  })

  it('is no longer live when it is moved to the past, and again when it reaches now', () => {
    const earlier = panned(live, -0.5, NOW)
    expect(earlier).toEqual({ spanMs: 60_000, endMs: NOW - 30_000, live: false })
    expect(panned(earlier, 0.5, NOW).live).toBe(true)
  })

  it('shows an interval with a margin', () => {
    const { from, to } = extentOf(viewOf(1_000, 2_000), NOW)
    expect([from, to]).toEqual([850, 2_150])
  })
})

describe('ticks', () => {
  it('leave room for their labels', () => {
    expect(tickStep(60_000, 1_000)).toBe(10_000)
    expect(tickStep(3_600_000, 1_000)).toBe(600_000)
    expect(tickStep(100, 1_000)).toBe(20)
  })

  it('lie at round local times', () => {
    const from = NOW - 12_000
    expect(
      ticks(from, NOW, 5_000)
        .filter(({ major }) => major)
        .map(({ at }) => tickLabel(at, 5_000)),
    ).toEqual(['08:39:50', '08:39:55', '08:40:00'])
  })

  it('are labelled no finer and no coarser than they lie apart', () => {
    expect(tickLabel(NOW + 20, 20)).toBe('08:40:00.020')
    expect(tickLabel(NOW, 60_000)).toBe('08:40')
  })
})
