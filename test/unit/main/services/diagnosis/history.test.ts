import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Diagnosis, Finding } from '../../../../../preload/contract/finding'
import { FindingHistory } from '../../../../../main/services/diagnosis/findingHistory'
import { Overview } from '../../../../../main/services/diagnosis/overview'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'findings-'))
})
afterEach(() => rm(folder, { recursive: true }))

const finding = (rule: string): Finding => ({
  ...{ rule, severity: 'critical', subject: { kind: 'pair', id: 'lb' }, values: {}, proofs: [] },
})

const diagnosis = (at: number, rules: string[], unknown: string[] = []): Diagnosis => ({
  ...{ loadBalancerId: 'lb', name: 'lb1', at, depth: 'ssh', fine: [] },
  findings: rules.map(finding),
  unknown: unknown.map((rule) => ({ rule, subject: { kind: 'pair', id: 'lb' }, missing: [] })),
})

const told = async (history: FindingHistory) =>
  (await history.read('cloud', 'lb')).map(({ at, rule, what }) => [at, rule, what])

it('notes what appears and what goes, newest first', async () => {
  const history = new FindingHistory(folder)
  await history.note('cloud', diagnosis(1, []))
  await history.note('cloud', diagnosis(2, ['vrrp.two-owners']))
  await history.note('cloud', diagnosis(3, ['vrrp.two-owners', 'haproxy.stopped']))
  await history.note('cloud', diagnosis(4, ['haproxy.stopped']))
  expect(await told(history)).toEqual([
    [4, 'vrrp.two-owners', 'gone'],
    [3, 'haproxy.stopped', 'appeared'],
    [2, 'vrrp.two-owners', 'appeared'],
  ])
})

it('keeps what the sentence of a finding was told with, over a restart and for its end', async () => {
  const values = { vip: '192.0.2.9' }
  const found = { ...diagnosis(1, []), findings: [{ ...finding('vrrp.two-owners'), values }] }
  await new FindingHistory(folder).note('cloud', found)
  const later = new FindingHistory(folder)
  await later.note('cloud', diagnosis(2, []))
  expect(await later.read('cloud', 'lb')).toMatchObject([
    { what: 'gone', values },
    { what: 'appeared', values },
  ])
})

it('does not take for gone what can no longer be judged', async () => {
  const history = new FindingHistory(folder)
  await history.note('cloud', diagnosis(1, ['vrrp.two-owners']))
  await history.note('cloud', diagnosis(2, [], ['vrrp.two-owners']))
  expect(await told(history)).toEqual([[1, 'vrrp.two-owners', 'appeared']])
  await history.note('cloud', diagnosis(3, []))
  expect((await told(history))[0]).toEqual([3, 'vrrp.two-owners', 'gone'])
})

it('does not take for gone what is told as the symptom of a cause', async () => {
  const history = new FindingHistory(folder)
  await history.note('cloud', diagnosis(1, ['vrrp.two-owners']))
  const cause = { ...finding('vrrp.adverts-blocked'), symptoms: [finding('vrrp.two-owners')] }
  await history.note('cloud', { ...diagnosis(2, []), findings: [cause] })
  expect(await told(history)).toEqual([
    [2, 'vrrp.adverts-blocked', 'appeared'],
    [1, 'vrrp.two-owners', 'appeared'],
  ])
})

it('goes on after a restart where it was', async () => {
  await new FindingHistory(folder).note('cloud', diagnosis(1, ['vrrp.two-owners']))
  const history = new FindingHistory(folder)
  await history.note('cloud', diagnosis(2, ['vrrp.two-owners']))
  await history.note('cloud', diagnosis(3, []))
  expect(await told(history)).toEqual([
    [3, 'vrrp.two-owners', 'gone'],
    [1, 'vrrp.two-owners', 'appeared'],
  ])
})

it('looks at a cloud three load balancers at a time, and tells how far it is', async () => {
  let running = 0
  let most = 0
  const ids = Array.from({ length: 10 }, (_, index) => `lb${String(index)}`)
  const overview = new Overview(
    { list: () => Promise.resolve({ loadBalancers: ids.map((id) => ({ id })) as never, at: 0 }) },
    {
      once: async (_cloud, id) => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running -= 1
        return { ...diagnosis(1, []), loadBalancerId: id }
      },
    },
  )
  const abort = new AbortController()
  const looked: string[] = []
  let last: unknown
  for await (const item of overview.follow('cloud', abort.signal)) {
    if (item.kind === 'diagnosis') looked.push(item.diagnosis.loadBalancerId)
    if (item.kind === 'progress') last = [item.done, item.total]
    if (item.kind === 'progress' && item.done === item.total) break
  }
  abort.abort()
  expect(looked.toSorted()).toEqual(ids)
  expect(last).toEqual([10, 10])
  expect(most).toBe(3)
})

it('fails when the list of load balancers cannot be read', async () => {
  const overview = new Overview(
    { list: () => Promise.reject(new Error('no')) },
    { once: () => Promise.reject(new Error('Nothing is looked at.')) },
  )
  await expect(overview.follow('cloud', new AbortController().signal).next()).rejects.toThrow('no')
})
