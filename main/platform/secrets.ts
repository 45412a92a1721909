/** What the host offers to keep secrets: the system's key store, a passphrase, or memory only. */
export interface SecretCipher {
  readonly kind: 'system' | 'passphrase' | 'memory'
  /** Undefined for `memory`: what cannot be kept safely is not written at all. */
  encrypt(plain: string): Promise<string | undefined>
  /** @throws AppError `secrets.locked`, `secrets.passphrase` */
  decrypt(sealed: string): Promise<string>
}
