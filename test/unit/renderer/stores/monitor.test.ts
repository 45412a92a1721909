import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Episode, MonitorItem, Ownership } from '../../../../preload/contract/pair'
import { request } from '../../../../renderer/api/client'
import { keepFollowing } from '../../../../renderer/api/keepFollowing'
import { useMonitor } from '../../../../renderer/stores/monitor'

vi.mock('../../../../renderer/api/client', () => ({ request: vi.fn() }))
vi.mock('../../../../renderer/api/keepFollowing', () => ({ keepFollowing: vi.fn() }))
vi.mock('../../../../renderer/stores/oncePerFrame', () => ({
  oncePerFrame: (changed: () => void) => changed,
}))
const following = vi.mocked(keepFollowing)

beforeEach(() => {
  setActivePinia(createPinia())
  vi.mocked(request as (name: string, input: unknown) => Promise<unknown>).mockResolvedValue([])
  following.mockReset()
})

function started() {
  const store = useMonitor()
  store.start({ cloud: 'cloud', loadBalancerId: 'lb', loadBalancerName: 'shop' }, undefined)
  const [, , onItem] = following.mock.calls.at(-1)!
  const bring = onItem as (item: MonitorItem) => void
  const own = (ownership: Ownership) =>
    bring({
      kind: 'pair',
      pair: { loadBalancerId: 'lb', vips: [], topology: 'pair', ownership, sides: [], at: 0 },
    })
  const tell = (outcome: Episode['outcome']) =>
    bring({ kind: 'episode', episode: { id: '1', startedAt: 0, outcome, phases: [] } })
  return { store, own, tell }
}

it('says what is wrong with the owner before that something goes on', () => {
  const { store, own, tell } = started()
  own({ kind: 'one', amphoraId: 'a', confirmed: true })
  expect(store.alarm).toBeUndefined()
  tell('ongoing')
  expect(store.alarm).toBe('alarm')
  own({ kind: 'two', amphoraIds: ['a', 'b'] })
  expect(store.alarm).toBe('two')
  own({ kind: 'none' })
  expect(store.alarm).toBe('none')
})

it('says nothing of a pair that it no longer watches', () => {
  const { store, own } = started()
  own({ kind: 'none' })
  expect(store.follows('cloud', 'lb')).toBe(true)
  expect(store.follows('cloud', 'other')).toBe(false)
  store.stop()
  expect([store.follows('cloud', 'lb'), store.alarm]).toEqual([false, undefined])
})
