import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { request, stream, type Handlers } from '../../preload/contract/channel'
import { AppError } from '../../preload/contract/error'

/** A small contract with every kind of call, for the tests of what carries calls. */
export const table = {
  'sum.read': request(z.object({ numbers: z.array(z.number()) }), z.number()),
  'sum.fail': request(z.object({}), z.number()),
  'sum.break': request(z.object({}), z.number()),
  'count.follow': stream(z.object({ until: z.number() }), z.number()),
  'wait.follow': stream(z.object({}), z.number()),
}

/** What the handlers have seen; counts that a test may wait for. */
export class Seen {
  produced = 0
  waiting = 0
  aborted = 0
}

export const handlersOf = (seen: Seen): Handlers<typeof table> => ({
  'sum.read': ({ numbers }) => Promise.resolve(numbers.reduce((sum, each) => sum + each, 0)),
  'sum.fail': () =>
    Promise.reject(
      AppError.because('octavia.immutable', 'Load Balancer x is immutable.', {
        requestId: 'req-1',
        values: { id: 'x' },
      }),
    ),
  'sum.break': () => Promise.reject(new Error('secret detail of a bug')),
  async *'count.follow'({ until }, signal) {
    for (let number = 1; number <= until && !signal.aborted; number += 1) {
      seen.produced = number
      yield number
      if (number % 100 === 0) await delay(0)
    }
  },
  async *'wait.follow'(_input, signal) {
    seen.waiting += 1
    yield 1
    await new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    )
    seen.aborted += 1
  },
})
