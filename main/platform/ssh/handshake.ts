import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import ssh2, { type Client } from 'ssh2'
import { AppError } from '../../../preload/contract/error'
import type { SshOperator, SshServer } from '../ssh'
import { algorithmsFor } from './algorithms'
import { Authentication } from './authentication'
import { cancelled, handshakeError } from './errors'
import type { KeyFiles } from './keyFiles'

/** A server that says nothing for this long while we wait for its part of the handshake is given up. */
const SILENCE_MS = 20_000
const KEEPALIVE_MS = 10_000
/** With the interval above, a connection that went silent is noticed after 30 to 40 seconds. */
const KEEPALIVES_UNANSWERED = 3

/** What a handshake needs besides the octets. */
export interface HandshakeContext {
  group: string
  server: SshServer
  /** Names of the jump hosts on the way. */
  via: readonly string[]
  operator: SshOperator
  keyFiles: KeyFiles
}

/** The connection ended while the operator was thinking; the answer is known now, so another try will get further. */
export class LostWhileAsking extends Error {}

/**
 * Exchanges keys, has the host key accepted, and only then signs in.
 * @throws AppError `ssh.*`, `cancelled`; LostWhileAsking
 */
export async function handshake(
  socket: Duplex,
  context: HandshakeContext,
  signal: AbortSignal,
): Promise<Client> {
  const { group, server, via, operator, keyFiles } = context
  const knownKeyType = await operator.knownKeyType(group, server.subject)
  const client = new ssh2.Client()
  const values = { host: server.host, port: server.port, user: server.user }

  return new Promise((resolve, reject) => {
    /** Known better than what ssh2 will say about it. */
    let failure: AppError | undefined
    let accepted: string | undefined
    let closed = false
    let settled = false
    let silence: NodeJS.Timeout | undefined
    const asking = new Set<Promise<unknown>>()
    const first = firstOctets(socket)

    const settle = () => {
      settled = true
      clearTimeout(silence)
      signal.removeEventListener('abort', abandon)
    }
    const fail = (error: AppError) => {
      failure ??= error
      if (settled) return
      settle()
      client.destroy()
      socket.destroy()
      reject(failure)
    }
    const abandon = () => fail(cancelled())
    const expectAnswer = () => {
      clearTimeout(silence)
      if (settled || asking.size) return
      silence = setTimeout(
        () => fail(AppError.because('ssh.timeout', 'The server stopped answering.', { values })),
        SILENCE_MS,
      )
    }
    const ask = async <T>(question: Promise<T>): Promise<T> => {
      asking.add(question)
      clearTimeout(silence)
      try {
        return await question
      } finally {
        asking.delete(question)
        expectAnswer()
      }
    }
    const authentication = new Authentication(group, server, keyFiles, operator, ask, signal)

    // ssh2 reports some errors after we are done with it; a listener for its whole life keeps them from ending the process.
    client.on('error', (error) => {
      const level = 'level' in error ? error.level : undefined
      // One key failed; ssh2 goes on to the next one.
      if (level === 'agent' || /^Error (?:while )?signing/.test(error.message)) return
      if (settled) return
      const { text, isSsh } = first()
      if (text && !isSsh) {
        fail(AppError.because('ssh.notSsh', text, { cause: error, values }))
        return
      }
      if (closed || asking.size) return
      const translated = handshakeError(error, values)
      fail(translated.reason === 'ssh.authentication' ? authentication.refusal : translated)
    })
    client.on('change password', (message) =>
      fail(AppError.because('ssh.authentication', message, { values })),
    )
    client.on('close', () => {
      closed = true
      if (settled) return
      if (!asking.size) {
        fail(AppError.because('ssh.lost', 'The server closed the connection.', { values }))
        return
      }
      void Promise.allSettled(asking).then(() => {
        if (settled) return
        if (failure) {
          fail(failure)
          return
        }
        settle()
        reject(new LostWhileAsking())
      })
    })
    client.on('ready', () => {
      if (settled) return
      settle()
      resolve(client)
    })
    client.on('handshake', expectAnswer)

    signal.addEventListener('abort', abandon, { once: true })
    if (signal.aborted) {
      abandon()
      return
    }
    expectAnswer()
    client.connect({
      sock: socket,
      username: server.user,
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVES_UNANSWERED,
      algorithms: algorithmsFor(knownKeyType),
      hostVerifier: (key: Buffer, verify: (permitted: boolean) => void) => {
        const { keyType, fingerprint } = describeKey(key)
        // The key is shown again each time the session keys are renewed.
        if (accepted !== undefined) {
          verify(accepted === fingerprint)
          return
        }
        const address = `${server.host}:${server.port}`
        const question = { group, subject: server.subject, address, via, keyType, fingerprint }
        ask(operator.acceptHostKey(question, signal)).then(
          () => {
            accepted = fingerprint
            if (!closed) verify(true)
          },
          (error: unknown) => {
            failure = AppError.from(error)
            if (!closed) verify(false)
            fail(failure)
          },
        )
      },
      authHandler: (allowed: string[] | null, partial: boolean | null, next) => {
        expectAnswer()
        authentication.next({ allowed: allowed ?? undefined, partial: partial ?? false }).then(
          (method) => {
            if (closed) return
            if (method) next(method)
            else fail(authentication.refusal)
          },
          (error: unknown) => fail(AppError.from(error)),
        )
      },
    })
  })
}

/** Type and SHA-256 fingerprint of a host key, as OpenSSH prints them. */
function describeKey(key: Buffer): { keyType: string; fingerprint: string } {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0
  const digest = createHash('sha256').update(key).digest('base64').replace(/=+$/, '')
  return { keyType: key.toString('latin1', 4, 4 + length), fingerprint: `SHA256:${digest}` }
}

/** The first line a server sent, to tell what it is when it is not SSH. */
function firstOctets(socket: Duplex): () => { text: string; isSsh: boolean } {
  let text = ''
  const listen = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (text.length > 256) socket.off('data', listen)
  }
  socket.pause()
  socket.on('data', listen)
  return () => ({
    text: (text.split('\n')[0] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 200),
    isSsh: /^SSH-(?:2\.0|1\.99)-/m.test(text),
  })
}
