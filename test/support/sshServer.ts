import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from 'ssh2'

/** What a test lets happen when a command arrives; undefined runs it in a real shell. */
export type OnCommand = (line: string, channel: ServerChannel) => void

export interface SshServerOptions {
  /** Answers each attempt; everybody is let in by default. */
  onAuth?: (context: AuthContext) => void
  onCommand?: OnCommand
  /** What happens when a shell on a pty is asked for; `window` follows its size. Without, none is given. */
  onShell?: (
    channel: ServerChannel,
    window: { columns: number; rows: number; term: string },
  ) => void
  hostKey?: string
  /** What becomes of direct-tcpip. @default allowed */
  forwarding?: 'allowed' | 'prohibited' | 'silent'
  /** Listen on this port. */
  port?: number
}

/** An SSH server on loopback that counts what reaches it. */
export interface TestSshServer {
  port: number
  /** Names of the authentication methods that clients tried, in order, `none` included. */
  attempts: string[]
  /** How many connections finished their handshake and signed in. */
  sessions: () => number
  /** Resets every open TCP connection, as a dying network does. */
  drop(): void
  close(): Promise<void>
}

/** Made by Node: one in a hundred keys that ssh2 makes cannot be read by ssh2. */
export const newHostKey = (kind: 'ec' | 'rsa' = 'ec'): string =>
  kind === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
        .privateKey.export({ format: 'pem', type: 'sec1' })
        .toString()
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ format: 'pem', type: 'pkcs1' })
        .toString()

export async function sshServer(options: SshServerOptions = {}): Promise<TestSshServer> {
  const {
    onAuth,
    onCommand = inShell,
    onShell,
    hostKey = newHostKey(),
    forwarding = 'allowed',
  } = options
  const sockets = new Set<Socket>()
  const attempts: string[] = []
  let sessions = 0
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client: Connection) => {
    client.on('authentication', (context) => {
      attempts.push(context.method)
      if (onAuth) onAuth(context)
      else context.accept()
    })
    client.on('ready', () => {
      sessions += 1
    })
    client.on('error', () => undefined)
    client.on('session', (accept) => {
      const session = accept()
      session.on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        channel.on('error', () => undefined)
        onCommand(command, channel)
      })
      session.on('signal', () => undefined)
      if (!onShell) return
      const window = { columns: 0, rows: 0, term: '' }
      session.on('pty', (acceptPty, _reject, { cols, rows, term }) => {
        Object.assign(window, { columns: cols, rows, term })
        acceptPty()
      })
      session.on('window-change', (_accept, _reject, { cols, rows }) =>
        Object.assign(window, { columns: cols, rows }),
      )
      session.on('shell', (acceptShell) => {
        const channel = acceptShell()
        channel.on('error', () => undefined)
        onShell(channel, window)
      })
    })
    // Without a listener ssh2 answers as sshd does under `AllowTcpForwarding no`.
    if (forwarding === 'prohibited') return
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      if (forwarding === 'silent') return
      const socket = connect(destPort, destIP)
      socket.once('connect', () => {
        const channel = accept()
        channel.pipe(socket).pipe(channel)
        channel.on('error', () => socket.destroy())
        channel.on('close', () => socket.destroy())
        socket.on('close', () => channel.end())
      })
      socket.on('error', () => reject())
    })
  })
  // The server is a net.Server inside; its sockets are what a test pulls the plug of.
  const inner = (server as unknown as { _srv: { on: typeof process.on } })._srv
  inner.on(
    'connection' as never,
    ((socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }) as never,
  )
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    attempts,
    sessions: () => sessions,
    drop: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** Runs the line as sshd does: by a shell. */
export const inShell: OnCommand = (line, channel) => {
  const child = spawn('/bin/sh', ['-c', line])
  channel.pipe(child.stdin)
  child.stdin.on('error', () => undefined)
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  channel.on('close', () => child.kill())
  child.on('close', (code, signal) => {
    if (signal) channel.exit(signal.replace(/^SIG/, ''), false, '')
    else channel.exit(code ?? 0)
    channel.end()
  })
}

/** Lets in whoever holds the private half of this key. */
export const onlyKey =
  (key: ParsedKey) =>
  (context: AuthContext): void => {
    if (context.method !== 'publickey' || !key.getPublicSSH().equals(context.key.data)) {
      context.reject(['publickey'])
      return
    }
    const { signature, blob, hashAlgo } = context
    if (signature && blob && !key.verify(blob, signature, hashAlgo)) context.reject(['publickey'])
    else context.accept()
  }

/** Lets in whoever knows this password. */
export const onlyPassword =
  (password: string) =>
  (context: AuthContext): void => {
    if (context.method === 'password' && context.password === password) context.accept()
    else context.reject(['password'])
  }
