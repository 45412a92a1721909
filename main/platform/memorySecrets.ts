import { AppError } from '../../preload/contract/error'
import type { SecretCipher } from './secrets'

/** Where secrets cannot be kept safely they are not written at all: they live as long as the console runs. */
export class MemorySecrets implements SecretCipher {
  readonly kind = 'memory'

  encrypt(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  /** What another run has sealed stays sealed. */
  decrypt(): Promise<string> {
    return Promise.reject(
      AppError.because('secrets.locked', 'Sealed by another run of the console.'),
    )
  }
}
