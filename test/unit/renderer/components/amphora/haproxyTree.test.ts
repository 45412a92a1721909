import { expect, it } from 'vitest'
import type { HaproxyRow } from '../../../../../preload/contract/inspect'
import { haproxyTree, statNumber } from '../../../../../renderer/components/amphora/haproxyTree'
import { sparkline } from '../../../../../renderer/components/amphora/sparkline'

const row = (kind: HaproxyRow['kind'], proxy: string, name: string): HaproxyRow => ({
  ...{ kind, proxy, name, status: 'UP', columns: { scur: '3', slim: '' } },
})

it('leads from each frontend to its backends and their members', () => {
  const rows = [
    row('frontend', 'listener1', 'FRONTEND'),
    row('frontend', 'listener2', 'FRONTEND'),
    row('server', 'pool1:listener1', 'member1'),
    row('server', 'pool1:listener1', 'member2'),
    row('backend', 'pool1:listener1', 'BACKEND'),
    row('backend', 'pool1:listener2', 'BACKEND'),
  ]
  const shape = haproxyTree(rows).map(({ frontend, backends }) => [
    frontend?.proxy,
    backends.map((backend) => [backend.row.proxy, backend.servers.map(({ name }) => name)]),
  ])
  expect(shape).toEqual([
    ['listener1', [['pool1:listener1', ['member1', 'member2']]]],
    ['listener2', [['pool1:listener2', []]]],
  ])
})

it('keeps backends of no known frontend, as older releases name them', () => {
  const tree = haproxyTree([
    row('frontend', 'listener1', 'FRONTEND'),
    row('backend', 'pool1', 'BACKEND'),
    row('server', 'pool1', 'member1'),
  ])
  expect(tree.map(({ frontend }) => frontend?.proxy)).toEqual(['listener1', undefined])
  expect(tree[1]?.backends[0]?.servers).toHaveLength(1)
})

it('reads an empty column as unknown, not as zero', () => {
  const one = row('server', 'p', 's')
  expect([statNumber(one, 'scur'), statNumber(one, 'slim'), statNumber(one, 'qcur')]).toEqual([
    3,
    undefined,
    undefined,
  ])
})

const size = { width: 100, height: 11, slots: 11 }

it('draws the newest value at the right edge, the largest at the top', () => {
  expect(sparkline([0, 5, 10], size)).toEqual({ path: 'M80 10.5L90 5.5L100 0.5', most: 10 })
})

it('lies on the ground where nothing happens, and keeps only what has a place', () => {
  expect(sparkline([0, 0], size).path).toBe('M90 10.5L100 10.5')
  expect(
    sparkline(
      Array.from({ length: 50 }, () => 1),
      size,
    ).path.split('L'),
  ).toHaveLength(11)
  expect(sparkline([], size)).toEqual({ path: '', most: 0 })
})

it('breaks off where a value is not known, and shows one alone as a point', () => {
  expect(sparkline([1, undefined, 1, 1], size).path).toBe('M70 0.5h0.01M90 0.5L100 0.5')
})
