import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Job } from '../../../../preload/contract/job'
import { request } from '../../../../renderer/api/client'
import { keepFollowing } from '../../../../renderer/api/keepFollowing'
import { useJobs } from '../../../../renderer/stores/jobs'

vi.mock('../../../../renderer/api/client', () => ({ request: vi.fn() }))
vi.mock('../../../../renderer/api/keepFollowing', () => ({ keepFollowing: vi.fn() }))
const answer = vi.mocked(request as (name: string, input: unknown) => Promise<unknown>)
const aJob = (id: string, part: Partial<Job> = {}) =>
  ({ id, createdAt: 1, updatedAt: 1, ...part }) as Job

beforeEach(() => {
  setActivePinia(createPinia())
  answer.mockReset()
})

/** A store that hears what main tells. */
function listening() {
  let tell: (jobs: Job[]) => void = () => undefined
  vi.mocked(keepFollowing).mockImplementation((_name, _input, onItem) => {
    tell = onItem
    return Promise.resolve()
  })
  const store = useJobs()
  void store.start()
  return { store, tell: (...jobs: Job[]) => tell(jobs) }
}

it('forgets a job that another window has dismissed', () => {
  const { store, tell } = listening()
  tell(aJob('a'), aJob('b'))
  tell(aJob('b'))
  expect(store.all.map(({ id }) => id)).toEqual(['b'])
})

it('does not fall back to an answer that is older than what main has told since', async () => {
  const { store, tell } = listening()
  answer.mockImplementation(() => {
    tell(aJob('a', { state: 'done', updatedAt: 3 }))
    return Promise.resolve(aJob('a', { state: 'running', updatedAt: 2 }))
  })
  await store.resume('a')
  expect(store.byId?.get('a')?.state).toBe('done')
})

it('shows a job at once that main has not told of yet', async () => {
  const { store } = listening()
  answer.mockResolvedValue(aJob('a'))
  await store.resume('a')
  expect(store.byId?.has('a')).toBe(true)
})
