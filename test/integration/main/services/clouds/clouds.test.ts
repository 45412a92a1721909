import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CloudForm } from '../../../../../preload/contract/cloud'
import { AppError } from '../../../../../preload/contract/error'
import { PassphraseSecrets } from '../../../../../main/platform/passphraseSecrets'
import { aCloud, openClouds } from '../../../../support/openClouds'

const aForm = (rest: Partial<CloudForm> = {}): CloudForm => ({
  name: 'mine',
  authUrl: 'https://keystone.example:5000',
  interface: 'public',
  insecure: false,
  auth: {
    type: 'password',
    userName: 'noc',
    userDomain: 'Default',
    password: 'typed-secret',
    projectName: 'web',
  },
  ...rest,
})

const withoutPassword = (name: string): CloudForm =>
  aForm({ name, auth: { type: 'password', userName: 'noc', userDomain: 'Default' } })

const allFiles = (folder: string) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

describe('own clouds', () => {
  it('are saved, and read back without their secret', async () => {
    const { clouds } = openClouds()
    await clouds.save(aForm(), undefined)
    const { form, hasSecret } = await clouds.read('mine')
    expect(hasSecret).toBe(true)
    expect(JSON.stringify(form)).not.toContain('typed-secret')
    expect((await clouds.list()).clouds).toMatchObject([
      { name: 'mine', source: 'own', userName: 'noc', projectName: 'web' },
    ])
    expect(await clouds.find('mine')).toMatchObject({ credentials: { password: 'typed-secret' } })
  })

  it('keep their secret in memory only, where the host cannot seal it', async () => {
    const { clouds, folder } = openClouds()
    await clouds.save(aForm(), undefined)
    expect(allFiles(folder)).not.toContain('typed-secret')
    const later = openClouds({ folder })
    expect((await later.clouds.list()).clouds[0]?.problem).toMatchObject({
      reason: 'secrets.locked',
    })
    await expect(later.clouds.find('mine')).rejects.toMatchObject({ reason: 'secrets.locked' })
  })

  it('keep their secret sealed, and open it with the same passphrase', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealed-'))
    const cipher = await PassphraseSecrets.open(folder, 'open sesame')
    await openClouds({ folder, cipher }).clouds.save(aForm(), undefined)
    expect(allFiles(folder)).not.toMatch(/typed-secret|open sesame/)

    const again = await PassphraseSecrets.open(folder, 'open sesame')
    const { clouds } = openClouds({ folder, cipher: again })
    expect(await clouds.find('mine')).toMatchObject({ credentials: { password: 'typed-secret' } })
    await expect(PassphraseSecrets.open(folder, 'open barley')).rejects.toMatchObject({
      reason: 'secrets.passphrase',
    })
  })

  it('keep the stored secret when it is left out, also under another name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'renamed-'))
    const cipher = await PassphraseSecrets.open(folder, 'open sesame')
    for (const { clouds } of [openClouds(), openClouds({ folder, cipher })]) {
      await clouds.save(aForm(), undefined)
      await clouds.save(withoutPassword('renamed'), 'mine')
      expect((await clouds.list()).clouds.map(({ name }) => name)).toEqual(['renamed'])
      expect(await clouds.find('renamed')).toMatchObject({
        credentials: { password: 'typed-secret' },
      })
    }
  })

  it('do not use a password as a token', async () => {
    const { clouds } = openClouds()
    await clouds.save(aForm(), undefined)
    const token = aForm({ auth: { type: 'token' } })
    await expect(clouds.draft(token, 'mine')).rejects.toMatchObject({ reason: 'cloud.incomplete' })
    await clouds.save(token, 'mine')
    expect(await clouds.read('mine')).toMatchObject({ hasSecret: false })
  })

  it('are removed with their secret', async () => {
    const { clouds } = openClouds()
    await clouds.save(aForm(), undefined)
    await clouds.remove('mine')
    await clouds.save(withoutPassword('mine'), undefined)
    expect(await clouds.read('mine')).toMatchObject({ hasSecret: false })
  })

  it('take no name that is another cloud’s', async () => {
    const { clouds } = openClouds({ definitions: [aCloud('http://k')] })
    await clouds.save(aForm(), undefined)
    for (const name of ['alpha', 'mine']) {
      await expect(clouds.save(aForm({ name }), undefined)).rejects.toMatchObject({
        reason: 'cloud.exists',
      })
    }
    await expect(clouds.remove('alpha')).rejects.toMatchObject({ reason: 'cloud.notOwn' })
    await expect(clouds.read('nobody')).rejects.toMatchObject({ reason: 'cloud.unknown' })
  })
})

