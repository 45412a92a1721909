import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utils, type ParsedKey } from 'ssh2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../preload/contract/error'
import type { SshOperator, SshServer } from '../../../main/platform/ssh'
import { Ssh2 } from '../../../main/platform/ssh2'
import { anOperator, aRoute, aServer } from '../../support/sshOperator'
import {
  newHostKey,
  onlyKey,
  onlyPassword,
  sshServer,
  type SshServerOptions,
  type TestSshServer,
} from '../../support/sshServer'

const signal = new AbortController().signal
let folder: string
let server: TestSshServer
let ssh: Ssh2
const agents: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'console-ssh-'))
})
afterEach(async () => {
  ssh.closeAll()
  await server.close()
  for (const agent of agents.splice(0)) agent.kill()
  rmSync(folder, { recursive: true, force: true })
})

async function connect(
  options: SshServerOptions,
  answers: Partial<SshOperator> = {},
  wishes: Partial<SshServer> = {},
) {
  server = await sshServer(options)
  ssh = new Ssh2(anOperator(answers))
  return ssh.connect(aRoute(aServer(server.port, wishes)), signal)
}

function keyFile(name: string, ...options: string[]): { path: string; key: ParsedKey } {
  const path = join(folder, name)
  execFileSync('ssh-keygen', ['-q', '-N', '', '-f', path, ...options])
  return { path, key: publicKey(path) }
}

function publicKey(path: string): ParsedKey {
  const key = utils.parseKey(readFileSync(`${path}.pub`))
  if (key instanceof Error) throw key
  return key
}

async function agentWith(...paths: string[]): Promise<string> {
  const socket = join(folder, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  agents.push(agent)
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 10))
  const environment = { ...process.env, SSH_AUTH_SOCK: socket }
  if (paths.length) execFileSync('ssh-add', ['-q', ...paths], { env: environment, stdio: 'ignore' })
  return socket
}

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.reason : error),
  )

/** Waits for what has to come, however slow the machine is. */
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 })

describe('signing in', () => {
  it.each([
    ['an Ed25519 key', ['-t', 'ed25519']],
    ['an RSA key', ['-t', 'rsa', '-b', '2048']],
    ['an RSA key in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['an RSA key in PKCS#8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
    ['an ECDSA key', ['-t', 'ecdsa']],
  ])('works with %s', async (_name, options) => {
    const { path, key } = keyFile('id', ...options)
    const host = await connect(
      { onAuth: onlyKey(key) },
      {},
      { keyFiles: [path], keyFilesNamed: true },
    )
    expect(await host.run({ argv: ['echo', 'in'], sudo: false }, { signal })).toMatchObject({
      exit: 0,
      stdout: 'in\n',
    })
  })

  it('asks for the passphrase of an encrypted key until it is right, and once per run', async () => {
    const { path, key } = keyFile('id', '-t', 'ed25519')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'right', '-f', path])
    const asked: number[] = []
    const passphrase: SshOperator['passphrase'] = ({ attempt }) => {
      asked.push(attempt)
      return Promise.resolve(attempt === 1 ? 'wrong' : 'right')
    }
    await connect(
      { onAuth: onlyKey(key) },
      { passphrase },
      { keyFiles: [path], keyFilesNamed: true },
    )
    ssh.close('alpha')
    await ssh.connect(
      aRoute(aServer(server.port, { keyFiles: [path], keyFilesNamed: true })),
      signal,
    )

    expect(asked).toEqual([1, 2])
    expect(server.sessions()).toBe(2)
  })

  it('does not ask for the passphrase of a key that the server would not take', async () => {
    const { path } = keyFile('id', '-t', 'ed25519')
    const other = keyFile('other', '-t', 'ed25519')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', path])
    let asked = 0
    const passphrase = () => {
      asked += 1
      return Promise.resolve('secret')
    }
    const reason = await reasonOf(
      connect(
        { onAuth: onlyKey(other.key) },
        { passphrase },
        { keyFiles: [path], keyFilesNamed: true },
      ),
    )
    expect([reason, asked]).toEqual(['ssh.authentication', 0])
  })

  it('says that the passphrase was wrong after three', async () => {
    const { path, key } = keyFile('id', '-t', 'ed25519')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'right', '-f', path])
    const asked: number[] = []
    const passphrase: SshOperator['passphrase'] = ({ attempt }) => {
      asked.push(attempt)
      return Promise.resolve('wrong')
    }
    const work = connect(
      { onAuth: onlyKey(key) },
      { passphrase },
      { keyFiles: [path], keyFilesNamed: true },
    )
    expect(await reasonOf(work)).toBe('ssh.passphrase')
    expect(asked).toEqual([1, 2, 3])
  })

  it('names the key file that is no key', async () => {
    const path = join(folder, 'letter')
    writeFileSync(path, 'Dear server,\n')
    const work = connect(
      { onAuth: (context) => context.reject(['publickey']) },
      {},
      { keyFiles: [path], keyFilesNamed: true },
    )
    await expect(work).rejects.toMatchObject({ reason: 'ssh.keyFile', values: { path } })
  })

  it('works with a key of a real agent', async () => {
    const { path, key } = keyFile('id', '-t', 'ed25519')
    const agent = await agentWith(path)
    await connect({ onAuth: onlyKey(key) }, {}, { agent })
    expect(server.sessions()).toBe(1)
  })

  it('says that the agent does not answer, when nothing else is left', async () => {
    const work = connect(
      { onAuth: (context) => context.reject(['publickey']) },
      {},
      { agent: join(folder, 'nobody') },
    )
    expect(await reasonOf(work)).toBe('ssh.agent')
  })

  it('goes on to the password when the keys do not do, and asks again when it is wrong', async () => {
    const { path } = keyFile('id', '-t', 'ed25519')
    const asked: number[] = []
    const password: SshOperator['password'] = ({ attempt }) => {
      asked.push(attempt)
      return Promise.resolve(attempt === 3 ? 'right' : 'wrong')
    }
    await connect(
      {
        onAuth: (context) => {
          if (context.method === 'password' && context.password === 'right') context.accept()
          else context.reject(['publickey', 'password'])
        },
      },
      { password },
      { keyFiles: [path], keyFilesNamed: true },
    )
    expect(asked).toEqual([1, 2, 3])
    expect(server.attempts).toEqual(['none', 'publickey', 'password', 'password', 'password'])
  })

  it('tells a wrong password from an unreachable host, and names what was tried', async () => {
    const password = () => Promise.resolve('wrong')
    await expect(connect({ onAuth: onlyPassword('right') }, { password })).rejects.toMatchObject({
      code: 'unauthenticated',
      reason: 'ssh.authentication',
      values: { user: 'ubuntu', host: '127.0.0.1', tried: 'password' },
    })
  })

  it('does not ask for a password where the profile rules it out', async () => {
    let asked = 0
    const password = () => {
      asked += 1
      return Promise.resolve('right')
    }
    const reason = await reasonOf(
      connect({ onAuth: onlyPassword('right') }, { password }, { usePassword: false }),
    )
    expect([reason, asked]).toEqual(['ssh.authentication', 0])
  })

  it('answers the questions of keyboard-interactive', async () => {
    const seen: unknown[] = []
    await connect(
      {
        onAuth: (context) => {
          if (context.method !== 'keyboard-interactive') {
            context.reject(['keyboard-interactive'])
            return
          }
          context.prompt(
            [{ prompt: 'Code: ', echo: true }],
            'Second factor',
            'From your phone',
            (answers) => {
              if (answers[0] === '42') context.accept()
              else context.reject(['keyboard-interactive'])
            },
          )
        },
      },
      {
        keyboardInteractive: ({ instruction, questions, attempt }) => {
          seen.push({ instruction, questions })
          return Promise.resolve([attempt === 1 ? '41' : '42'])
        },
      },
    )
    const question = {
      instruction: 'Second factor\nFrom your phone',
      questions: [{ text: 'Code: ', echo: true }],
    }
    expect(seen).toEqual([question, question])
  })

  it('combines a key with a second factor', async () => {
    const { path, key } = keyFile('id', '-t', 'ed25519')
    let keyAccepted = false
    await connect(
      {
        onAuth: (context) => {
          if (context.method === 'publickey' && !keyAccepted) {
            if (!context.signature) {
              onlyKey(key)(context)
              return
            }
            keyAccepted = true
            context.reject(['password'], true)
          } else if (keyAccepted && context.method === 'password' && context.password === 'also') {
            context.accept()
          } else {
            context.reject([keyAccepted ? 'password' : 'publickey'])
          }
        },
      },
      { password: () => Promise.resolve('also') },
      { keyFiles: [path], keyFilesNamed: true },
    )
    expect(server.sessions()).toBe(1)
  })
})

