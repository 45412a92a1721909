import { createServer, type AddressInfo, type Server } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../preload/contract/error'
import type { SshHost } from '../../../main/platform/ssh'
import { Ssh2 } from '../../../main/platform/ssh2'
import { anOperator, aRoute, aServer } from '../../support/sshOperator'
import { newHostKey, onlyPassword, sshServer, type TestSshServer } from '../../support/sshServer'

const { signal } = new AbortController()
const servers: TestSshServer[] = []
const listeners: Server[] = []
let ssh = new Ssh2(anOperator())

afterEach(async () => {
  ssh.closeAll()
  ssh = new Ssh2(anOperator())
  for (const server of servers.splice(0)) await server.close()
  for (const listener of listeners.splice(0)) listener.close()
})

async function start(...options: Parameters<typeof sshServer>): Promise<TestSshServer> {
  const server = await sshServer(...options)
  servers.push(server)
  return server
}

async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const listener = createServer(onConnection)
  listeners.push(listener)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return (listener.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const port = await listen(() => undefined)
  listeners.pop()?.close()
  return port
}

const echo = (text: string) => ({ argv: ['echo', text], sudo: false })

async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It did not fail.')
}

/** Waits for what has to come, however slow the machine is. */
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 })

describe('a host that cannot be reached', () => {
  it('refuses', async () => {
    const port = await freePort()
    expect(await failure(ssh.connect(aRoute(aServer(port)), signal))).toMatchObject({
      reason: 'ssh.refused',
      values: { host: '127.0.0.1', port },
    })
  })

  it('does not answer in time', async () => {
    ssh = new Ssh2(anOperator(), { connectMs: 100 })
    // What this machine's network does with an address nobody has differs; a jump host that never answers does not.
    const jump = await start({ forwarding: 'silent' })
    const work = ssh.connect(aRoute(aServer(jump.port), aServer(22)), signal)
    expect(await failure(work)).toMatchObject({ reason: 'ssh.timeout', values: { port: 22 } })
  })

  it('has no such name', async () => {
    const route = aRoute(aServer(22, { host: 'no-such-host.invalid' }))
    expect((await failure(ssh.connect(route, signal))).reason).toBe('network.dns')
  })

  it('is no SSH server', async () => {
    const port = await listen((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    expect(await failure(ssh.connect(aRoute(aServer(port)), signal))).toMatchObject({
      reason: 'ssh.notSsh',
      message: 'HTTP/1.1 400 Bad Request',
    })
  })

  it('hangs up before it says anything', async () => {
    const port = await listen((socket) => socket.end())
    expect((await failure(ssh.connect(aRoute(aServer(port)), signal))).reason).toBe('ssh.lost')
  })

  it('speaks no algorithm that we do', async () => {
    const { Server: SshServer } = await import('ssh2')
    const server = new SshServer(
      {
        hostKeys: [newHostKey()],
        algorithms: { kex: ['diffie-hellman-group1-sha1'] },
      },
      (client) => client.on('error', () => undefined),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      expect((await failure(ssh.connect(aRoute(aServer(port)), signal))).reason).toBe(
        'ssh.algorithms',
      )
    } finally {
      server.close()
    }
  })

  it('is given up when nobody waits for it any more', async () => {
    const closed: Promise<unknown>[] = []
    const port = await listen((socket) => {
      closed.push(once(socket.resume(), 'close'))
    })
    const abort = new AbortController()
    const connecting = failure(ssh.connect(aRoute(aServer(port)), abort.signal))
    await eventually(() => closed.length).toBe(1)
    abort.abort()
    expect((await connecting).code).toBe('cancelled')
    await closed[0]
  })
})

describe('an old server', () => {
  it('is reached by the algorithms of CentOS 7 and xenial', async () => {
    const { Server: SshServer } = await import('ssh2')
    const server = new SshServer(
      {
        hostKeys: [newHostKey('rsa')],
        algorithms: {
          kex: ['diffie-hellman-group14-sha1'],
          serverHostKey: ['ssh-rsa'],
          cipher: ['aes128-cbc'],
          hmac: ['hmac-sha1'],
        },
      },
      (client) => {
        client.on('error', () => undefined)
        client.on('authentication', (context) => context.accept())
      },
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      const host = await ssh.connect(aRoute(aServer(port)), signal)
      expect(host.label).toBe('ubuntu@127.0.0.1')
    } finally {
      ssh.closeAll()
      server.close()
    }
  })
})

describe('one connection', () => {
  it('is shared by all who ask at the same time, and by what they run', async () => {
    const server = await start()
    const route = aRoute(aServer(server.port))
    const hosts = await Promise.all([1, 2, 3].map(() => ssh.connect(route, signal)))
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        hosts[index % 3]!.run(echo(String(index)), { signal }),
      ),
    )
    expect(answers.map(({ stdout }) => stdout.trim())).toEqual(
      Array.from({ length: 30 }, (_, index) => String(index)),
    )
    expect(server.sessions()).toBe(1)
  })

  it('outlives a caller who leaves while others wait', async () => {
    const server = await start({
      onAuth: (context) => {
        setTimeout(() => context.accept(), 100)
      },
    })
    const route = aRoute(aServer(server.port))
    const abort = new AbortController()
    const leaving = failure(ssh.connect(route, abort.signal))
    const staying = ssh.connect(route, signal)
    abort.abort()
    expect((await leaving).code).toBe('cancelled')
    await staying
    expect(server.sessions()).toBe(1)
  })

  it('is closed when idle, and opened again by the next use of the same host', async () => {
    ssh = new Ssh2(anOperator(), { idleMs: 20 })
    const server = await start()
    const host = await ssh.connect(aRoute(aServer(server.port)), signal)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await host.run(echo('again'), { signal })).stdout).toBe('again\n')
    expect(server.sessions()).toBe(2)
  })

  it('is opened again after a loss', async () => {
    const server = await start()
    const host = await ssh.connect(aRoute(aServer(server.port)), signal)
    await host.run(echo('before'), { signal })
    server.drop()
    await eventually(() =>
      host.run(echo('after'), { signal }).then(({ stdout }) => stdout, String),
    ).toBe('after\n')
  })

  it('ends with the cloud it belongs to, with what runs on it', async () => {
    const server = await start({ onCommand: () => undefined })
    const host = await ssh.connect(aRoute(aServer(server.port)), signal)
    const running = failure(host.run(echo('never'), { signal }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    ssh.close('beta')
    ssh.close('alpha')
    expect((await running).reason).toBe('ssh.lost')
  })
})

