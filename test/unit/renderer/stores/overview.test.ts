import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { CloudSession } from '../../../../preload/contract/cloud'
import { AppError } from '../../../../preload/contract/error'
import type { Diagnosis, Severity } from '../../../../preload/contract/finding'
import { request } from '../../../../renderer/api/client'
import { keepFollowing } from '../../../../renderer/api/keepFollowing'
import { useClouds } from '../../../../renderer/stores/clouds'
import { useOverview } from '../../../../renderer/stores/overview'

vi.mock('../../../../renderer/api/client', () => ({ request: vi.fn() }))
vi.mock('../../../../renderer/api/keepFollowing', () => ({ keepFollowing: vi.fn() }))
vi.mock('../../../../renderer/stores/oncePerFrame', () => ({
  oncePerFrame: (changed: () => void) => changed,
}))
const answer = vi.mocked(request as (name: string, input: unknown) => Promise<unknown>)
const following = vi.mocked(keepFollowing)

const diagnosis = (id: string, severity: Severity): Diagnosis => ({
  loadBalancerId: id,
  name: id,
  at: 1,
  findings: [{ rule: 'a.b', severity, subject: { kind: 'pair', id }, values: {}, proofs: [] }],
  unknown: [],
  fine: [],
  depth: 'ssh',
})

/** Each stream that was opened: its cloud, whether it is still wanted, and what it would bring. */
const streams = () =>
  following.mock.calls.map(([, input, onItem, onFailure, signal]) => ({
    cloud: (input as { cloud: string }).cloud,
    get open() {
      return !signal?.aborted
    },
    bring: onItem as (item: object) => void,
    lose: onFailure,
  }))

async function open(...clouds: [cloud: string, project?: string][]): Promise<void> {
  useClouds().sessions = new Map(
    clouds.map(([cloud, id]) => [
      cloud,
      { cloud, ...(id && { project: { id, name: id } }) } as CloudSession,
    ]),
  )
  await nextTick()
}

beforeEach(() => {
  setActivePinia(createPinia())
  answer.mockReset()
  following.mockReset()
})

it('looks at nothing before it is asked to', async () => {
  const store = useOverview()
  await open(['alpha'])
  expect(following).not.toHaveBeenCalled()
  store.start()
  expect(streams().map(({ cloud }) => cloud)).toEqual(['alpha'])
})

it('looks at clouds that are opened later, and forgets those that are closed', async () => {
  const store = useOverview()
  store.start()
  await open(['alpha'], ['beta'])
  expect([...store.fleets.keys()]).toEqual(['alpha', 'beta'])
  await open(['beta'])
  expect([...store.fleets.keys()]).toEqual(['beta'])
  expect(streams().map(({ cloud, open }) => [cloud, open])).toEqual([
    ['alpha', false],
    ['beta', true],
  ])
})

it('begins anew when another project is on screen', async () => {
  const store = useOverview()
  store.start()
  await open(['alpha', 'p1'])
  streams()[0]!.bring({ kind: 'diagnosis', diagnosis: diagnosis('x', 'high') })
  expect(store.diagnosisOf('alpha', 'x')).toBeDefined()
  await open(['alpha', 'p2'])
  expect(store.diagnosisOf('alpha', 'x')).toBeUndefined()
  expect(streams().map(({ open }) => open)).toEqual([false, true])
})

it('keeps the newest diagnosis of each load balancer, until it is removed', async () => {
  const store = useOverview()
  store.start()
  await open(['alpha'])
  const [{ bring }] = streams() as [ReturnType<typeof streams>[0]]
  bring({ kind: 'progress', done: 1, total: 2, at: 5 })
  bring({ kind: 'diagnosis', diagnosis: diagnosis('x', 'critical') })
  bring({ kind: 'diagnosis', diagnosis: diagnosis('y', 'low') })
  expect([store.fleets.get('alpha')?.progress?.done, store.urgent]).toEqual([1, 1])
  bring({ kind: 'diagnosis', diagnosis: diagnosis('x', 'info') })
  bring({ kind: 'removed', loadBalancerId: 'y' })
  expect([store.urgent, store.diagnoses[0]?.[1].length]).toEqual([0, 1])
})

it('shows what it saw while paused, and goes on from there', async () => {
  const store = useOverview()
  store.start()
  await open(['alpha'])
  streams()[0]!.bring({ kind: 'diagnosis', diagnosis: diagnosis('x', 'critical') })
  store.pause()
  streams()[0]!.bring({ kind: 'diagnosis', diagnosis: diagnosis('late', 'critical') })
  expect([store.urgent, streams()[0]!.open]).toEqual([1, false])
  store.start()
  expect([store.urgent, streams()[1]!.open]).toEqual([1, true])
})

it('keeps what it knows beside the loss, until items come again', async () => {
  const store = useOverview()
  store.start()
  await open(['alpha'])
  const [{ bring, lose }] = streams() as [ReturnType<typeof streams>[0]]
  bring({ kind: 'diagnosis', diagnosis: diagnosis('x', 'critical') })
  lose(new AppError('unreachable', 'gone'))
  expect([store.fleets.get('alpha')?.failure?.code, store.urgent]).toEqual(['unreachable', 1])
  lose(undefined)
  expect(store.fleets.get('alpha')?.failure).toBeUndefined()
})

it('reads the history of each cloud, and keeps the failure of one beside the others', async () => {
  const store = useOverview()
  await open(['alpha'], ['beta'])
  answer.mockImplementation((_name, input) =>
    (input as { cloud: string }).cloud === 'alpha'
      ? Promise.resolve([])
      : Promise.reject(new AppError('unreachable', 'no')),
  )
  expect(await store.loadHistory()).toBe(false)
  expect([...store.histories.keys(), ...store.historyFailures.keys()]).toEqual(['alpha', 'beta'])
})