describe('the host key', () => {
  it('is accepted before anything is offered: a refused one sees no attempt to sign in', async () => {
    const { path } = keyFile('id', '-t', 'ed25519')
    const refused = AppError.because('ssh.hostKeyRefused', 'no')
    const work = connect(
      {},
      { acceptHostKey: () => Promise.reject(refused), password: () => Promise.resolve('secret') },
      { keyFiles: [path], keyFilesNamed: true },
    )
    await expect(work).rejects.toBe(refused)
    expect(server.attempts).toEqual([])
  })

  it('is shown as OpenSSH shows it', async () => {
    const { path } = keyFile('host', '-t', 'ed25519')
    let shown: unknown
    await connect(
      { hostKey: readFileSync(path, 'utf8') },
      {
        acceptHostKey: (key) => {
          shown = key
          return Promise.resolve()
        },
      },
      { subject: 'amphora 1' },
    )
    const [, fingerprint] = execFileSync('ssh-keygen', ['-l', '-f', path]).toString().split(' ')
    expect(shown).toEqual({
      group: 'alpha',
      subject: 'amphora 1',
      address: `127.0.0.1:${server.port}`,
      via: [],
      keyType: 'ssh-ed25519',
      fingerprint,
    })
  })

  it('is asked for in the type that is known, so that a second key is no changed one', async () => {
    let shown = ''
    await connect(
      { hostKey: newHostKey('rsa') },
      {
        knownKeyType: () => Promise.resolve('ssh-rsa'),
        acceptHostKey: ({ keyType }) => {
          shown = keyType
          return Promise.resolve()
        },
      },
    )
    expect(shown).toBe('ssh-rsa')
  })

  it('may be thought about for longer than the server waits', async () => {
    server = await sshServer({ hostKey: newHostKey() })
    let accept = () => {}
    let asked = 0
    let known = false
    ssh = new Ssh2(
      anOperator({
        acceptHostKey: async () => {
          if (known) return
          asked += 1
          await new Promise<void>((resolve) => (accept = resolve))
          known = true
        },
      }),
    )
    const connecting = ssh.connect(aRoute(aServer(server.port)), signal)
    await eventually(() => asked).toBe(1)
    server.drop()
    await new Promise((resolve) => setTimeout(resolve, 50))
    accept()
    await connecting
    expect([asked, server.sessions()]).toEqual([1, 1])
  })
})
