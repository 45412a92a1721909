import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SettingsStore } from '../../../../main/services/settings'
import type { Settings } from '../../../../preload/contract/app'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'))
  path = join(folder, 'settings.json')
})
afterEach(() => rm(folder, { recursive: true }))

const DARK: Settings = { theme: 'dark', language: 'vi', refreshSeconds: 30 }
const { signal } = new AbortController()
const first = async (store: SettingsStore) => (await store.follow(signal).next()).value

it('begins with defaults', async () => {
  expect(await first(new SettingsStore(path))).toEqual({
    theme: 'dark',
    language: 'system',
    refreshSeconds: 10,
  })
})

it('tells every window of a change, and keeps it for the next console', async () => {
  const store = new SettingsStore(path)
  const windows = [store.follow(signal), store.follow(signal)]
  await Promise.all(windows.map((window) => window.next()))
  await store.save(DARK)
  for (const window of windows) expect((await window.next()).value).toEqual(DARK)
  expect(await first(new SettingsStore(path))).toEqual(DARK)
})

it('keeps what two windows change at the same time', async () => {
  const store = new SettingsStore(path)
  await store.save(DARK)
  await Promise.all([store.save({ theme: 'light' }), store.save({ language: 'en' })])
  expect(await first(store)).toEqual({ ...DARK, theme: 'light', language: 'en' })
  expect(await first(new SettingsStore(path))).toEqual({ ...DARK, theme: 'light', language: 'en' })
})

it('falls back field by field where the file holds what it does not know', async () => {
  await writeFile(path, '{"theme":"sepia","language":"vi","density":"compact"}')
  expect(await first(new SettingsStore(path))).toEqual({
    theme: 'dark',
    language: 'vi',
    refreshSeconds: 10,
  })
})

it('says that the file cannot be read, and is mended by saving', async () => {
  await writeFile(path, '{"theme":')
  const store = new SettingsStore(path)
  await expect(store.follow(signal).next()).rejects.toMatchObject({
    reason: 'store.unreadable',
    values: { path },
  })
  await store.save(DARK)
  expect(await first(store)).toEqual(DARK)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(DARK)
})
