import { describe, expect, it } from 'vitest'
import { parseLogLine } from '../../../../../main/domain/keepalived/logLine'
import { lines, scenario } from '../captures'

const clock = { now: Date.UTC(2026, 10, 23) }
const at = Date.UTC(2026, 10, 22, 8, 38, 17)
const host = 'amphora-3f0d6c1e'
const tagged = {
  host,
  identifier: 'Keepalived_vrrp',
  pid: 13596,
  message: '(I) Entering MASTER STATE',
}
const TAG = `${host} Keepalived_vrrp[13596]: (I) Entering MASTER STATE`

describe('parseLogLine', () => {
  it.each([
    ['rsyslog traditional', `Nov 22 08:38:17 ${TAG}`, at, 1000],
    ['journalctl -o short-precise', `Nov 22 08:38:17.123456 ${TAG}`, at + 123.456, 0.001],
    ['rsyslog ISO', `2026-11-22T08:38:17.123456+00:00 ${TAG}`, at + 123.456, 0.001],
    ['rsyslog ISO elsewhere', `2026-11-22T15:38:17.5+07:00 ${TAG}`, at + 500, 100],
    ['journalctl -o short-iso', `2026-11-22T08:38:17+0000 ${TAG}`, at, 1000],
    ['journalctl -o short-iso, west', `2026-11-22T03:08:17-0530 ${TAG}`, at, 1000],
    ['journalctl -o short-iso-precise', `2026-11-22T08:38:17.123456Z ${TAG}`, at + 123.456, 0.001],
    ['journalctl -o short-unix', `1795336697.123456 ${TAG}`, at + 123.456, 0.001],
  ])('reads %s', (_, line, time, precision) => {
    const { at: read, precisionMs, ...rest } = parseLogLine(line, clock)
    expect(rest).toEqual(tagged)
    expect(read).toBeCloseTo(time, 3)
    expect(precisionMs).toBeCloseTo(precision, 6)
  })

  it('reads a raw syslog datagram', () => {
    const line = '<137>Nov 22 08:38:17 Keepalived[1]: VRRP child process(2) died: Respawning'
    expect(parseLogLine(line, clock)).toEqual({
      at,
      precisionMs: 1000,
      priority: { facility: 17, severity: 1 },
      identifier: 'Keepalived',
      pid: 1,
      message: 'VRRP child process(2) died: Respawning',
    })
  })

  it('takes a line of journalctl -o cat as the message', () => {
    expect(parseLogLine('(I) Entering BACKUP STATE\n', clock)).toEqual({
      message: '(I) Entering BACKUP STATE',
    })
  })

  it.each([
    ['a day in the future belongs to last year', 'Dec 31 23:59:59', Date.UTC(2026, 0, 1), 2025],
    ['new year', 'Jan  1 00:00:00', Date.UTC(2026, 0, 1, 0, 0, 1), 2026],
    ['a clock that is ahead by an hour', 'Jan  1 00:30:00', Date.UTC(2025, 11, 31, 23, 30), 2026],
    ['a leap day', 'Feb 29 12:00:00', Date.UTC(2026, 5, 1), 2024],
  ])('finds the year: %s', (_, stamp, now, year) => {
    const parsed = parseLogLine(`${stamp} h Keepalived[1]: x`, { now })
    expect(new Date(parsed.at ?? 0).getUTCFullYear()).toBe(year)
  })

  it('moves local time by the offset of its zone', () => {
    const parsed = parseLogLine('Nov 22 15:38:17 h Keepalived[1]: x', {
      ...clock,
      zoneOffsetMinutes: 420,
    })
    expect(parsed.at).toBe(at)
  })

  it.each([
    '',
    'Nov 31 08:38:17 h a: x',
    '2026-13-01T00:00:00Z h a: x',
    '<999>x',
    'Nov 22 25:00:00 h a: x',
  ])('leaves %j whole', (line) => {
    expect(parseLogLine(line, clock)).toEqual({ message: line })
  })

  it('keeps the indent of keepalived’s continuation lines', () => {
    const line = `Nov 22 08:38:17 ${host} Keepalived[1]:   Please log an issue`
    expect(parseLogLine(line, clock).message).toBe('  Please log an issue')
  })

  it('reads both forms of a captured syslog alike', () => {
    const folder = scenario('s01')
    const now = { now: Date.UTC(2026, 10, 22, 9) }
    const traditional = lines(`${folder}/amp1.syslog`).map((line) => parseLogLine(line, now))
    const iso = lines(`${folder}/amp1.syslog.iso`).map((line) => parseLogLine(line, now))
    expect(traditional.length).toBe(30)
    expect(
      traditional.map(({ message, identifier, pid }) => ({ message, identifier, pid })),
    ).toEqual(iso.map(({ message, identifier, pid }) => ({ message, identifier, pid })))
    expect(traditional.map((line) => line.at)).toEqual(
      iso.map((line) => Math.floor((line.at ?? 0) / 1000) * 1000),
    )
  })
})
