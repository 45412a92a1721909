import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Lingering } from '../../../../main/base/lingering'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function bench() {
  const ended: string[] = []
  const begin = vi.fn(() => 'thing')
  const lingering = new Lingering<string>((value) => {
    ended.push(value)
    return Promise.resolve()
  }, 1000)
  return { ended, begin, lingering, use: () => lingering.use('key', begin) }
}

test('is begun once for all who use it, and ended a while after the last has released it', () => {
  const { ended, begin, lingering, use } = bench()
  const one = use()
  const other = use()
  expect(begin).toHaveBeenCalledOnce()
  one.release()
  vi.advanceTimersByTime(5000)
  expect(lingering.get('key')).toBe('thing')
  other.release()
  vi.advanceTimersByTime(999)
  expect(ended).toEqual([])
  vi.advanceTimersByTime(1)
  expect(ended).toEqual(['thing'])
  expect(lingering.get('key')).toBeUndefined()
})

test('is kept when somebody comes back in time', () => {
  const { ended, begin, use } = bench()
  use().release()
  vi.advanceTimersByTime(999)
  const back = use()
  vi.advanceTimersByTime(5000)
  expect(ended).toEqual([])
  expect(begin).toHaveBeenCalledOnce()
  back.release()
  vi.advanceTimersByTime(1000)
  expect(ended).toEqual(['thing'])
})

test('takes a release that is repeated for one', () => {
  const { ended, use } = bench()
  const one = use()
  use()
  one.release()
  one.release()
  vi.advanceTimersByTime(5000)
  expect(ended).toEqual([])
})

test('ends what is chosen though it is used, and what is released later ends nothing of its successor', async () => {
  const { ended, begin, lingering, use } = bench()
  const first = use()
  await lingering.close((value) => value === 'other')
  expect(ended).toEqual([])
  await lingering.close()
  expect(ended).toEqual(['thing'])
  use()
  first.release()
  await vi.advanceTimersByTimeAsync(5000)
  expect(begin).toHaveBeenCalledTimes(2)
  expect(ended).toEqual(['thing'])
})

test('closing waits for what a timer had begun to end', async () => {
  let finish = () => {}
  const lingering = new Lingering<string>(
    () => new Promise<void>((resolve) => (finish = resolve)),
    10,
  )
  lingering.use('key', () => 'thing').release()
  vi.advanceTimersByTime(10)
  let isClosed = false
  const closing = lingering.close().then(() => (isClosed = true))
  await vi.advanceTimersByTimeAsync(100)
  expect(isClosed).toBe(false)
  finish()
  await closing
  expect(isClosed).toBe(true)
})
