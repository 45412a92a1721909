import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UnitState } from '../../../../../preload/contract/pair'
import type { Command, CommandResult, SshHost } from '../../../../../main/platform/ssh'
import { display } from '../../../../../main/services/commands'
import { EvidenceStore } from '../../../../../main/services/evidence'
import { Ask } from '../../../../../main/services/pairs/ask'
import { SideClock } from '../../../../../main/services/pairs/clockWatch'
import { UnitReader } from '../../../../../main/services/pairs/units'

const NOW = Date.UTC(2026, 10, 22, 20, 0, 0)
const BOOTED_AT = NOW - 3_600_000
const { signal } = new AbortController()

beforeEach(() => vi.useFakeTimers({ now: NOW }))
afterEach(() => vi.useRealTimers())

/** An amphora whose keepalived became active at an instant of our clock; each answer takes 20 ms. */
function reader({
  activeAt = NOW - 60_000,
  pausedMs = 0,
  aheadMs = 0,
  uptime = true,
}: {
  activeAt?: number
  /** For how long its monotonic clock stood still afterwards. */
  pausedMs?: number
  aheadMs?: number
  uptime?: boolean
}) {
  const amphora = { activeAt }
  function answer(text: string): string {
    const middle = Date.now() - 10
    if (text.includes('list-units')) return 'octavia-keepalived.service loaded active running x\n'
    if (text.includes('uptime')) {
      return uptime ? `${((middle - BOOTED_AT) / 1000).toFixed(2)} 7000.00\n` : ''
    }
    const stamp = new Date(amphora.activeAt + aheadMs).toISOString().slice(0, 19).replace('T', ' ')
    const micros = Math.round((amphora.activeAt - BOOTED_AT + pausedMs) * 1000)
    return `Id=octavia-keepalived.service\nLoadState=loaded\nActiveState=active\nSubState=running\nActiveEnterTimestamp=Sun ${stamp} UTC\nActiveEnterTimestampMonotonic=${String(micros)}\n`
  }
  const run = (command: Command): Promise<CommandResult> => {
    const startedAt = Date.now()
    vi.setSystemTime(startedAt + 20)
    const stdout = answer(display(command))
    const rest = { exit: 0, signal: undefined, stderr: '', truncated: false }
    return Promise.resolve({ ...rest, stdout, startedAt, endedAt: Date.now() })
  }
  const clock = new SideClock()
  clock.add({ offsetMs: aheadMs, errorMs: 4, measuredAt: Date.now() })
  const units = new UnitReader(
    new Ask({ label: 'test', run } as unknown as SshHost, 'a', new EvidenceStore()),
    clock,
  )
  const read = async (): Promise<UnitState | undefined> => {
    const { keepalived } = await units.read(signal)
    return 'value' in keepalived ? keepalived.value : undefined
  }
  return { amphora, clock, read }
}

/** How far what was found lies from the truth, and how far it may. */
const miss = (state: UnitState | undefined, truth: number) => ({
  by: Math.abs((state?.since ?? NaN) - truth),
  atMost: state?.sinceErrorMs ?? NaN,
})

describe('since when a unit is as it is', () => {
  it('is known to some milliseconds from the monotonic stamp, though systemd prints whole seconds', async () => {
    const truth = NOW - 59_123.456
    const { by, atMost } = miss(await reader({ activeAt: truth, aheadMs: 2 }).read(), truth)
    expect(by).toBeLessThanOrEqual(atMost)
    expect(atMost).toBeLessThan(60)
  })

  it('is known to half a second where the amphora does not tell how long it is up', async () => {
    const truth = NOW - 59_123.456
    const state = await reader({ activeAt: truth, aheadMs: 2, uptime: false }).read()
    const { by, atMost } = miss(state, truth)
    expect(by).toBeLessThanOrEqual(atMost)
    expect(atMost).toBeCloseTo(504, 0)
  })

  it('is the printed stamp where the monotonic clock stood still meanwhile', async () => {
    const truth = NOW - 60_000
    const { by, atMost } = miss(await reader({ activeAt: truth, pausedMs: 20_000 }).read(), truth)
    expect(by).toBeLessThanOrEqual(atMost)
  })

  it('does not change while the unit does not, whatever is learned of the clocks', async () => {
    const { amphora, clock, read } = reader({})
    const first = await read()
    vi.setSystemTime(NOW + 120_000)
    clock.add({ offsetMs: 1, errorMs: 1, measuredAt: Date.now() })
    expect(await read()).toEqual(first)
    amphora.activeAt = NOW + 100_000
    expect((await read())?.since).toBeGreaterThan(NOW + 99_000)
  })
})
