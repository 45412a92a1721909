import { Settings, type SettingsChange } from '../../preload/contract/app'
import { Live } from '../base/live'
import { JsonFile } from '../platform/files'

const DEFAULTS: Settings = { theme: 'dark', language: 'system', refreshSeconds: 10 }

/** As it is read: a field that is missing or that this release does not know falls back to its default. */
const Stored = Settings.extend({
  theme: Settings.shape.theme.catch(DEFAULTS.theme),
  language: Settings.shape.language.catch(DEFAULTS.language),
  refreshSeconds: Settings.shape.refreshSeconds.catch(DEFAULTS.refreshSeconds),
})

/** The operator's settings, in one file, the same for every window. */
export class SettingsStore {
  private readonly file: JsonFile<Settings>
  private live: Live<Settings> | undefined

  /** `path` of the JSON file; it comes into being with the first change. */
  constructor(path: string) {
    this.file = new JsonFile(path, (value) => Stored.parse(value), DEFAULTS)
  }

  /** The settings, and again after each change, until aborted. @throws AppError `store.unreadable` */
  async *follow(signal: AbortSignal): AsyncGenerator<Settings, void> {
    if (!this.live) {
      const stored = await this.file.read()
      // Saved, or read by another window, while we were reading.
      this.live ??= new Live(stored)
    }
    yield* this.live.follow(signal)
  }

  /**
   * Changes what is given and leaves the rest as it is, whatever the window that asks knows of it.
   * On the disk before it returns. A file that cannot be read is replaced. @throws AppError `store.unwritable`
   */
  async save(change: SettingsChange): Promise<void> {
    const settings = await this.file.update(
      (stored) => Stored.parse({ ...stored, ...change }),
      DEFAULTS,
    )
    if (this.live) this.live.set(settings)
    else this.live = new Live(settings)
  }
}
