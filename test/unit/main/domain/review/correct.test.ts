import { describe, expect, it } from 'vitest'
import { corrected } from '../../../../../main/domain/review/correct'
import type { LogEntry, Recognised } from '../../../../../main/domain/review/evidence'

const ONE = '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
const OTHER = 'b64b8e2a-7c1d-4f27-9d3a-6e5f40312a72'
const AT = Date.UTC(2026, 10, 17, 2, 0, 5)

function log(dated: boolean, ...hosts: string[]): Recognised {
  const entries = hosts.map((host, i): LogEntry => {
    const place = { file: 'syslog', line: i + 1, text: '' }
    return {
      at: AT,
      precisionMs: 1,
      host: `amphora-${host}`,
      identifier: 'Keepalived',
      message: 'x',
      place,
    }
  })
  return { path: 'syslog', content: { kind: 'log', entries, dated } }
}
const timesOf = (files: readonly Recognised[]): number[] =>
  files
    .flatMap(({ content }) => (content.kind === 'log' ? content.entries : []))
    .map(({ at }) => at)

describe('clocks', () => {
  it('move the lines of their own machine only', () => {
    const files = corrected([log(true, ONE, OTHER)], { [ONE]: { offsetMs: 1500 } })
    expect(timesOf(files)).toEqual([AT - 1500, AT])
  })

  it('add a year and a zone only where stamps leave them out', () => {
    const clocks = { [ONE]: { zoneMinutes: 420, year: 2024 } }
    expect(timesOf(corrected([log(true, ONE)], clocks))).toEqual([AT])
    expect(timesOf(corrected([log(false, ONE)], clocks))).toEqual([
      Date.UTC(2024, 10, 16, 19, 0, 5),
    ])
  })
})
