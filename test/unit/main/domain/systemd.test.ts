import { describe, expect, it } from 'vitest'
import { parseTimestamp, parseUnits, STAMP_ERROR_MS } from '../../../../main/domain/systemd'
import { capture } from './captures'

const at = Date.UTC(2026, 10, 22, 8, 39, 17)

describe('parseUnits', () => {
  it('reads every unit of an answer', () => {
    const units = parseUnits(capture('pair/systemctl-show.txt'))
    expect(units.slice(0, 2)).toEqual([
      {
        unit: 'octavia-keepalived.service',
        active: 'active',
        sub: 'running',
        since: Date.UTC(2026, 10, 22, 8, 49, 48, 500),
        sinceBootMs: 2501779.32,
        restarts: 0,
        load: 'loaded',
        result: 'success',
        mainPid: 1512,
        description: 'Keepalive Daemon (LVS and VRRP)',
        path: '/lib/systemd/system/octavia-keepalived.service',
      },
      {
        unit: 'haproxy-7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10.service',
        active: 'active',
        sub: 'running',
        since: Date.UTC(2026, 10, 22, 8, 35, 36, 500),
        sinceBootMs: 1649540.247,
        restarts: 0,
        load: 'loaded',
        result: 'success',
        mainPid: 162,
        description: 'HAProxy Load Balancer',
        path: '/lib/systemd/system/haproxy-7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10.service',
      },
    ])
    expect(units.map(({ unit }) => unit)).toContain('amphora-netns.service')
  })

  it('takes a stamp of whole seconds for the middle of its second, and tells the monotonic one', () => {
    const [unit] = parseUnits(
      'Id=a.service\nActiveState=failed\nSubState=failed\n' +
        'InactiveEnterTimestamp=Sun 2026-11-22 08:39:17 UTC\nInactiveEnterTimestampMonotonic=2500123',
    )
    expect(unit).toMatchObject({ since: at + STAMP_ERROR_MS, sinceBootMs: 2500.123 })
  })

  it('takes a stamp with microseconds as it is', () => {
    const [unit] = parseUnits(
      'Id=a.service\nActiveState=failed\nInactiveEnterTimestamp=Sun 2026-11-22 08:39:17.25 UTC',
    )
    expect(unit?.since).toBe(at + 250)
  })

  it('has no time for a unit that never ran', () => {
    const text =
      'Id=a.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nStateChangeTimestamp=\nNRestarts=0\nMainPID=0\n'
    expect(parseUnits(text)).toEqual([
      { unit: 'a.service', active: 'inactive', sub: 'dead', load: 'not-found', restarts: 0 },
    ])
  })

  it.each(['', 'Failed to connect to bus', 'Id=a.service\n\nActiveState=active'])(
    'finds no unit in %j',
    (text) => {
      expect(parseUnits(text)).toEqual([])
    },
  )
})

describe('parseTimestamp', () => {
  it.each([
    ['Sun 2026-11-22 08:39:17 UTC', at],
    ['Sun 2026-11-22 08:39:17.123456 UTC', at + 123.456],
    ['Sun 2026-11-22 15:39:17 +07', at],
    ['Sun 2026-11-22 14:09:17 +0530', at],
    ['Sun 2026-11-22 09:39:17 CET', at],
    ['@1795336757.279486', at + 279.486 + 0],
    ['@1795336757', at],
    ['n/a', undefined],
    ['', undefined],
    ['@0', undefined],
  ])('reads %j', (text, expected) => {
    const read = parseTimestamp(text, 60)
    if (expected === undefined) expect(read).toBeUndefined()
    else expect(read).toBeCloseTo(expected, 3)
  })
})
