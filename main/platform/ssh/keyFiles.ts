import { createPrivateKey } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import { SharedWork } from '../../base/sharedWork'
import { AppError } from '../../../preload/contract/error'

/** How often a wrong passphrase may be corrected. */
const ATTEMPTS = 3
const LARGEST_KEY_FILE = 256 * 1024

/** What can be known of a private key without its passphrase. */
export interface KeyFile {
  path: string
  /** The public half; undefined where only the passphrase reveals it. */
  publicKey: ParsedKey | undefined
  encrypted: boolean
}

/** Asks for a passphrase; undefined when there is no answer. */
export type AskPassphrase = (attempt: number, signal: AbortSignal) => Promise<string | undefined>

/** Private keys on this machine. An unlocked key is kept in memory for the run, so that its passphrase is asked once. */
export class KeyFiles {
  private readonly unlocked = new Map<string, ParsedKey>()
  private readonly unlocking = new Map<string, SharedWork<ParsedKey>>()

  /** @throws AppError `ssh.keyFile` when it cannot be read or is no private key */
  async describe(path: string): Promise<KeyFile> {
    const text = await this.read(path)
    const key = parse(text)
    if (isKey(key)) return { path, publicKey: key, encrypted: false }
    if (!isEncrypted(text)) throw unusable(path, key.message)
    return { path, publicKey: openSshPublicHalf(text) ?? (await publicFile(path)), encrypted: true }
  }

  /** The private key; asks for its passphrase once. @throws AppError `ssh.keyFile`, `ssh.passphrase`, `cancelled` */
  async unlock(path: string, ask: AskPassphrase, signal: AbortSignal): Promise<ParsedKey> {
    const { mtimeMs, size } = await stat(path).catch((cause: unknown) => {
      throw unusable(path, messageOf(cause))
    })
    const id = `${path}\0${mtimeMs}\0${size}`
    const known = this.unlocked.get(id)
    if (known) return known

    let work = this.unlocking.get(id)
    if (!work || work.abandoned) {
      work = new SharedWork((abort) => this.open(path, id, ask, abort))
      this.unlocking.set(id, work)
    }
    return work.join(signal)
  }

  private async open(
    path: string,
    id: string,
    ask: AskPassphrase,
    signal: AbortSignal,
  ): Promise<ParsedKey> {
    try {
      const text = await this.read(path)
      let key = parse(text)
      if (!isKey(key) && !isEncrypted(text)) throw unusable(path, key.message)
      for (let attempt = 1; !isKey(key); attempt += 1) {
        const passphrase = attempt <= ATTEMPTS ? await ask(attempt, signal) : undefined
        if (passphrase === undefined)
          throw AppError.because('ssh.passphrase', key.message, { values: { path } })
        key = parse(text, passphrase)
      }
      this.unlocked.set(id, key)
      return key
    } finally {
      this.unlocking.delete(id)
    }
  }

  private async read(path: string): Promise<string> {
    try {
      const { size } = await stat(path)
      if (size > LARGEST_KEY_FILE) throw new Error('The file is too large for a key.')
      return await readFile(path, 'utf8')
    } catch (cause) {
      throw unusable(path, messageOf(cause))
    }
  }
}

function parse(text: string, passphrase?: string): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(pkcs1(text, passphrase) ?? text, passphrase)
  // The types promise one key; the OpenSSH format answers a list.
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed
  if (key instanceof Error) return key
  const found = key as ParsedKey
  return found.isPrivateKey() ? found : new Error('The file holds no private key.')
}

/** ssh2 does not read PKCS#8; Node does, and writes what ssh2 reads. */
function pkcs1(text: string, passphrase: string | undefined): string | undefined {
  if (!/-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(text)) return undefined
  try {
    const key = createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) })
    const type = key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1'
    return key.export({ format: 'pem', type }).toString()
  } catch {
    return undefined
  }
}

const isKey = (key: ParsedKey | Error): key is ParsedKey => !(key instanceof Error)

const isEncrypted = (text: string): boolean =>
  /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type:.*ENCRYPTED/m.test(text) ||
  (openSshCipher(text) ?? 'none') !== 'none'

/**
 * An OpenSSH private key shows its public half in the clear.
 * @see PROTOCOL.key of OpenSSH: magic, cipher, kdf, kdf options, number of keys, public key
 */
function openSshFields(text: string): Buffer[] {
  const [, body] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END OPENSSH PRIVATE KEY-----/.exec(text) ?? []
  const octets = Buffer.from(body ?? '', 'base64')
  const fields: Buffer[] = []
  if (octets.toString('latin1', 0, 15) !== 'openssh-key-v1\0') return fields
  let position = 15
  while (fields.length < 4 && position + 4 <= octets.length) {
    const length = octets.readUInt32BE(position)
    fields.push(octets.subarray(position + 4, position + 4 + length))
    position += 4 + length
    // The number of keys stands between the options and the public key.
    if (fields.length === 3) position += 4
  }
  return fields
}

const openSshCipher = (text: string): string | undefined => openSshFields(text)[0]?.toString()

function openSshPublicHalf(text: string): ParsedKey | undefined {
  const [, , , blob] = openSshFields(text)
  const key = blob && ssh2.utils.parseKey(blob)
  return key && isKey(key) ? key : undefined
}

async function publicFile(path: string): Promise<ParsedKey | undefined> {
  const text = await readFile(`${path}.pub`, 'utf8').catch(() => undefined)
  const key = text === undefined ? undefined : ssh2.utils.parseKey(text)
  return key && isKey(key) ? key : undefined
}

const unusable = (path: string, message: string): AppError =>
  AppError.because('ssh.keyFile', message, { values: { path } })

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
