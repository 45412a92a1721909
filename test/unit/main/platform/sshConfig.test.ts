import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseJump, proxyWords, SshConfigFile } from '../../../../main/platform/sshConfig'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'console-home-'))
  mkdirSync(join(home, '.ssh', 'more'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function config(text: string, file = 'config'): SshConfigFile {
  writeFileSync(join(home, '.ssh', file), text)
  return new SshConfigFile(home)
}

it('says nothing where there is no file', async () => {
  expect(await new SshConfigFile(home).lookup('bastion')).toEqual({})
})

it('reads what decides about one host, the first value of each', async () => {
  const file = config(`
Host bastion
  HostName bastion.example.org
  User jump
  Port 2222
  IdentityFile ~/.ssh/bastion
  IdentityFile %d/keys/%h
  IdentitiesOnly yes
  IdentityAgent ~/agent.sock
Host 10.77.*
  ProxyJump ops@edge:2200,bastion
Host *
  User nobody
  Port 22
`)
  expect(await file.lookup('bastion')).toEqual({
    hostName: 'bastion.example.org',
    user: 'jump',
    port: 2222,
    identityFiles: [join(home, '.ssh/bastion'), join(home, 'keys/bastion.example.org')],
    identitiesOnly: true,
    identityAgent: join(home, 'agent.sock'),
  })
  expect(await file.lookup('10.77.0.11')).toEqual({
    user: 'nobody',
    port: 22,
    proxyJump: [{ host: 'edge', port: 2200, user: 'ops' }, { host: 'bastion' }],
  })
})

it('reads included files in their places', async () => {
  config('Host inner\n  Port 2022\n', 'more/one.conf')
  config('Host *\n  User included\n', 'more/two.conf')
  const file = config('Include more/*.conf\nHost inner\n  User late\n  HostName 10.0.0.1\n')
  expect(await file.lookup('inner')).toEqual({ port: 2022, user: 'included', hostName: '10.0.0.1' })
})

it('does not run anything to find out whether a block applies', async () => {
  const witness = join(home, 'witness')
  const file = config(`Match exec "touch ${witness}"\n  User evil\nCanonicalizeHostname yes\n`)
  expect(await file.lookup('any')).toEqual({})
  const { existsSync } = await import('node:fs')
  expect(existsSync(witness)).toBe(false)
})

it('takes none for none', async () => {
  const file = config('Host *\n  ProxyJump none\n  ProxyCommand none\n  IdentityAgent none\n')
  expect(await file.lookup('any')).toEqual({ identityAgent: 'none' })
})

it('names the file that cannot be read', async () => {
  mkdirSync(join(home, '.ssh', 'config'))
  await expect(new SshConfigFile(home).lookup('any')).rejects.toMatchObject({
    reason: 'ssh.configFile',
    values: { path: join(home, '.ssh', 'config') },
  })
})

it('does not include itself for ever', async () => {
  await expect(config('Include config\n').lookup('any')).rejects.toMatchObject({
    reason: 'ssh.configFile',
  })
})

it.each([
  ['bastion', { host: 'bastion' }],
  ['ops@bastion:2222', { host: 'bastion', port: 2222, user: 'ops' }],
  ['ssh://ops@bastion:2222/', { host: 'bastion', port: 2222, user: 'ops' }],
  ['[fd00::1]:2222', { host: 'fd00::1', port: 2222 }],
  ['ops@fd00::1', { host: 'fd00::1', user: 'ops' }],
  ['bastion:99999', undefined],
  ['a b', undefined],
  ['', undefined],
])('reads the jump host %j', (text, expected) => {
  expect(parseJump(text)).toEqual(expected)
})

const target = { host: '10.0.0.1', port: 22, user: 'ubuntu', alias: 'amp' }

it('fills in the words of a proxy command', () => {
  expect(proxyWords('exec nc -x proxy:1080 %h %p', target)).toEqual([
    'nc',
    '-x',
    'proxy:1080',
    '10.0.0.1',
    '22',
  ])
})

it.each([
  'nc %h %p | tee log',
  'sh -c "nc %h %p"',
  'nc $HOST',
  'nc %h > log',
  'nc %h; id',
  'nc `id`',
])('refuses a proxy command that needs a shell: %s', (command) => {
  expect(() => proxyWords(command, target)).toThrow(
    expect.objectContaining({ reason: 'ssh.configFile' }) as Error,
  )
})
