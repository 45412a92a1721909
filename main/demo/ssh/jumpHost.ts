import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import ssh2, { type Connection, type ServerChannel, type TcpipRequestInfo } from 'ssh2'
import type { Clock } from '../clock'
import { newKeyPair } from './hostKeys'
import { loginBy } from './login'

/** What happens to a TCP connection from the jump host: it is taken, or it fails in the kernel's words. */
export type Dialled =
  | { take: (channel: ServerChannel) => void }
  | { fail: 'Connection refused' | 'No route to host' | 'Connection timed out' }
  | 'silence'

/** A neighbour that nobody answers for is asked for three times, a second apart. */
const RESOLVE_MS = 1000
const ATTEMPTS = 4

/** The only way to the amphorae: an SSH server on loopback that forwards TCP into the demo cloud's networks. */
export class JumpHost {
  private readonly server: ssh2.Server
  private readonly clients = new Set<Connection>()

  /** @param dial what is at an address and port right now */
  constructor(
    private readonly clock: Clock,
    user: string,
    publicKey: string,
    private readonly dial: (address: string, port: number) => Dialled,
  ) {
    const { privateKey } = newKeyPair('demo-jump')
    const login = loginBy(user, publicKey)
    this.server = new ssh2.Server(
      { hostKeys: [privateKey], ident: 'OpenSSH_9.2p1 Debian-2+deb12u7' },
      (client) => {
        this.clients.add(client)
        // Missing in the types; without it small answers wait for each other.
        ;(client as unknown as { setNoDelay: (on: boolean) => void }).setNoDelay(true)
        client.on('authentication', login)
        client.on('error', () => undefined)
        client.on('close', () => this.clients.delete(client))
        client.on('session', (accept) => {
          const session = accept()
          session.on('exec', (answer) => {
            const channel = answer()
            channel.stderr.write('This account can only forward connections.\n')
            channel.exit(1)
            channel.end()
          })
        })
        client.on('tcpip', (accept, reject, info) => this.forward(client, { accept, reject, info }))
      },
    )
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return (this.server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    for (const client of this.clients) client.end()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private forward(client: Connection, request: Request, attempt = 1): void {
    if (!this.clients.has(client)) return
    const { accept, reject, info } = request
    const dialled = this.dial(info.destIP, info.destPort)
    if (dialled === 'silence' && attempt < ATTEMPTS) {
      this.clock.after(RESOLVE_MS, () => this.forward(client, request, attempt + 1))
      return
    }
    if (dialled !== 'silence' && 'take' in dialled) {
      const channel = accept()
      channel.on('error', () => undefined)
      dialled.take(channel)
      return
    }
    refuse(client, reject, dialled === 'silence' ? 'No route to host' : dialled.fail)
  }
}

interface Request {
  accept: () => ServerChannel
  reject: () => void
  info: TcpipRequestInfo
}

/** Fails a channel in OpenSSH's words: ssh2's own refusal has none, and clients read the cause out of them. */
function refuse(client: Connection, reject: () => void, words: string): void {
  const { _protocol: protocol } = client as unknown as { _protocol: RefusingProtocol }
  const original = protocol.channelOpenFail.bind(protocol)
  protocol.channelOpenFail = (recipient, reason) => original(recipient, reason, words)
  reject()
  protocol.channelOpenFail = original
}

interface RefusingProtocol {
  channelOpenFail: (recipient: number, reason: number, words: string) => void
}
