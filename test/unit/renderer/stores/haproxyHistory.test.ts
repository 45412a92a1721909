import { expect, it } from 'vitest'
import type { HaproxyRow } from '../../../../preload/contract/inspect'
import { HaproxyHistory, rowKey } from '../../../../renderer/stores/haproxyHistory'

const server = (columns: Record<string, string>, name = 'member'): HaproxyRow => ({
  ...{ kind: 'server', proxy: 'pool', name, status: 'UP', columns },
})
const KEY = rowKey({ proxy: 'pool', name: 'member' })

it('makes rates per second of counters, whatever the time between two readings', () => {
  const history = new HaproxyHistory()
  history.add(0, [server({ stot: '10', bin: '0', bout: '100' })])
  expect(history.of(KEY)).toEqual([])
  history.add(2000, [server({ stot: '30', bin: '10', bout: '100' })])
  expect(history.of(KEY)).toEqual([{ at: 2000, sessions: 10, received: 5, sent: 0 }])
})

it('does not know the rate over a reload, when counters begin anew', () => {
  const history = new HaproxyHistory()
  history.add(0, [server({ stot: '1000' })])
  history.add(1000, [server({ stot: '5' })])
  history.add(2000, [server({ stot: '6' })])
  expect(history.of(KEY).map(({ sessions }) => sessions)).toEqual([undefined, 1])
})

it('does not know what a column does not tell', () => {
  const history = new HaproxyHistory()
  history.add(0, [server({ stot: '' })])
  history.add(1000, [server({ stot: '' })])
  expect(history.of(KEY)[0]).toMatchObject({ sessions: undefined, sent: undefined })
})

it('keeps as many as there is room for, and forgets rows that are gone', () => {
  const history = new HaproxyHistory(3)
  for (let i = 0; i < 9; i += 1) history.add(i * 1000, [server({ stot: String(i) })])
  expect(history.of(KEY).map(({ at }) => at)).toEqual([6000, 7000, 8000])
  history.add(9000, [server({ stot: '1' }, 'another')])
  expect(history.of(KEY)).toEqual([])
})

it('counts the requests of a frontend that has some', () => {
  const history = new HaproxyHistory()
  const frontend = (requests: string): HaproxyRow => ({
    ...server({ stot: '1', req_tot: requests }),
    kind: 'frontend',
  })
  history.add(0, [frontend('100')])
  history.add(1000, [frontend('150')])
  expect(history.of(KEY)[0]?.sessions).toBe(50)
})
