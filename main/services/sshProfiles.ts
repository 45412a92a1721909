import { z } from 'zod'
import { AppError } from '../../preload/contract/error'
import { SshProfile, type SshHop } from '../../preload/contract/ssh'
import { JsonFile } from '../platform/files'
import { describeChange, type Fields } from './describeChange'
import { recorded } from './recorded'
import type { Audit } from './safety'

/** Where nothing was set: whatever SSH on this machine would do. */
const DEFAULT: SshProfile = { useAgent: true, usePassword: true, useConfigFile: true, jumps: [] }

const Profiles = z.record(z.string(), SshProfile)

/** How the amphorae of each cloud are reached. */
export class SshProfiles {
  private readonly file: JsonFile<z.infer<typeof Profiles>>

  /** @param builtIn profiles that cannot be changed, by cloud: those of clouds the console makes itself */
  constructor(
    path: string,
    private readonly audit: Audit,
    private readonly builtIn: Readonly<Record<string, SshProfile>> = {},
  ) {
    this.file = new JsonFile(path, (value) => Profiles.parse(value), {})
  }

  /** @throws AppError `store.unreadable` */
  async read(cloud: string): Promise<SshProfile> {
    return own(this.builtIn, cloud) ?? (await this.saved(cloud)) ?? DEFAULT
  }

  /** Whether a cloud's profile belongs to the console and cannot be changed. */
  isBuiltIn(cloud: string): boolean {
    return Object.hasOwn(this.builtIn, cloud)
  }

  /** Kept in the audit log. @throws AppError `ssh.builtInProfile`, `store.unwritable`, `store.unreadable` */
  async save(cloud: string, profile: SshProfile): Promise<void> {
    const before = await this.read(cloud)
    const notes = describeChange(fieldsOf(before), fieldsOf(profile))
    await recorded(this.audit, aboutCloud(cloud, 'ssh.saveProfile', notes), async () => {
      if (this.isBuiltIn(cloud)) {
        throw AppError.because('ssh.builtInProfile', cloud, { values: { cloud } })
      }
      await this.file.update((profiles) => ({ ...profiles, [cloud]: profile }))
    })
  }

  /**
   * Forgets the profile of a cloud that is no more, so that none of the same name inherits it; kept in the audit log.
   * @throws AppError `store.unwritable`, `store.unreadable`
   */
  async remove(cloud: string): Promise<void> {
    const before = await this.saved(cloud)
    if (!before) return
    const notes = describeChange(undefined, fieldsOf(before))
    await recorded(this.audit, aboutCloud(cloud, 'ssh.removeProfile', notes), async () => {
      await this.file.update((profiles) => without(profiles, cloud))
    })
  }

  /** A cloud that gets another name keeps its profile. @throws AppError `store.unwritable`, `store.unreadable` */
  async rename(from: string, to: string): Promise<void> {
    const profile = await this.saved(from)
    if (!profile || from === to) return
    await this.file.update((profiles) => ({ ...without(profiles, from), [to]: profile }))
  }

  private async saved(cloud: string): Promise<SshProfile | undefined> {
    return own(await this.file.read(), cloud)
  }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const aboutCloud = (cloud: string, action: string, notes: string[]) => ({
  cloud,
  action,
  object: { kind: 'cloud', id: cloud, name: cloud },
  notes,
})

const fieldsOf = ({ jumps, ...fields }: SshProfile): Fields => ({
  ...fields,
  jumps: jumps.map(hopText),
})

const hopText = ({ user, host, port, keyFile }: SshHop): string =>
  [`${user ? `${user}@` : ''}${host}${port ? `:${port}` : ''}`, keyFile && `(${keyFile})`]
    .filter(Boolean)
    .join(' ')