describe('the record of own clouds', () => {
  it('tells what was saved and removed, and no secret', async () => {
    const { clouds, audit } = openClouds()
    const authUrl = 'https://noc:hidden-too@keystone.example:5000'
    await clouds.save(aForm({ authUrl }), undefined)
    await clouds.save({ ...withoutPassword('theirs'), insecure: true }, 'mine')
    await clouds.remove('theirs')
    expect(JSON.stringify(audit.entries)).not.toMatch(/typed-secret|hidden-too/)
    const kind = 'cloud'
    expect(audit.entries).toMatchObject([
      {
        cloud: 'mine',
        action: 'cloud.save',
        object: { kind, id: 'mine' },
        notes: [
          'name: mine',
          'authUrl: https://noc:‹removed›@keystone.example:5000',
          'interface: public',
          'insecure: false',
          'auth.type: password',
          'auth.userName: noc',
          'auth.userDomain: Default',
          'auth.projectName: web',
          'secret: new',
        ],
        result: 'ok',
      },
      {
        cloud: 'theirs',
        action: 'cloud.save',
        notes: [
          'name: mine → theirs',
          'authUrl: https://noc:‹removed›@keystone.example:5000 → https://keystone.example:5000',
          'insecure: false → true',
          'auth.projectName: web → –',
        ],
        result: 'ok',
      },
      { cloud: 'theirs', action: 'cloud.remove', result: 'ok' },
    ])
  })

  it('keeps what was refused, and comes first', async () => {
    const { clouds, audit } = openClouds({ definitions: [aCloud('http://k')] })
    await expect(clouds.save(aForm({ name: 'alpha' }), undefined)).rejects.toThrow()
    await expect(clouds.remove('alpha')).rejects.toThrow()
    expect(audit.entries).toMatchObject([
      { action: 'cloud.save', result: 'refused', failure: { reason: 'cloud.exists' } },
      { action: 'cloud.remove', result: 'refused', failure: { reason: 'cloud.notOwn' } },
    ])
    audit.start = () => Promise.reject(AppError.because('store.unwritable', 'ENOSPC'))
    await expect(clouds.save(aForm(), undefined)).rejects.toMatchObject({
      reason: 'store.unwritable',
    })
    await expect(clouds.read('mine')).rejects.toMatchObject({ reason: 'cloud.unknown' })
  })
})

describe('cloud files', () => {
  const entry = (name: string) =>
    `clouds: {${name}: {auth: {auth_url: 'http://k', username: u, password: p}}}`

  it('are found in the working folder, then in the user’s; the first one wins', async () => {
    const { clouds, folder } = openClouds()
    writeFileSync(join(folder, 'clouds.yml'), entry('here'))
    const { clouds: listed, files, preferred } = await clouds.list()
    expect(listed).toMatchObject([{ name: 'here', path: join(folder, 'clouds.yml') }])
    expect(files).toEqual([{ path: join(folder, 'clouds.yml') }])
    expect(preferred).toBe('here')
  })

  it('named by a variable come first, and are missed when they are not there', async () => {
    const { folder } = openClouds()
    writeFileSync(join(folder, 'clouds.yaml'), entry('here'))
    writeFileSync(join(folder, 'named.yaml'), entry('named'))
    const list = (path: string) =>
      openClouds({ folder, environment: { OS_CLIENT_CONFIG_FILE: path } }).clouds.list()
    expect((await list('~/named.yaml')).clouds).toMatchObject([{ name: 'named' }])
    const { clouds, files } = await list('/nowhere/clouds.yaml')
    expect(clouds).toMatchObject([{ name: 'here' }])
    expect(files).toMatchObject([
      { path: '/nowhere/clouds.yaml', failure: { reason: 'cloud.fileMissing' } },
      { path: join(folder, 'clouds.yaml') },
    ])
  })

  it('that are broken are named with the line, and own clouds still work', async () => {
    const { clouds, folder } = openClouds()
    await clouds.save(aForm(), undefined)
    const path = join(folder, 'clouds.yaml')
    writeFileSync(path, 'clouds:\n  a: {auth: {password: s3cret}\n  b: 1\n')
    const { clouds: listed, files } = await clouds.list()
    expect(listed.map(({ name }) => name)).toEqual(['mine'])
    expect(files).toMatchObject([
      { path, failure: { reason: 'cloud.fileMalformed', values: { path, line: 3 } } },
    ])
    expect(JSON.stringify(files)).not.toContain('s3cret')
  })

  it('take their secrets from secure.yaml', async () => {
    const { clouds, folder } = openClouds()
    writeFileSync(
      join(folder, 'clouds.yaml'),
      `clouds: {a: {auth: {auth_url: 'http://k', username: u}}}`,
    )
    writeFileSync(join(folder, 'secure.yaml'), `clouds: {a: {auth: {password: kept}}}`)
    expect(await clouds.find('a')).toMatchObject({ credentials: { password: 'kept' } })
    expect((await clouds.list()).files).toHaveLength(2)
  })

  it('do not hide an own cloud of the same name', async () => {
    const { clouds, folder } = openClouds()
    await clouds.save(aForm(), undefined)
    writeFileSync(join(folder, 'clouds.yaml'), entry('mine'))
    expect((await clouds.list()).clouds.map(({ name }) => name)).toEqual(['mine', 'mine (file)'])
    expect(await clouds.find('mine (file)')).toMatchObject({ authUrl: 'http://k' })
  })

  it('tell why a cloud cannot be opened', async () => {
    const { clouds, folder } = openClouds()
    writeFileSync(join(folder, 'clouds.yaml'), `clouds: {a: {auth_type: v3oidcpassword}}`)
    await expect(clouds.find('a')).rejects.toMatchObject({ reason: 'cloud.unsupportedAuth' })
  })
})
