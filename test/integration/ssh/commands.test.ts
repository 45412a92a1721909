import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../preload/contract/error'
import type { Command, SshHost } from '../../../main/platform/ssh'
import { Ssh2 } from '../../../main/platform/ssh2'
import { failureOf } from '../../../main/services/requireSuccess'
import { anOperator, aRoute, aServer } from '../../support/sshOperator'
import { sshServer, type OnCommand, type TestSshServer } from '../../support/sshServer'

const { signal } = new AbortController()
let server: TestSshServer
let ssh: Ssh2

afterEach(async () => {
  ssh.closeAll()
  await server.close()
})

async function connected(onCommand?: OnCommand): Promise<SshHost> {
  server = await sshServer(onCommand ? { onCommand } : {})
  ssh = new Ssh2(anOperator())
  return ssh.connect(aRoute(aServer(server.port)), signal)
}

const shell = (script: string): Command => ({ argv: ['sh', '-c', script], sudo: false })

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

describe('running a command', () => {
  it('answers its output, its errors and its exit status', async () => {
    const host = await connected()
    const result = await host.run(shell('echo out; echo err >&2; exit 3'), { signal })
    expect(result).toMatchObject({
      exit: 3,
      signal: undefined,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    })
    expect(result.endedAt).toBeGreaterThanOrEqual(result.startedAt)
  })

  it('tells which signal ended it', async () => {
    const host = await connected((_line, channel) => {
      channel.exit('TERM', false, '')
      channel.end()
    })
    const result = await host.run(shell('kill -TERM $$'), { signal })
    expect(result).toMatchObject({ exit: undefined, signal: 'SIGTERM' })
  })

  it('gives it its input and then the end of it', async () => {
    const host = await connected()
    const result = await host.run({ argv: ['cat'], sudo: false }, { signal, input: 'given' })
    expect(result.stdout).toBe('given')
  })

  it('keeps no more than the limit and says that there was more', async () => {
    const host = await connected()
    const result = await host.run(shell('head -c 1000000 /dev/zero | tr "\\0" x'), {
      signal,
      maxBytes: 1000,
    })
    expect([result.stdout.length, result.truncated, result.exit]).toEqual([1000, true, 0])
  })

  it('leaves nothing on a signal that lives on, however it ended', async () => {
    const host = await connected()
    const living = new AbortController().signal
    await host.run(shell('true'), { signal: living })
    await failure(host.run(shell('sleep 60'), { signal: living, timeoutMs: 50 }))
    await eventually(() => getEventListeners(living, 'abort').length).toBe(0)
  })

  it('ends it when it takes too long', async () => {
    let closed = false
    const host = await connected((_line, channel) => {
      channel.resume().on('close', () => (closed = true))
    })
    expect(await failure(host.run(shell('sleep 60'), { signal, timeoutMs: 50 }))).toMatchObject({
      reason: 'ssh.timeout',
    })
    await eventually(() => closed).toBe(true)
  })

  it('ends it when it is cancelled', async () => {
    let closed = false
    let arrived = false
    const host = await connected((_line, channel) => {
      arrived = true
      channel.resume().on('close', () => (closed = true))
    })
    const abort = new AbortController()
    const running = failure(host.run(shell('sleep 60'), { signal: abort.signal }))
    await eventually(() => arrived).toBe(true)
    abort.abort()
    expect((await running).code).toBe('cancelled')
    await eventually(() => closed).toBe(true)
  })

  it('does not take a lost connection for the end of the command', async () => {
    const host = await connected((_line, channel) => {
      channel.write('half of it', () => setTimeout(() => server.drop(), 20))
    })
    expect((await failure(host.run(shell('cat big'), { signal }))).reason).toBe('ssh.lost')
  })

  it('does not take a channel that closes without a status for the end either', async () => {
    const host = await connected((_line, channel) => {
      channel.write('half of it')
      channel.end()
    })
    expect((await failure(host.run(shell('cat big'), { signal }))).reason).toBe('ssh.lost')
  })

  it('puts sudo before it, which asks nothing', async () => {
    let line = ''
    const host = await connected((command, channel) => {
      line = command
      channel.stderr.write('sudo: a password is required\n')
      channel.exit(1)
      channel.end()
    })
    const command = { argv: ['ip', '-n', 'amphora-haproxy', 'address'], sudo: true }
    const result = await host.run(command, { signal })
    expect(line).toBe('sudo -n ip -n amphora-haproxy address')
    expect(failureOf(result, command)?.reason).toBe('ssh.sudo')
  })

  it('waits its turn rather than meet the server’s limit of sessions', async () => {
    let running = 0
    let most = 0
    const host = await connected((_line, channel) => {
      running += 1
      most = Math.max(most, running)
      setTimeout(() => {
        running -= 1
        channel.exit(0)
        channel.end()
      }, 5)
    })
    await Promise.all(Array.from({ length: 40 }, () => host.run(shell(':'), { signal })))
    expect(most).toBeLessThanOrEqual(10)
  })
})

