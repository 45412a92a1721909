import type { Contract } from '../../../preload/contract'
import type { AppInfo } from '../../../preload/contract/app'
import type { Handlers } from '../../../preload/contract/channel'
import type { SettingsStore } from '../../services/settings'

type Entries = 'app.info' | 'settings.follow' | 'settings.save'

/** Answers what the page asks of the console itself. `info` does not change while the console runs. */
export const appHandlers = (settings: SettingsStore, info: AppInfo) =>
  ({
    'app.info': () => Promise.resolve(info),
    'settings.follow': (_input, signal) => settings.follow(signal),
    'settings.save': (value) => settings.save(value),
  }) satisfies Pick<Handlers<Contract>, Entries>
