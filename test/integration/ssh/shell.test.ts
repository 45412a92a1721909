import type { ServerChannel } from 'ssh2'
import { afterEach, expect, it } from 'vitest'
import type { Shell, SshHost } from '../../../main/platform/ssh'
import { Ssh2 } from '../../../main/platform/ssh2'
import { anOperator, aRoute, aServer } from '../../support/sshOperator'
import { sshServer, type SshServerOptions, type TestSshServer } from '../../support/sshServer'

const { signal } = new AbortController()
const SIZE = { columns: 132, rows: 43 }
let server: TestSshServer
let ssh: Ssh2

afterEach(async () => {
  ssh.closeAll()
  await server.close()
})

async function connected(onShell?: SshServerOptions['onShell']): Promise<SshHost> {
  server = await sshServer(onShell ? { onShell } : {})
  ssh = new Ssh2(anOperator(), { idleMs: 20 })
  return ssh.connect(aRoute(aServer(server.port)), signal)
}

/** Everything that is shown, and how it ended. */
async function all({ output }: Shell) {
  let text = ''
  for (;;) {
    const next = await output.next()
    if (next.done) return { text, end: next.value }
    text += next.value.toString()
  }
}

const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 })

it('opens on a pty of the wanted size, and shows what is typed into it and how it ended', async () => {
  let seen = {}
  const host = await connected((channel, window) => {
    seen = { ...window }
    channel.write('$ ')
    channel.on('data', (typed: Buffer) => {
      channel.write(`you typed ${typed.toString()}`)
      channel.exit(7)
      channel.end()
    })
  })
  const shell = await host.shell(SIZE, signal)
  shell.write('ls\r')
  expect(await all(shell)).toEqual({
    text: '$ you typed ls\r',
    end: { exit: 7, signal: undefined },
  })
  expect(seen).toEqual({ ...SIZE, term: 'xterm-256color' })
})

it('tells the server when the window changes', async () => {
  let size = { columns: 0, rows: 0 }
  const host = await connected((channel, window) => {
    size = window
    channel.resume()
  })
  const shell = await host.shell(SIZE, signal)
  shell.resize({ columns: 100, rows: 30 })
  await eventually(() => ({ ...size })).toMatchObject({ columns: 100, rows: 30 })
})

it('does not take a lost connection for the end of the shell', async () => {
  const host = await connected((channel) => channel.write('half of it'))
  const shell = await host.shell(SIZE, signal)
  await shell.output.next()
  server.drop()
  await expect(all(shell)).rejects.toMatchObject({ reason: 'ssh.lost' })
})

it('hangs up when the signal says so, and when nobody reads on', async () => {
  let open = 0
  const host = await connected((channel) => {
    open += 1
    channel.resume().on('close', () => (open -= 1))
    channel.write('x')
  })
  const abort = new AbortController()
  const first = await host.shell(SIZE, abort.signal)
  const second = await host.shell(SIZE, signal)
  await Promise.all([first.output.next(), second.output.next()])
  expect(open).toBe(2)
  abort.abort()
  await eventually(() => open).toBe(1)
  expect((await first.output.next()).done).toBe(true)
  await second.output.return({ exit: undefined, signal: undefined })
  await eventually(() => open).toBe(0)
})

it('holds the shell back while nobody reads', async () => {
  let written = 0
  const host = await connected((channel) => {
    const block = Buffer.alloc(1024, 'x')
    const pump = () => {
      while (written < 64 * 1024 && channel.write(block)) written += 1
      if (written < 64 * 1024) channel.once('drain', pump)
    }
    pump()
  })
  const shell = await host.shell(SIZE, signal)
  await shell.output.next()
  // A request and its answer later, everything that may come has come.
  await host.run({ argv: ['true'], sudo: false }, { signal })
  expect(written).toBeLessThan(16 * 1024)
})

it('keeps the connection as long as the shell lives, and no longer', async () => {
  const channels: ServerChannel[] = []
  const host = await connected((channel) => channels.push(channel))
  const shell = await host.shell(SIZE, signal)
  // Longer than an idle connection is kept.
  await new Promise((resolve) => setTimeout(resolve, 100))
  channels[0]!.write('still here')
  const next = await shell.output.next()
  expect(Buffer.isBuffer(next.value) && next.value.toString()).toBe('still here')
  channels[0]!.exit(0)
  channels[0]!.end()
  await shell.output.next()
  await new Promise((resolve) => setTimeout(resolve, 100))
  await host.run({ argv: ['true'], sudo: false }, { signal })
  expect(server.sessions()).toBe(2)
})

it('says so where the server gives no shell', async () => {
  const host = await connected()
  await expect(host.shell(SIZE, signal)).rejects.toMatchObject({ reason: 'ssh.commandFailed' })
})