describe('following a command', () => {
  it('yields its output in order, then its exit status and the end of stderr', async () => {
    const host = await connected()
    const stream = host.follow(
      shell('for i in 1 2 3; do echo $i; done; echo why >&2; exit 4'),
      signal,
    )
    let text = ''
    let next = await stream.next()
    while (!next.done) {
      text += next.value.toString()
      next = await stream.next()
    }
    expect([text, next.value]).toEqual([
      '1\n2\n3\n',
      { exit: 4, signal: undefined, stderr: 'why\n' },
    ])
  })

  it('keeps its input open while it is followed, so that its end tells the command that we have hung up', async () => {
    let ended = false
    const host = await connected((line, channel) => {
      channel.resume()
      if (line === 'true') {
        channel.exit(0)
        channel.end()
        return
      }
      channel.on('end', () => (ended = true))
      channel.write('one')
    })
    const stream = host.follow({ argv: ['yes'], sudo: false }, signal)
    await stream.next()
    // Answered after whatever was sent for the stream.
    await host.run({ argv: ['true'], sudo: false }, { signal })
    expect(ended).toBe(false)
    await stream.return({ exit: undefined, signal: undefined, stderr: '' })
    await eventually(() => ended).toBe(true)
  })

  it('lets a slow reader hold the remote command back', async () => {
    let written = 0
    const host = await connected((_line, channel) => {
      const block = Buffer.alloc(1024, 'x')
      const pump = () => {
        while (written < 64 * 1024 && channel.write(block)) written += 1
        if (written < 64 * 1024) channel.once('drain', pump)
      }
      pump()
    })
    const stream = host.follow(shell('yes'), signal)
    await stream.next()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(written).toBeLessThan(16 * 1024)
    await stream.return({ exit: undefined, signal: undefined, stderr: '' })
  })

  it('reports a lost connection, after everything that arrived', async () => {
    const host = await connected((_line, channel) => {
      channel.write('one\n')
    })
    const stream = host.follow(shell('tail'), signal)
    expect((await stream.next()).value).toEqual(Buffer.from('one\n'))
    server.drop()
    expect((await failure(stream.next())).reason).toBe('ssh.lost')
  })

  it('ends the command when the reader leaves, and keeps the connection', async () => {
    let closed = false
    const host = await connected((line, channel) => {
      if (line === 'true') {
        channel.exit(0)
        channel.end()
        return
      }
      channel.resume().on('close', () => (closed = true))
      channel.write('one\n')
    })
    for await (const chunk of host.follow(shell('tail'), signal)) {
      expect(chunk.toString()).toBe('one\n')
      break
    }
    await eventually(() => closed).toBe(true)
    expect((await host.run({ argv: ['true'], sudo: false }, { signal })).exit).toBe(0)
    expect(server.sessions()).toBe(1)
  })

  it('ends quietly when it is cancelled', async () => {
    const host = await connected((_line, channel) => {
      channel.write('one\n')
    })
    const abort = new AbortController()
    const stream = host.follow(shell('tail'), abort.signal)
    await stream.next()
    abort.abort()
    expect(await stream.next()).toEqual({
      done: true,
      value: { exit: undefined, signal: undefined, stderr: '' },
    })
  })
})
