import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { either } from '../../../../main/base/either'

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

it('is aborted with the first of the others, for its reason, and holds on to none of them', () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const { signal } = either(one.signal, other.signal)
  expect(signal.aborted).toBe(false)
  const reason = new Error('enough')
  other.abort(reason)
  expect(signal.reason).toBe(reason)
  expect([one, other].map((each) => listeners(each.signal))).toEqual([0, 0])
})

it('is aborted at once by one that was aborted before', () => {
  const { signal } = either(new AbortController().signal, AbortSignal.abort('before'))
  expect(signal.reason).toBe('before')
})

it('leaves nothing behind on a signal that lives on', () => {
  const living = new AbortController()
  const joined = Array.from({ length: 8 }, () => either(living.signal))
  expect(listeners(living.signal)).toBe(8)
  for (const { letGo } of joined) letGo()
  expect(listeners(living.signal)).toBe(0)
  living.abort()
  expect(joined.some(({ signal }) => signal.aborted)).toBe(false)
})
