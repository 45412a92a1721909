import { expect, it } from 'vitest'
import { SharedWork } from '../../../../main/base/sharedWork'

const left = new Error('left')

it('gives its result to everybody who waits', async () => {
  const work = new SharedWork(() => Promise.resolve(7))
  const { signal } = new AbortController()
  expect(await Promise.all([work.join(signal), work.join(signal)])).toEqual([7, 7])
  expect(work.abandoned).toBe(false)
})

it('goes on while somebody waits, and is aborted when the last one has left', async () => {
  let aborted = false
  const work = new SharedWork<never>(
    (signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => (aborted = true))
      }),
  )
  const [one, two] = [new AbortController(), new AbortController()]
  const waiting = [work.join(one.signal), work.join(two.signal)].map((promise) =>
    promise.catch((error: unknown) => error),
  )
  one.abort(left)
  expect([await waiting[0], aborted]).toEqual([left, false])
  two.abort(left)
  expect([await waiting[1], aborted, work.abandoned]).toEqual([left, true, true])
})

it('does not call finished work abandoned', async () => {
  const abort = new AbortController()
  const work = new SharedWork(() => Promise.resolve(7))
  await work.join(abort.signal)
  abort.abort()
  expect(work.abandoned).toBe(false)
})
