import { z } from 'zod'
import { AppError } from '../../preload/contract/error'
import { KnownHost } from '../../preload/contract/ssh'
import { JsonFile } from '../platform/files'
import type { PresentedKey } from '../platform/ssh'
import { isSubjectOfAmphora, subjectOfAmphora } from './amphoraHosts'
import type { Prompts } from './prompts'
import { recorded } from './recorded'
import type { Audit } from './safety'

/**
 * The host keys the operator has accepted. An amphora is known by its id, not its address: replacements reuse addresses,
 * and a key that changes under one id is never a replacement.
 */
export class HostKeys {
  private readonly file: JsonFile<KnownHost[]>
  private last: Promise<unknown> = Promise.resolve()

  /**
   * @param path of the file they are kept in
   * @param acceptsNew whether the operator has said for a cloud that amphorae never seen are accepted unasked
   */
  constructor(
    path: string,
    private readonly prompts: Prompts,
    private readonly audit: Audit,
    private readonly acceptsNew: (cloud: string) => Promise<boolean>,
  ) {
    this.file = new JsonFile(path, (value) => z.array(KnownHost).parse(value), [])
  }

  /** Those of one cloud. @throws AppError `store.unreadable` */
  async list(cloud: string): Promise<KnownHost[]> {
    return (await this.file.read()).filter((host) => host.cloud === cloud)
  }

  /** @throws AppError `store.unreadable` */
  async keyType(cloud: string, subject: string): Promise<string | undefined> {
    return (await this.find(cloud, subject))?.keyType
  }

  /** Whether connecting to this amphora asks nobody about its key. @throws AppError `store.unreadable` */
  async needsNoAnswer(cloud: string, amphoraId: string): Promise<boolean> {
    return (
      (await this.find(cloud, subjectOfAmphora(amphoraId))) !== undefined || this.acceptsNew(cloud)
    )
  }

  /**
   * Returns when the key is the one that was accepted, or is accepted now; accepting is kept in the audit log.
   * @throws AppError `ssh.hostKeyChanged`, `ssh.hostKeyRefused`, `store.*`, `cancelled`
   */
  async accept(key: PresentedKey, signal: AbortSignal): Promise<void> {
    const { group: cloud, subject, keyType, fingerprint } = key
    if (await this.isAccepted(key)) return
    const { address, via } = key
    const unasked = isSubjectOfAmphora(subject) && (await this.acceptsNew(cloud))
    if (!unasked) {
      const answer = await this.prompts.ask(
        { kind: 'hostKey', cloud, subject, address, via: [...via], keyType, fingerprint },
        signal,
      )
      if (answer.kind !== 'accept')
        throw AppError.because('ssh.hostKeyRefused', fingerprint, {
          values: { subject, address, fingerprint },
        })
    }
    const remembered = this.last.then(() => this.remember(key, unasked))
    this.last = remembered.catch(() => undefined)
    await remembered
  }

  /** Forgets a key, so that the next connection asks again; kept in the audit log. @throws AppError `store.*` */
  async forget(cloud: string, subject: string): Promise<void> {
    const known = await this.find(cloud, subject)
    if (!known) return
    const notes = [`${known.keyType} ${known.fingerprint}`]
    await recorded(this.audit, aboutHost(cloud, 'ssh.forgetHost', subject, notes), async () => {
      await this.file.update((hosts) => without(hosts, cloud, subject))
    })
  }

  private async remember(key: PresentedKey, unasked: boolean): Promise<void> {
    // Somebody else may have been answered in the meantime.
    if (await this.isAccepted(key)) return
    const { group: cloud, subject, keyType, fingerprint, address, via } = key
    const notes = [
      `${keyType} ${fingerprint}`,
      `address: ${address}`,
      ...(via.length > 0 ? [`via: ${via.join(', ')}`] : []),
      ...(unasked ? ['unasked: the SSH access of the cloud accepts new amphorae'] : []),
    ]
    await recorded(this.audit, aboutHost(cloud, 'ssh.acceptHost', subject, notes), async () => {
      const host: KnownHost = { cloud, subject, keyType, fingerprint, acceptedAt: Date.now() }
      await this.file.update((hosts) => [...without(hosts, cloud, subject), host])
    })
  }

  private async isAccepted({ group, subject, address, ...key }: PresentedKey): Promise<boolean> {
    const known = await this.find(group, subject)
    if (!known) return false
    if (known.fingerprint === key.fingerprint) return true
    throw AppError.because('ssh.hostKeyChanged', `${key.keyType} ${key.fingerprint}`, {
      values: {
        subject,
        address,
        known: known.fingerprint,
        presented: key.fingerprint,
        acceptedAt: known.acceptedAt,
      },
    })
  }

  private async find(cloud: string, subject: string): Promise<KnownHost | undefined> {
    return (await this.list(cloud)).find((host) => host.subject === subject)
  }
}

const without = (hosts: readonly KnownHost[], cloud: string, subject: string): KnownHost[] =>
  hosts.filter((host) => host.cloud !== cloud || host.subject !== subject)

const aboutHost = (cloud: string, action: string, subject: string, notes: string[]) => ({
  cloud,
  action,
  object: { kind: 'host', id: subject, name: subject },
  notes,
})
