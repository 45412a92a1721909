import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Settings, SettingsChange } from '../../preload/contract/app'
import type { AppError } from '../../preload/contract/error'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'

/** The operator's settings, shared by every window. */
export const useSettings = defineStore('settings', () => {
  /** What holds until main has told. */
  const settings = shallowRef<Settings>({ theme: 'system', language: 'system', refreshSeconds: 10 })
  /** Set while main cannot be heard. */
  const failure = shallowRef<AppError>()

  /** Keeps the settings as they are in main, for as long as the page lives. */
  const start = () =>
    keepFollowing(
      'settings.follow',
      {},
      (item) => (settings.value = item),
      (error) => (failure.value = error),
    )

  /** Saves for all windows; settings left out stay as they are. the change comes back through the stream. @throws AppError */
  const save = (change: SettingsChange): Promise<void> => request('settings.save', change)

  return { settings, failure, start, save }
})
