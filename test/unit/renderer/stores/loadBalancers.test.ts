import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { LoadBalancer } from '../../../../preload/contract/loadBalancer'
import { request } from '../../../../renderer/api/client'
import { useLoadBalancers } from '../../../../renderer/stores/loadBalancers'

vi.mock('../../../../renderer/api/client', () => ({ request: vi.fn() }))
const answer = vi.mocked(request as (name: string, input: unknown) => Promise<unknown>)
const list = (...ids: string[]) => ({
  loadBalancers: ids.map((id) => ({ id }) as LoadBalancer),
  at: 1,
})

beforeEach(() => {
  setActivePinia(createPinia())
  answer.mockReset()
})

it('knows nothing until the cloud has answered', async () => {
  const store = useLoadBalancers('alpha')
  expect(store.byId).toBeUndefined()
  answer.mockResolvedValue(list())
  await store.load()
  expect([store.byId?.size, store.at]).toEqual([0, 1])
})

it('keeps the old list beside the failure of a reload', async () => {
  const store = useLoadBalancers('alpha')
  answer.mockResolvedValueOnce(list('a'))
  await store.load()
  answer.mockRejectedValueOnce(new AppError('timeout', 'slow'))
  expect(await store.load()).toBe(false)
  expect([store.all.map(({ id }) => id), store.failure?.code]).toEqual([['a'], 'timeout'])
})

it('gives no cloud the list of another', async () => {
  answer.mockResolvedValue(list('a'))
  await useLoadBalancers('alpha').load()
  expect(useLoadBalancers('beta').byId).toBeUndefined()
  expect(useLoadBalancers('alpha').all).toHaveLength(1)
})

it('lets a newer load win over an older one that ends later', async () => {
  const store = useLoadBalancers('alpha')
  let endOld: (value: unknown) => void = () => undefined
  answer.mockImplementationOnce(() => new Promise((resolve) => (endOld = resolve)))
  const old = store.load()
  answer.mockResolvedValueOnce(list('new'))
  await store.load()
  endOld(list('old'))
  await old
  expect(store.all.map(({ id }) => id)).toEqual(['new'])
})
