import { createCipheriv, createDecipheriv, randomBytes, scrypt, type BinaryLike } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../preload/contract/error'
import { JsonFile } from './files'
import type { SecretCipher } from './secrets'

const FILE_NAME = 'passphrase.json'
const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** About 130 MiB and half a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 }
const CHECK = 'octavia-console'

/** How the key is made of the passphrase, and a sealed word that only the right one opens. */
interface Recipe {
  N: number
  r: number
  p: number
  salt: string
  check: string
}

/** Seals secrets by AES-256-GCM under a key that scrypt makes of a passphrase. The passphrase is not kept. */
export class PassphraseSecrets implements SecretCipher {
  readonly kind = 'passphrase'

  private constructor(private readonly key: Buffer) {}

  /**
   * Opens the secrets of a data folder; the first passphrase it is given becomes its passphrase.
   * @throws AppError `secrets.passphrase` when it is another one, `store.*`
   */
  static async open(dataFolder: string, passphrase: string): Promise<PassphraseSecrets> {
    const file = new JsonFile<Recipe | undefined>(join(dataFolder, FILE_NAME), parse, undefined)
    const recipe = await file.read()
    if (recipe) {
      const secrets = new PassphraseSecrets(await derive(passphrase, recipe))
      await secrets.decrypt(recipe.check)
      return secrets
    }
    const fresh = { ...COST, salt: randomBytes(SALT_BYTES).toString('base64') }
    const secrets = new PassphraseSecrets(await derive(passphrase, fresh))
    await file.write({ ...fresh, check: await secrets.encrypt(CHECK) })
    return secrets
  }

  encrypt(plain: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.key, nonce)
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Promise.resolve(Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64'))
  }

  decrypt(sealed: string): Promise<string> {
    try {
      const octets = Buffer.from(sealed, 'base64')
      const nonce = octets.subarray(0, NONCE_BYTES)
      const tag = octets.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv(ALGORITHM, this.key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAuthTag(tag)
      const text = decipher.update(octets.subarray(NONCE_BYTES + TAG_BYTES))
      return Promise.resolve(Buffer.concat([text, decipher.final()]).toString('utf8'))
    } catch (cause) {
      return Promise.reject(
        AppError.because('secrets.passphrase', 'The passphrase does not open this secret.', {
          cause,
        }),
      )
    }
  }
}

function derive(passphrase: string, { N, r, p, salt }: Omit<Recipe, 'check'>): Promise<Buffer> {
  const word: BinaryLike = passphrase.normalize('NFC')
  const options = { N, r, p, maxmem: 256 * N * r }
  return new Promise((resolve, reject) => {
    scrypt(word, Buffer.from(salt, 'base64'), KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

function parse(value: unknown): Recipe {
  const recipe = value as Recipe | null
  const numbers = [recipe?.N, recipe?.r, recipe?.p]
  const texts = [recipe?.salt, recipe?.check]
  if (
    !recipe ||
    !numbers.every((n) => Number.isSafeInteger(n) && Number(n) > 0 && Number(n) <= 2 ** 20) ||
    !texts.every((text) => typeof text === 'string')
  ) {
    throw new Error('Not the recipe of a passphrase.')
  }
  return recipe
}
