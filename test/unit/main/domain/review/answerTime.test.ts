import { describe, expect, it } from 'vitest'
import type { HaproxyRow } from '../../../../../preload/contract/inspect'
import { answeredAt } from '../../../../../main/domain/review/answerTime'
import type { LogEntry } from '../../../../../main/domain/review/evidence'

const row = (name: string, status: string): HaproxyRow => ({
  ...{ kind: 'server', proxy: 'pool', name, status, columns: {} },
})
const said = (at: number, name: string, status: string): LogEntry => ({
  ...{ at, precisionMs: 1000, identifier: 'haproxy' },
  message: `Server pool/${name} is ${status}, reason: Layer4 timeout`,
  place: { file: 'haproxy.log', line: 1, text: '' },
})
const log = [said(10, 'a', 'DOWN'), said(20, 'b', 'DOWN'), said(30, 'a', 'UP'), said(40, 'b', 'UP')]

describe('an answer to show stat', () => {
  it.each([
    ['that the log agrees with', [row('a', 'UP'), row('b', 'UP 1/2')], 99, 99],
    ['of other servers', [row('c', 'DOWN')], 99, 99],
    ['of servers that nobody checks', [row('a', 'no check'), row('b', 'MAINT')], 99, 99],
    ['that the log has gone on from', [row('a', 'DOWN * L4TOUT'), row('b', 'DOWN')], 99, 20],
    ['from the middle of it', [row('a', 'UP'), row('b', 'DOWN 1/2')], 99, 30],
    ['that was dated among them', [row('a', 'DOWN')], 25, 25],
    ['that the log never agrees with', [row('a', 'UP'), row('b', 'DOWN')], 15, -Infinity],
  ])('%s was given no later than the log allows', (_what, rows, at, given) => {
    expect(answeredAt(rows, log, at)).toBe(given)
  })
})
