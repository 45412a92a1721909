import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type KnownPublicKeys,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { AppError } from '../../../preload/contract/error'
import type { SshServer } from '../ssh'
import type { AskPassphrase, KeyFile, KeyFiles } from './keyFiles'

/** What went wrong with one way to prove who we are; told only when no other way worked. */
export type Note = (failure: AppError) => void

interface Identity {
  publicKey: ParsedKey
  /** Undefined: the agent holds it. */
  file: string | undefined
}

/**
 * Every key that may prove who we are to one server, in the order in which it is offered: the named keys (from the agent,
 * when it holds them), then the agent's other keys, then the usual files. ssh2 sees them as one agent: it shows the public half first, and asks for a
 * signature only when the server would take the key; so a passphrase is asked only for a key that opens the door.
 */
export class Identities extends ssh2.BaseAgent<ParsedKey> {
  /** A signature was sent: if it did not open the door, it may have opened the way to a second factor. */
  signed = false
  private readonly agent: BaseAgent | undefined
  private readonly files = new Map<string, string>()

  constructor(
    private readonly server: SshServer,
    private readonly keyFiles: KeyFiles,
    private readonly passphraseOf: (keyFile: string) => AskPassphrase,
    private readonly note: Note,
    private readonly signal: AbortSignal,
  ) {
    super()
    this.agent = server.agent ? ssh2.createAgent(server.agent) : undefined
  }

  override getIdentities(answer: IdentityCallback<ParsedKey>): void {
    this.list().then(
      (identities) => {
        for (const { publicKey, file } of identities)
          if (file !== undefined) this.files.set(idOf(publicKey), file)
        answer(
          null,
          identities.map(({ publicKey }) => publicKey),
        )
      },
      (error: unknown) => {
        this.note(AppError.from(error))
        answer(null, [])
      },
    )
  }

  override sign(
    publicKey: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    answer?: SignCallback,
  ): void {
    const callback = typeof options === 'function' ? options : answer
    const reply: SignCallback = (error, signature) => {
      if (signature) this.signed = true
      callback?.(error, signature)
    }
    const settings = typeof options === 'function' ? {} : options
    const file = this.files.get(idOf(publicKey))
    if (file === undefined) {
      this.agent?.sign(publicKey, data, settings, (error, signature) => {
        if (error) this.note(this.agentFailure(error))
        reply(error, signature)
      })
      return
    }
    this.keyFiles
      .unlock(file, this.passphraseOf(file), this.signal)
      .then((key) => {
        // The types promise a signature; a key that cannot sign answers an error.
        const signature: unknown = key.sign(data, settings.hash)
        if (signature instanceof Error) throw signature
        reply(null, signature as Buffer)
      })
      .catch((error: unknown) => {
        this.note(AppError.from(error))
        reply(error instanceof Error ? error : new Error('No signature.'))
      })
  }

  private async list(): Promise<Identity[]> {
    const { keyFilesNamed, identitiesOnly } = this.server
    const [held, files] = await Promise.all([this.heldByAgent(), this.described()])
    const isFile = new Set(files.map(({ publicKey }) => idOf(publicKey)))
    const isHeld = new Set(held.map(idOf))
    const fromAgent = (wanted: boolean): Identity[] =>
      held
        .filter((key) => isFile.has(idOf(key)) === wanted)
        .map((publicKey) => ({ publicKey, file: undefined }))
    const own = files.filter(({ publicKey }) => !isHeld.has(idOf(publicKey)))
    const others = identitiesOnly ? [] : fromAgent(false)
    return keyFilesNamed
      ? [...fromAgent(true), ...own, ...others]
      : [...fromAgent(true), ...others, ...own]
  }

  private async described(): Promise<Identity[]> {
    const identities: Identity[] = []
    for (const path of this.server.keyFiles) {
      try {
        const publicKey = await this.publicHalf(await this.keyFiles.describe(path))
        if (publicKey) identities.push({ publicKey, file: path })
      } catch (error) {
        // The usual files of ~/.ssh may be anything; only what was named has to work.
        if (this.server.keyFilesNamed) this.note(AppError.from(error))
      }
    }
    return identities
  }

  private async publicHalf({ path, publicKey }: KeyFile): Promise<ParsedKey | undefined> {
    if (publicKey || !this.server.keyFilesNamed) return publicKey
    return this.keyFiles.unlock(path, this.passphraseOf(path), this.signal)
  }

  private heldByAgent(): Promise<ParsedKey[]> {
    const { agent } = this
    if (!agent) return Promise.resolve([])
    return new Promise((resolve) => {
      agent.getIdentities((error, keys) => {
        if (error) this.note(this.agentFailure(error))
        resolve((keys ?? []).flatMap((key) => parsed(key)))
      })
    })
  }

  private agentFailure(cause: Error): AppError {
    return AppError.because('ssh.agent', cause.message, {
      cause,
      values: { agent: this.server.agent ?? '' },
    })
  }
}

const idOf = (key: ParsedKey): string => key.getPublicSSH().toString('base64')

function parsed(key: KnownPublicKeys[number]): ParsedKey[] {
  const entry = typeof key === 'object' && 'pubKey' in key ? key.pubKey : key
  const plain = typeof entry === 'object' && 'pubKey' in entry ? entry.pubKey : entry
  const result = ssh2.utils.parseKey(plain)
  return result instanceof Error ? [] : [result]
}
