import type { JsonFile } from '../platform/files'
import type { SecretCipher } from '../platform/secrets'

/** Sealed texts by name. */
export type SealedSecrets = Readonly<Record<string, string>>

/** @throws Error when it is not what `Secrets` writes */
export function parseSealedSecrets(value: unknown): SealedSecrets {
  const entries = Object.entries(value as object)
  if (!entries.every(([, sealed]) => typeof sealed === 'string')) throw new Error('Not secrets.')
  return Object.fromEntries(entries)
}

/** Keeps secrets by name: sealed in a file where the host can seal, otherwise in memory only. */
export class Secrets {
  private readonly memory = new Map<string, string>()

  constructor(
    private readonly file: JsonFile<SealedSecrets>,
    private readonly cipher: SecretCipher,
  ) {}

  /** Whether there is one; says nothing of whether it can be opened. @throws AppError `store.unreadable` */
  async has(name: string): Promise<boolean> {
    return this.memory.has(name) || Object.hasOwn(await this.file.read(), name)
  }

  /** Undefined where there is none. @throws AppError `secrets.*`, `store.unreadable` */
  async read(name: string): Promise<string | undefined> {
    const known = this.memory.get(name)
    if (known !== undefined) return known
    const sealed = await this.file.read()
    const text = Object.hasOwn(sealed, name) ? sealed[name] : undefined
    return text === undefined ? undefined : this.cipher.decrypt(text)
  }

  /** @throws AppError `store.*` */
  async write(name: string, secret: string): Promise<void> {
    const sealed = await this.cipher.encrypt(secret)
    if (sealed === undefined) {
      await this.forget(name)
      this.memory.set(name, secret)
      return
    }
    await this.file.update((all) => ({ ...all, [name]: sealed }))
    this.memory.delete(name)
  }

  /** Moves a secret to another name, sealed as it is. @throws AppError `store.*` */
  async rename(from: string, to: string): Promise<void> {
    const known = this.memory.get(from)
    const sealed = (await this.file.read())[from]
    if (sealed !== undefined) {
      await this.file.update((all) => ({ ...without(all, from), [to]: sealed }))
    }
    if (known !== undefined) this.memory.set(to, known)
    this.memory.delete(from)
  }

  /** @throws AppError `store.*` */
  async forget(name: string): Promise<void> {
    this.memory.delete(name)
    if (Object.hasOwn(await this.file.read(), name)) {
      await this.file.update((all) => without(all, name))
    }
  }
}

const without = (all: SealedSecrets, name: string): SealedSecrets =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))
