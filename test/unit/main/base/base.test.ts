import { describe, expect, it } from 'vitest'
import { delay } from '../../../../main/base/delay'
import { Live } from '../../../../main/base/live'
import { Queue } from '../../../../main/base/queue'
import { splitLines } from '../../../../main/base/splitLines'

const never = new AbortController().signal

async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve()
    yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  }
}

async function collect<T>(source: AsyncIterable<T>, most = Infinity): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) if (items.push(item) >= most) break
  return items
}

describe('splitLines', () => {
  it('puts lines together that were cut anywhere, even inside a character', async () => {
    const octets = new TextEncoder().encode('một\nhai\n')
    for (let cut = 0; cut <= octets.length; cut += 1) {
      const lines = splitLines(chunksOf(octets.slice(0, cut), octets.slice(cut)))
      expect(await collect(lines)).toEqual(['một', 'hai'])
    }
  })

  it('keeps empty lines and a last line without a newline', async () => {
    expect(await collect(splitLines(chunksOf('a\n\nb')))).toEqual(['a', '', 'b'])
    expect(await collect(splitLines(chunksOf()))).toEqual([])
  })

  it('cuts a line without end into pieces instead of keeping all of it', async () => {
    const pieces = await collect(splitLines(chunksOf('x'.repeat(3_000_000))))
    expect(pieces.join('')).toBe('x'.repeat(3_000_000))
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(1024 * 1024)
  })
})

describe('Live', () => {
  it('gives a follower the present value, then the newest after each change', async () => {
    const live = new Live(1)
    const following = live.follow(never)
    expect(await following.next()).toEqual({ done: false, value: 1 })
    live.set(2)
    live.set(3)
    expect(await following.next()).toEqual({ done: false, value: 3 })
  })

  it('ends a waiting follower when it is aborted', async () => {
    const abort = new AbortController()
    const all = collect(new Live('only').follow(abort.signal))
    await Promise.resolve()
    abort.abort()
    expect(await all).toEqual(['only'])
  })
})

describe('Queue', () => {
  it('hands over everything in order, then ends', async () => {
    const queue = new Queue<number>(10)
    queue.push(1)
    queue.push(2)
    queue.end()
    expect(await collect(queue.batches(never))).toEqual([[1, 2]])
  })

  it('says when there is no room left', () => {
    const queue = new Queue<number>(1)
    expect([queue.push(1), queue.push(2)]).toEqual([true, false])
  })

  it('hands over what came before a failure, then the failure', async () => {
    const queue = new Queue<number>(10)
    queue.push(1)
    queue.fail(new Error('lost'))
    const batches = queue.batches(never)
    expect(await batches.next()).toEqual({ done: false, value: [1] })
    await expect(batches.next()).rejects.toThrow('lost')
  })
})

describe('delay', () => {
  it('is cut short by an abort', async () => {
    const abort = new AbortController()
    const waiting = delay(1e8, abort.signal)
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(delay(1e8, abort.signal)).rejects.toThrow('enough')
  })
})
