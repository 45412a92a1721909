import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../../preload/contract/error'
import type { PromptAnswer } from '../../../preload/contract/ssh'
import { sshHandlers } from '../../../main/ipc/handlers/ssh'
import { localIdentity } from '../../../main/platform/ssh/localIdentity'
import { Ssh2 } from '../../../main/platform/ssh2'
import { SshConfigFile } from '../../../main/platform/sshConfig'
import { HostKeys } from '../../../main/services/hostKeys'
import { Prompts } from '../../../main/services/prompts'
import { SshHosts } from '../../../main/services/sshHosts'
import { PromptingOperator } from '../../../main/services/sshOperator'
import { SshProfiles } from '../../../main/services/sshProfiles'
import { SshRoutes } from '../../../main/services/sshRoutes'
import { ListedAudit } from '../../support/openClouds'
import {
  newHostKey,
  onlyPassword,
  sshServer,
  type SshServerOptions,
  type TestSshServer,
} from '../../support/sshServer'

const { signal } = new AbortController()
let folder: string
let server: TestSshServer
let run: ReturnType<typeof start>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'console-identity-'))
  acceptsNew = () => Promise.resolve(false)
})
afterEach(async () => {
  run.ssh.closeAll()
  run.stop()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

let acceptsNew: (cloud: string) => Promise<boolean>

/** One run of the console, as main composes it; `answer` is the operator. */
function start(answer: (kind: string) => PromptAnswer | undefined) {
  const audit = new ListedAudit()
  const prompts = new Prompts()
  const profiles = new SshProfiles(join(folder, 'ssh.json'), audit)
  const hostKeys = new HostKeys(join(folder, 'hosts.json'), prompts, audit, acceptsNew)
  const ssh = new Ssh2(new PromptingOperator(hostKeys, prompts))
  const local = localIdentity({ HOME: folder }, 'linux')
  const hosts = new SshHosts(profiles, new SshRoutes(new SshConfigFile(folder), local), ssh)
  const handlers = sshHandlers({ profiles, hosts, hostKeys, prompts })
  const abort = new AbortController()
  const asked: string[] = []
  const operate = async () => {
    const known = new Set<string>()
    for await (const open of handlers['prompt.follow']({}, abort.signal)) {
      for (const prompt of open.filter(({ id }) => !known.has(id))) {
        known.add(prompt.id)
        asked.push(prompt.kind)
        const given = answer(prompt.kind)
        if (given) await handlers['prompt.answer']({ id: prompt.id, answer: given }, signal)
      }
    }
  }
  void operate()
  const connect = (amphoraId = 'a1') =>
    hosts.connect('alpha', { amphoraId, managementAddress: '127.0.0.1' }, signal)
  return {
    ssh,
    profiles,
    hosts,
    handlers,
    hostKeys,
    asked,
    audit,
    connect,
    stop: () => abort.abort(),
  }
}

async function serve(options: SshServerOptions = {}): Promise<void> {
  server = await sshServer(options)
  await run.profiles.save('alpha', {
    port: server.port,
    useAgent: false,
    usePassword: true,
    useConfigFile: true,
    jumps: [],
  })
}

const accept = (): PromptAnswer => ({ kind: 'accept' })
const refuse = (): PromptAnswer => ({ kind: 'refuse' })

it('asks for an unknown key once, and knows it in the next run', async () => {
  run = start(accept)
  await serve()
  await Promise.all([run.connect(), run.connect()])
  expect(run.asked).toEqual(['hostKey'])
  run.ssh.closeAll()
  run.stop()

  run = start(refuse)
  await run.connect()
  expect(run.asked).toEqual([])
  expect(await run.handlers['ssh.knownHosts']({ cloud: 'alpha' }, signal)).toMatchObject([
    { cloud: 'alpha', subject: 'amphora a1', keyType: 'ecdsa-sha2-nistp256' },
  ])
})

it('accepts amphorae never seen without asking where the operator said so, and keeps it in the audit log', async () => {
  acceptsNew = (cloud) => Promise.resolve(cloud === 'alpha')
  run = start(refuse)
  await serve()
  await run.connect()
  expect(run.asked).toEqual([])
  expect(run.audit.entries.at(-1)).toMatchObject({
    action: 'ssh.acceptHost',
    object: { id: 'amphora a1' },
    notes: expect.arrayContaining([
      'unasked: the SSH access of the cloud accepts new amphorae',
    ]) as unknown,
  })
})

it('asks about a jump host all the same where amphorae are accepted unasked', async () => {
  acceptsNew = () => Promise.resolve(true)
  run = start(refuse)
  await serve()
  const jump = { host: '127.0.0.1', port: server.port }
  await run.profiles.save('alpha', {
    ...{ port: server.port, useAgent: false, usePassword: true, useConfigFile: true },
    jumps: [jump],
  })
  await expect(run.connect()).rejects.toMatchObject({ reason: 'ssh.hostKeyRefused' })
  expect(run.asked).toEqual(['hostKey'])
})

it('offers nothing to a host whose key is refused', async () => {
  run = start(refuse)
  await serve()
  await expect(run.connect()).rejects.toMatchObject({
    reason: 'ssh.hostKeyRefused',
    values: { subject: 'amphora a1' },
  })
  expect(server.attempts).toEqual([])
  expect(await run.handlers['ssh.knownHosts']({ cloud: 'alpha' }, signal)).toEqual([])
})

it('asks again after a refusal', async () => {
  run = start(refuse)
  await serve()
  await expect(run.connect()).rejects.toThrow()
  await expect(run.connect()).rejects.toThrow()
  expect(run.asked).toEqual(['hostKey', 'hostKey'])
})

it('offers nothing to an amphora whose key has changed, until the operator forgets the old one', async () => {
  run = start(accept)
  await serve()
  const { port } = server
  await run.connect()
  const [known] = await run.handlers['ssh.knownHosts']({ cloud: 'alpha' }, signal)
  run.ssh.closeAll()
  await server.close()
  server = await sshServer({ port, hostKey: newHostKey() })

  await expect(run.connect()).rejects.toMatchObject({
    reason: 'ssh.hostKeyChanged',
    values: { subject: 'amphora a1', known: known!.fingerprint },
  })
  expect([server.attempts, run.asked]).toEqual([[], ['hostKey']])

  await run.handlers['ssh.forgetHost']({ cloud: 'alpha', subject: 'amphora a1' }, signal)
  await run.connect()
  expect(run.asked).toEqual(['hostKey', 'hostKey'])
  const object = { kind: 'host', id: 'amphora a1', name: 'amphora a1' }
  const key = `ecdsa-sha2-nistp256 ${known!.fingerprint}`
  const keys = run.audit.entries.filter(({ action }) => action !== 'ssh.saveProfile')
  expect(keys).toMatchObject([
    { action: 'ssh.acceptHost', object, notes: [key, `address: 127.0.0.1:${port}`], result: 'ok' },
    { cloud: 'alpha', action: 'ssh.forgetHost', object, notes: [key], result: 'ok' },
    { action: 'ssh.acceptHost', object, result: 'ok' },
  ])
  expect(keys[2]!.notes![0]).not.toBe(key)
})

it('does not accept a key that cannot be put on the record', async () => {
  run = start(accept)
  await serve()
  run.audit.start = () => Promise.reject(AppError.because('store.unwritable', 'ENOSPC'))
  await expect(run.connect()).rejects.toMatchObject({ reason: 'store.unwritable' })
  expect(server.attempts).toEqual([])
  expect(await run.handlers['ssh.knownHosts']({ cloud: 'alpha' }, signal)).toEqual([])
})

it('records a key once, however many wait for its answer', async () => {
  run = start(accept)
  const key = {
    group: 'alpha',
    subject: 'amphora a1',
    address: '127.0.0.1:22',
    via: ['bastion:22'],
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:abc',
  }
  await serve()
  await Promise.all([1, 2, 3].map(() => run.hostKeys.accept(key, signal)))
  const keys = run.audit.entries.filter(({ action }) => action === 'ssh.acceptHost')
  expect(keys.map(({ notes }) => notes)).toEqual([
    ['ssh-ed25519 SHA256:abc', 'address: 127.0.0.1:22', 'via: bastion:22'],
  ])
})

it('knows a replacement at the same address for another amphora, not for a changed key', async () => {
  run = start(accept)
  await serve()
  const { port } = server
  await run.connect('a1')
  run.ssh.closeAll()
  await server.close()
  server = await sshServer({ port, hostKey: newHostKey() })
  await run.connect('a2')
  expect(run.asked).toEqual(['hostKey', 'hostKey'])
})

it('keeps what one cloud accepted from another', async () => {
  run = start(accept)
  await serve()
  await run.connect()
  expect(await run.handlers['ssh.knownHosts']({ cloud: 'beta' }, signal)).toEqual([])
})

it('asks for a password once per run, and again when it was wrong', async () => {
  const passwords = ['wrong', 'right']
  run = start((kind) =>
    kind === 'password' ? { kind: 'texts', texts: [passwords.shift() ?? 'too many'] } : accept(),
  )
  await serve({ onAuth: onlyPassword('right') })
  await run.connect()
  run.ssh.closeAll()
  await run.connect()
  expect(run.asked).toEqual(['hostKey', 'password', 'password'])
})

it('withdraws its question when the operator gives up waiting', async () => {
  run = start(() => undefined)
  await serve()
  const abort = new AbortController()
  const connecting = run.hosts
    .connect('alpha', { amphoraId: 'a1', managementAddress: '127.0.0.1' }, abort.signal)
    .catch((error: unknown) => error)
  await expect.poll(() => run.asked, { timeout: 15_000 }).toEqual(['hostKey'])
  abort.abort()
  expect(await connecting).toMatchObject({ code: 'cancelled' })
  const open = run.handlers['prompt.follow']({}, signal)[Symbol.asyncIterator]()
  await expect
    .poll(async () => (await open.next()).value as unknown, { timeout: 15_000 })
    .toEqual([])
})

it('connects anew by a profile that was changed', async () => {
  run = start(accept)
  await serve()
  const host = await run.connect()
  const other = await sshServer({ hostKey: newHostKey() })
  try {
    const { profile } = await run.handlers['ssh.readProfile']({ cloud: 'alpha' }, signal)
    await run.handlers['ssh.saveProfile'](
      { cloud: 'alpha', profile: { ...profile, jumps: [{ host: '127.0.0.1', port: other.port }] } },
      signal,
    )
    expect((await host.run({ argv: ['echo', 'hop'], sudo: false }, { signal })).stdout).toBe(
      'hop\n',
    )
    expect(other.sessions()).toBe(1)
    const jump = await run.hosts.jump('alpha', signal)
    expect(jump?.label).toContain('127.0.0.1')
    expect(other.sessions()).toBe(1)
  } finally {
    run.ssh.closeAll()
    await other.close()
  }
})
