import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { Diagnosis } from '../../../../preload/contract/finding'
import { request } from '../../../../renderer/api/client'
import { keepFollowing } from '../../../../renderer/api/keepFollowing'
import { useDiagnosis } from '../../../../renderer/stores/diagnosis'

vi.mock('../../../../renderer/api/client', () => ({ request: vi.fn() }))
vi.mock('../../../../renderer/api/keepFollowing', () => ({ keepFollowing: vi.fn() }))
const answer = vi.mocked(request as (name: string, input: unknown) => Promise<unknown>)
const following = vi.mocked(keepFollowing)

const diagnosis = (at: number, ...rules: string[]): Diagnosis => ({
  loadBalancerId: 'lb',
  name: 'lb',
  at,
  findings: rules.map((rule) => ({
    rule,
    severity: 'high',
    subject: { kind: 'pair', id: 'lb' },
    values: {},
    proofs: [],
  })),
  unknown: [],
  fine: [],
  depth: 'ssh',
})

/** What the last stream that was opened would bring. */
function stream() {
  const [, , onItem, onFailure, signal] = following.mock.calls.at(-1)!
  return { bring: onItem as (item: Diagnosis) => void, lose: onFailure, signal: signal! }
}

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  answer.mockReset().mockResolvedValue([])
  following.mockReset()
})

afterEach(() => vi.useRealTimers())

it('knows nothing until a diagnosis has come', () => {
  const store = useDiagnosis()
  store.start('cloud', 'lb')
  expect(store.diagnosis).toBeUndefined()
  stream().bring(diagnosis(1, 'a'))
  expect(store.diagnosis?.findings).toHaveLength(1)
})

it('goes on with the one that is followed, and gives no load balancer the findings of another', () => {
  const store = useDiagnosis()
  store.start('cloud', 'lb')
  const first = stream()
  first.bring(diagnosis(1, 'a'))
  store.start('cloud', 'lb')
  expect(following).toHaveBeenCalledTimes(1)
  store.start('cloud', 'other')
  expect(store.diagnosis).toBeUndefined()
  first.bring(diagnosis(2, 'late'))
  expect([store.diagnosis, first.signal.aborted]).toEqual([undefined, true])
})

it('keeps what was known beside the loss', () => {
  const store = useDiagnosis()
  store.start('cloud', 'lb')
  stream().bring(diagnosis(1, 'a'))
  stream().lose(new AppError('unreachable', 'gone'))
  expect([store.diagnosis?.at, store.failure?.code]).toEqual([1, 'unreachable'])
})

it('reads the history anew when findings come or go, not when they stay', () => {
  const store = useDiagnosis()
  store.start('cloud', 'lb')
  const reads = () => {
    vi.runAllTimers()
    return answer.mock.calls.filter(([name]) => name === 'finding.history').length
  }
  const before = reads()
  stream().bring(diagnosis(1, 'a'))
  expect(reads()).toBe(before + 1)
  stream().bring(diagnosis(2, 'a'))
  expect(reads()).toBe(before + 1)
  stream().bring(diagnosis(3))
  expect(reads()).toBe(before + 2)
})

it('awaits a refresh until something newer has come', async () => {
  const store = useDiagnosis()
  store.start('cloud', 'lb')
  stream().bring(diagnosis(5))
  await store.refresh()
  stream().bring(diagnosis(5, 'a'))
  expect(store.refreshing).toBe(true)
  stream().bring(diagnosis(6, 'a'))
  expect(store.refreshing).toBe(false)
})

it('tells why a refresh was refused, and can be asked again', async () => {
  const store = useDiagnosis()
  store.start('cloud', 'lb')
  answer.mockRejectedValueOnce(new AppError('unreachable', 'no'))
  await store.refresh()
  expect([store.refreshing, store.refreshFailure?.code]).toEqual([false, 'unreachable'])
})
