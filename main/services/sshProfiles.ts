import { z } from 'zod'
import { SshProfile } from '../../preload/contract/ssh'
import { JsonFile } from '../platform/files'

/** Where nothing was set: whatever SSH on this machine would do. */
const DEFAULT: SshProfile = { useAgent: true, usePassword: true, useConfigFile: true, jumps: [] }

const Profiles = z.record(z.string(), SshProfile)

/** How the amphorae of each cloud are reached. */
export class SshProfiles {
  private readonly file: JsonFile<z.infer<typeof Profiles>>

  /** @param builtIn profiles that cannot be changed, by cloud: those of clouds the console makes itself */
  constructor(
    path: string,
    private readonly builtIn: Readonly<Record<string, SshProfile>> = {},
  ) {
    this.file = new JsonFile(path, (value) => Profiles.parse(value), {})
  }

  /** @throws AppError `store.unreadable` */
  async read(cloud: string): Promise<SshProfile> {
    const saved = await this.file.read()
    return own(this.builtIn, cloud) ?? own(saved, cloud) ?? DEFAULT
  }

  /** @throws AppError `store.unwritable`, `store.unreadable` */
  async save(cloud: string, profile: SshProfile): Promise<void> {
    await this.file.update((profiles) => ({ ...profiles, [cloud]: profile }))
  }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
