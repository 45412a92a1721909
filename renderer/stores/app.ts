import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { AppInfo } from '../../preload/contract/app'
import { AppError } from '../../preload/contract/error'
import { request } from '../api/client'

/** The console itself: version, host, whether the demo cloud runs, where secrets go. */
export const useApp = defineStore('app', () => {
  const info = shallowRef<AppInfo>()
  const failure = shallowRef<AppError>()

  /** Asks the host about itself. A failure is kept, never thrown. */
  async function load(): Promise<void> {
    try {
      info.value = await request('app.info', {})
      failure.value = undefined
    } catch (error) {
      failure.value = AppError.from(error)
    }
  }

  return { info, failure, load }
})
