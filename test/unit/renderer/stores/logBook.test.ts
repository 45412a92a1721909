import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../../../preload/contract/pair'
import { LogBook } from '../../../../renderer/stores/logBook'

const aLine = (amphoraId: string, at: number, cursor = String(at)): LogLine => ({
  amphoraId,
  at,
  rawAt: at,
  cursor,
  identifier: 'Keepalived_vrrp',
  text: `${amphoraId}${at}`,
  meaning: 'other',
})
const texts = (book: LogBook) => book.snapshot().map(({ text }) => text)

describe('LogBook', () => {
  it('merges both logs by time, whichever arrives first', () => {
    const book = new LogBook()
    book.add([aLine('a', 1), aLine('a', 4)])
    book.add([aLine('b', 2), aLine('b', 3), aLine('b', 5)])
    book.add([aLine('a', 2.5)])
    expect(texts(book)).toEqual(['a1', 'b2', 'a2.5', 'b3', 'a4', 'b5'])
  })

  it('keeps a line that comes twice once, but not one of the other amphora', () => {
    const book = new LogBook()
    book.add([aLine('a', 1), aLine('a', 2)])
    book.add([aLine('a', 2), aLine('b', 2), aLine('a', 3)])
    expect(texts(book)).toEqual(['a1', 'a2', 'b2', 'a3'])
  })

  it('keeps the order in which an amphora wrote lines of one instant', () => {
    const book = new LogBook()
    book.add([aLine('a', 1, 'x'), { ...aLine('a', 1, 'y'), text: 'second' }])
    expect(texts(book)).toEqual(['a1', 'second'])
  })

  it('lets the oldest go beyond its limit and says how many', () => {
    const book = new LogBook(3)
    book.add([1, 2, 3, 4, 5].map((at) => aLine('a', at)))
    expect([texts(book), book.dropped]).toEqual([['a3', 'a4', 'a5'], 2])
  })

  it('stays right while a long log passes through, line by line and with old lines in between', () => {
    const book = new LogBook(8)
    for (let at = 1; at <= 50; at += 1) {
      book.add([aLine('a', at)])
      if (at % 7 === 0) book.add([aLine('b', at - 1.5), aLine('a', at)])
    }
    expect(texts(book)).toEqual(['a44', 'a45', 'a46', 'a47', 'b47.5', 'a48', 'a49', 'a50'])
    expect(book.dropped).toBe(50 + 7 - 8)
    // One that is gone is not known any more, and goes again at once.
    book.add([aLine('a', 1)])
    expect([texts(book).length, book.dropped]).toEqual([8, 50])
  })

  it('gives copies that later lines leave alone', () => {
    const book = new LogBook()
    book.add([aLine('a', 1)])
    const paused = book.snapshot()
    book.add([aLine('a', 2)])
    expect(paused).toHaveLength(1)
  })
})