describe('jump hosts', () => {
  it('lead to the host, two of them, over one connection each', async () => {
    const [first, second, amphora] = [await start(), await start(), await start()]
    const hops = [aServer(first.port, { user: 'one' }), aServer(second.port, { user: 'two' })]
    const hosts = await Promise.all(
      ['amphora a', 'amphora b'].map((subject) =>
        ssh.connect(aRoute(...hops, aServer(amphora.port, { subject })), signal),
      ),
    )
    const answers = await Promise.all(hosts.map((host) => host.run(echo('deep'), { signal })))

    expect(answers.map(({ stdout }) => stdout)).toEqual(['deep\n', 'deep\n'])
    expect([first.sessions(), second.sessions(), amphora.sessions()]).toEqual([1, 1, 2])
    expect(hosts[0]!.label).toBe(
      `ubuntu@127.0.0.1 via 127.0.0.1:${first.port} via 127.0.0.1:${second.port}`,
    )
  })

  it('are named when they are what fails, with the cause', async () => {
    const port = await freePort()
    const work = ssh.connect(aRoute(aServer(port), aServer(22)), signal)
    expect(await failure(work)).toMatchObject({
      reason: 'ssh.jump',
      values: { hop: `127.0.0.1:${port}`, cause: 'ssh.refused' },
    })
  })

  it('are named when they do not let us in', async () => {
    const first = await start()
    const second = await start({ onAuth: onlyPassword('right') })
    const work = ssh.connect(aRoute(aServer(first.port), aServer(second.port), aServer(22)), signal)
    expect(await failure(work)).toMatchObject({
      reason: 'ssh.jump',
      values: { hop: `127.0.0.1:${second.port}`, cause: 'ssh.authentication', user: 'ubuntu' },
    })
  })

  it('are named when they do not forward', async () => {
    const jump = await start({ forwarding: 'prohibited' })
    const work = ssh.connect(aRoute(aServer(jump.port), aServer(22)), signal)
    expect(await failure(work)).toMatchObject({
      reason: 'ssh.jump',
      values: { hop: `127.0.0.1:${jump.port}`, cause: 'ssh.forwardingProhibited' },
    })
  })

  it('keep a refused or changed key of their own what it is', async () => {
    const jump = await start()
    const changed = AppError.because('ssh.hostKeyChanged', 'other', { values: { subject: 'x' } })
    ssh = new Ssh2(anOperator({ acceptHostKey: () => Promise.reject(changed) }))
    expect(await failure(ssh.connect(aRoute(aServer(jump.port), aServer(22)), signal))).toBe(
      changed,
    )
    expect(jump.attempts).toEqual([])
  })

  it('take what runs behind them along when they are lost', async () => {
    const jump = await start()
    const amphora = await start({ onCommand: () => undefined })
    const host = await ssh.connect(aRoute(aServer(jump.port), aServer(amphora.port)), signal)
    const running = failure(host.run(echo('never'), { signal }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    jump.drop()
    expect((await running).reason).toBe('ssh.lost')
  })
})

describe('a proxy command', () => {
  it('carries the connection', async () => {
    const server = await start()
    const relay =
      "const s=require('net').connect(+process.argv[1],'127.0.0.1');process.stdin.pipe(s).pipe(process.stdout)"
    const proxyCommand = [process.execPath, '-e', relay, String(server.port)]
    const host = await ssh.connect(aRoute(aServer(1, { proxyCommand })), signal)
    expect((await host.run(echo('piped'), { signal })).stdout).toBe('piped\n')
  })

  it('is named when it cannot be run', async () => {
    const proxyCommand = ['/no/such/program']
    const work = ssh.connect(aRoute(aServer(1, { proxyCommand })), signal)
    expect((await failure(work)).reason).toBe('ssh.proxyCommand')
  })
})

describe('dialling from a host', () => {
  const dialling = async (): Promise<SshHost> => {
    const server = await start()
    return ssh.connect(aRoute(aServer(server.port)), signal)
  }

  it('reaches a service behind it', async () => {
    const host = await dialling()
    const port = await listen((socket) => socket.pipe(socket))
    const connection = await host.dial('127.0.0.1', port, signal)
    connection.write('ping')
    const [answer] = (await once(connection, 'data')) as [Buffer]
    expect(answer.toString()).toBe('ping')
    connection.destroy()
  })

  it('keeps the connection open while it is used', async () => {
    ssh = new Ssh2(anOperator(), { idleMs: 10 })
    const host = await dialling()
    const port = await listen((socket) => socket.pipe(socket))
    const connection = await host.dial('127.0.0.1', port, signal)
    await new Promise((resolve) => setTimeout(resolve, 100))
    connection.write('still')
    const [answer] = (await once(connection, 'data')) as [Buffer]
    expect(answer.toString()).toBe('still')
    connection.destroy()
  })

  it('is cancelled', async () => {
    const host = await dialling()
    const abort = new AbortController()
    abort.abort()
    expect((await failure(host.dial('127.0.0.1', 1, abort.signal))).code).toBe('cancelled')
  })
})
