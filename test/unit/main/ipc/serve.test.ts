import { describe, expect, it, vi } from 'vitest'
import { WINDOW, type ToMain, type ToRenderer } from '../../../../preload/contract/channel'
import { handlersOf, Seen, table } from '../../../support/callTable'
import { localBridge } from '../../../support/localBridge'

function call(name: string, input: unknown) {
  const seen = new Seen()
  const report = vi.fn()
  const messages: ToRenderer[] = []
  const opened = localBridge(table, handlersOf(seen), report).open(name, input, (message) =>
    messages.push(message),
  )
  return {
    seen,
    report,
    messages,
    post: (message: ToMain) => opened.post(message),
    close: () => opened.close(),
  }
}

const items = (messages: ToRenderer[]) =>
  messages.flatMap((message) => ('items' in message ? message.items : []))

describe('serve', () => {
  it('answers a request once and ends', async () => {
    const { messages } = call('sum.read', { numbers: [1, 2, 3] })
    await vi.waitFor(() => expect(messages).toEqual([{ items: [6] }, { end: true }]))
  })

  it('refuses input that does not fit before the handler sees it', async () => {
    const { messages } = call('sum.read', { numbers: ['one'] })
    await vi.waitFor(() => expect(messages).toMatchObject([{ failure: { code: 'invalidInput' } }]))
  })

  it.each(['nothing', 'toString', '__proto__', 'constructor'])(
    'refuses a call named %s',
    async (name) => {
      const { messages } = call(name, {})
      await vi.waitFor(() =>
        expect(messages).toMatchObject([{ failure: { code: 'invalidInput' } }]),
      )
    },
  )

  it('carries the reason, the values and the request id of a failure', async () => {
    const { messages, report } = call('sum.fail', {})
    await vi.waitFor(() =>
      expect(messages).toEqual([
        {
          failure: {
            code: 'conflict',
            reason: 'octavia.immutable',
            message: 'Load Balancer x is immutable.',
            requestId: 'req-1',
            values: { id: 'x' },
          },
        },
      ]),
    )
    expect(report).not.toHaveBeenCalled()
  })

  it('reports a bug to main, and tells the page no more than that there was one', async () => {
    const { messages, report } = call('sum.break', {})
    await vi.waitFor(() =>
      expect(messages).toEqual([{ failure: { code: 'internal', message: 'Unexpected error.' } }]),
    )
    expect(report).toHaveBeenCalledWith('sum.break', expect.any(Error))
  })

  it('keeps the order of a stream and holds the producer back without credit', async () => {
    const { messages, post, seen, close } = call('count.follow', { until: 10_000 })
    await vi.waitFor(() => expect(items(messages)).toHaveLength(WINDOW))
    expect(seen.produced).toBeLessThanOrEqual(WINDOW + 1)
    post({ credit: 10_000 })
    await vi.waitFor(() => expect(messages.at(-1)).toEqual({ end: true }))
    expect(items(messages)).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1))
    close()
  })

  it('ignores credit that is no number of items', async () => {
    const { messages, post, seen, close } = call('count.follow', { until: 10_000 })
    for (const credit of [-5, NaN, Infinity, 0.5, '9' as unknown as number]) post({ credit })
    await vi.waitFor(() => expect(items(messages)).toHaveLength(WINDOW))
    expect(seen.produced).toBeLessThanOrEqual(WINDOW + 1)
    close()
  })

  it('aborts the handler when the page leaves', async () => {
    const { messages, seen, close } = call('wait.follow', {})
    await vi.waitFor(() => expect(items(messages)).toEqual([1]))
    close()
    await vi.waitFor(() => expect(seen.aborted).toBe(1))
  })
})
