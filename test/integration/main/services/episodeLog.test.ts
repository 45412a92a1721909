import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Episode } from '../../../../preload/contract/pair'
import { EpisodeLog } from '../../../../main/services/monitor/episodeLog'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'episodes-'))
})
afterEach(() => rm(folder, { recursive: true }))

const episode = (id: string, change: Partial<Episode> = {}): Episode => ({
  id,
  startedAt: 1_000_000,
  endedAt: 1_001_000,
  outcome: 'moved',
  phases: [],
  ...change,
})

it('replaces an episode that went on, and answers the newest first', async () => {
  const log = new EpisodeLog(folder)
  await log.keep('c', 'lb', episode('one', { outcome: 'ongoing' }))
  await log.keep('c', 'lb', episode('two', { startedAt: 2_000_000 }))
  await log.keep('c', 'lb', episode('one'))
  const all = await new EpisodeLog(folder).read('c', 'lb')
  expect(all.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['two', 'moved'],
    ['one', 'moved'],
  ])
  expect(await log.read('c', 'other')).toEqual([])
})

it('keeps the newest 200', async () => {
  const log = new EpisodeLog(folder)
  for (let count = 0; count < 205; count += 1) {
    await log.keep('c', 'lb', episode(`e${String(count)}`, { startedAt: count * 10_000 }))
  }
  const all = await log.read('c', 'lb')
  expect(all).toHaveLength(200)
  expect(all.at(-1)?.id).toBe('e5')
})

it('keeps one of two that saw the same: the one with a probe', async () => {
  const log = new EpisodeLog(folder)
  await log.keep('c', 'lb', episode('probed', { outageMs: 660 }))
  await log.keep('c', 'lb', episode('plain', { startedAt: 1_000_200 }))
  expect((await log.read('c', 'lb')).map(({ id }) => id)).toEqual(['probed'])
})

it('does not call an episode ongoing that nobody watches any more', async () => {
  const open = episode('open', {
    outcome: 'ongoing',
    phases: [{ name: 'vipLost', at: 1_000_400, errorMs: 1, sinceStartMs: 400 }],
  })
  delete open.endedAt
  const log = new EpisodeLog(folder)
  await log.keep('c', 'lb', open)
  expect(await log.read('c', 'lb')).toMatchObject([{ outcome: 'ongoing' }])
  expect(await new EpisodeLog(folder).read('c', 'lb')).toMatchObject([
    { outcome: 'unknown', endedAt: 1_000_400 },
  ])
})

it('keeps clouds and load balancers apart whatever their names', async () => {
  const log = new EpisodeLog(folder)
  await log.keep('../../etc', 'a/b*', episode('one'))
  await log.keep('../../etc', 'a', episode('two'))
  expect((await log.read('../../etc', 'a/b*')).map(({ id }) => id)).toEqual(['one'])
})
