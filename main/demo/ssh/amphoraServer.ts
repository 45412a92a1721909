import type { Duplex } from 'node:stream'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import type { Machine } from '../amphora/machine'
import { runLine } from '../programs/shell'
import { newKeyPair } from './hostKeys'
import { loginBy } from './login'
import { ShellSession } from './shellSession'

/** sshd of one amphora. It listens nowhere: connections are handed to it by whoever can reach the management network. */
export class AmphoraServer {
  private readonly server: ssh2.Server
  private readonly wires = new Set<Duplex>()

  constructor(
    private readonly machine: Machine,
    user: string,
    publicKey: string,
  ) {
    const { privateKey } = newKeyPair(machine.hostName)
    this.server = new ssh2.Server(
      { hostKeys: [privateKey], ident: 'OpenSSH_9.2p1 Debian-2+deb12u7' },
      (client) => this.welcome(client, loginBy(user, publicKey)),
    )
    machine.onPowerOff(() => this.hangUp())
  }

  /** Takes a connection to port 22. */
  connect(wire: Duplex): void {
    this.wires.add(wire)
    wire.on('close', () => this.wires.delete(wire))
    // Any duplex stream will do, whatever the types say.
    const inject = this.server.injectSocket.bind(this.server) as unknown as (wire: Duplex) => void
    inject(wire)
  }

  hangUp(): void {
    for (const wire of this.wires) wire.destroy()
    this.wires.clear()
  }

  private welcome(client: Connection, login: (context: ssh2.AuthContext) => void): void {
    const ended = new AbortController()
    client.on('authentication', login)
    client.on('error', () => undefined)
    client.on('close', () => ended.abort())
    client.on('session', (accept) => {
      const session = accept()
      const window = { columns: 80, rows: 24 }
      const resize = ({ cols, rows }: { cols: number; rows: number }) =>
        Object.assign(window, { columns: cols, rows })
      session.on('pty', (answer, _, size) => {
        resize(size)
        // Absent where the client wants no answer, whatever the types say.
        if (typeof answer === 'function') answer()
      })
      session.on('window-change', (_answer, _reject, size) => resize(size))
      session.on('exec', (answer, _, { command }) => void this.run(answer(), command, ended.signal))
      session.on('shell', (answer) =>
        new ShellSession(answer(), this.machine, () => window).start(ended.signal),
      )
    })
  }

  private async run(channel: ServerChannel, line: string, connection: AbortSignal): Promise<void> {
    // Read from the start: an unread channel never tells that the other side has closed it.
    const typed = readAll(channel)
    const code = await this.execute(channel, line, connection, () => typed)
    if (channel.destroyed) return
    channel.exit(code)
    channel.end()
  }

  private async execute(
    channel: ServerChannel,
    line: string,
    connection: AbortSignal,
    input: () => Promise<string>,
  ): Promise<number> {
    const closed = new AbortController()
    const close = () => closed.abort()
    channel.once('close', close)
    channel.on('error', () => undefined)
    try {
      return await runLine(line, {
        machine: this.machine,
        out: (text) => channel.write(text),
        err: (text) => channel.stderr.write(text),
        raw: (octets) => channel.write(octets),
        input,
        signal: AbortSignal.any([closed.signal, connection]),
      })
    } finally {
      channel.off('close', close)
    }
  }
}

/** Everything that comes until the end of the input. Listens, because a loop over the channel would close it with its input. */
function readAll(channel: ServerChannel): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    channel.on('data', (chunk: Buffer) => (text += chunk.toString()))
    channel.once('end', () => resolve(text))
    channel.once('close', () => resolve(text))
  })
}
