import { describe, expect, it } from 'vitest'
import { LineCutter } from '../../../../main/services/log/lineCutter'

/** What a cutter makes of chunks: each line, and the position behind it. */
function cut(chunks: readonly string[], position = 0) {
  const cutter = new LineCutter(position)
  const lines: [string, number][] = []
  for (const chunk of chunks) {
    for (const { octets, newlines, position: first } of cutter.push(Buffer.from(chunk))) {
      let begin = 0
      for (const newline of newlines) {
        lines.push([octets.toString('utf8', begin, newline), first + newline + 1])
        begin = newline + 1
      }
    }
  }
  return { lines, pending: cutter.pending.toString() }
}

describe('LineCutter', () => {
  it('cuts lines however they come in pieces, and knows where each ends', () => {
    const text = 'one\n\ntwo\nthree\nfo'
    const whole = cut([text], 10)
    expect(whole).toEqual({
      lines: [
        ['one', 14],
        ['', 15],
        ['two', 19],
        ['three', 25],
      ],
      pending: 'fo',
    })
    for (let size = 1; size < text.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.slice(index * size, (index + 1) * size),
      )
      expect(cut(chunks, 10)).toEqual(whole)
    }
  })

  it('lets go of a line that would fill memory, and keeps count', () => {
    const flood = 'x'.repeat(3 * 1024 * 1024)
    const { lines } = cut([flood, flood, 'end\nnext\n'])
    expect(lines).toEqual([
      ['end', 2 * flood.length + 4],
      ['next', 2 * flood.length + 9],
    ])
  })
})
