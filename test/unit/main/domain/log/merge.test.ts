import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../../../../preload/contract/pair'
import { emptyLog, mergeLines } from '../../../../../main/domain/log/merge'

const line = (amphoraId: string, at: number, rawAt = at): LogLine => ({
  amphoraId,
  at,
  rawAt,
  cursor: `${amphoraId}${String(rawAt)}`,
  identifier: 'Keepalived_vrrp',
  text: '',
  meaning: 'other',
})
const cursors = (lines: readonly LogLine[]) => lines.map(({ cursor }) => cursor)

describe('mergeLines', () => {
  it('orders the lines of both sides by corrected time, whenever they come', () => {
    const first = mergeLines(emptyLog, [line('a', 1), line('a', 4), line('b', 2)])
    const second = mergeLines(first.log, [line('b', 3), line('b', 9)])
    expect(cursors(second.log.lines)).toEqual(['a1', 'b2', 'b3', 'a4', 'b9'])
    expect(second.changedFrom).toBe(2)
  })

  it('answers the same for one batch as for many', () => {
    const all = [line('a', 5), line('b', 5), line('a', 1), line('b', 7), line('a', 7)]
    let log = emptyLog
    for (const each of all) log = mergeLines(log, [each]).log
    expect(log.lines).toEqual(mergeLines(emptyLog, all).log.lines)
    expect(cursors(log.lines)).toEqual(['a1', 'a5', 'b5', 'b7', 'a7'])
  })

  it('keeps the order of a side’s own clock when its offset was measured anew', () => {
    const { log } = mergeLines(emptyLog, [line('a', 105, 5), line('a', 103, 6), line('b', 104)])
    expect(cursors(log.lines)).toEqual(['b104', 'a5', 'a6'])
  })

  it('passes over lines that are there', () => {
    const { log } = mergeLines(emptyLog, [line('a', 1), line('b', 2)])
    const again = mergeLines(log, [line('a', 1), line('a', 1)])
    expect(again.log).toBe(log)
    expect(again.changedFrom).toBe(2)
  })

  it('drops the oldest beyond its limit', () => {
    const { log } = mergeLines(emptyLog, [line('a', 1), line('b', 2), line('a', 3)], 2)
    expect(cursors(log.lines)).toEqual(['b2', 'a3'])
    expect(mergeLines(log, [line('b', 4)], 2).log.dropped).toBe(2)
  })
})
