import type { Duplex } from 'node:stream'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import type { Machine } from '../amphora/machine'
import { runLine } from '../programs/shell'
import { newKeyPair } from './hostKeys'
import { loginBy } from './login'

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
      session.on('pty', (answer) => {
        if (typeof answer === 'function') answer()
      })
      session.on('exec', (answer, _, { command }) => void this.run(answer(), command, ended.signal))
      session.on('shell', (answer) => void this.prompt(answer(), ended.signal))
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
        input,
        signal: AbortSignal.any([closed.signal, connection]),
      })
    } finally {
      channel.off('close', close)
    }
  }

  /** A prompt that runs one program per line, with echo and backspace; there is no job control. */
  private async prompt(channel: ServerChannel, connection: AbortSignal): Promise<void> {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n')
    const write = channel.write.bind(channel) as (text: string) => boolean
    const ps1 = `ubuntu@${this.machine.hostName}:~$ `
    write(ps1)
    let line = ''
    for await (const chunk of channel as AsyncIterable<Buffer>) {
      for (const char of chunk.toString()) {
        if (char === '\r' || char === '\n') {
          write('\r\n')
          const command = line.trim()
          line = ''
          if (command === 'exit' || command === 'logout') {
            channel.exit(0)
            channel.end()
            return
          }
          if (command) {
            await runLine(command, {
              machine: this.machine,
              out: (text) => write(crlf(text)),
              err: (text) => write(crlf(text)),
              input: () => Promise.resolve(''),
              signal: connection,
            })
          }
          write(ps1)
        } else if (char === '\u0003') {
          line = ''
          write(`^C\r\n${ps1}`)
        } else if (char === '\u0004' && !line) {
          channel.exit(0)
          channel.end()
          return
        } else if (char === '\u007f') {
          if (line) write('\b \b')
          line = line.slice(0, -1)
        } else if (char >= ' ') {
          line += char
          write(char)
        }
      }
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
