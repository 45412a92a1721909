import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SshProfile } from '../../../../preload/contract/ssh'
import { AppError } from '../../../../preload/contract/error'
import { SshProfiles } from '../../../../main/services/sshProfiles'
import { ListedAudit } from '../../../support/openClouds'

const DEFAULT = { useAgent: true, usePassword: true, useConfigFile: true, jumps: [] }
const BUILT_IN: SshProfile = { ...DEFAULT, user: 'ubuntu', keyFile: '/data/demo-key' }

let folder: string
let audit: ListedAudit
let profiles: SshProfiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profiles-'))
  audit = new ListedAudit()
  profiles = new SshProfiles(join(folder, 'ssh.json'), audit, { demo: BUILT_IN })
})
afterEach(() => rmSync(folder, { recursive: true }))

it('puts on the record what a saved profile changes', async () => {
  await profiles.save('alpha', {
    ...DEFAULT,
    user: 'debian',
    usePassword: false,
    jumps: [
      { host: 'bastion', port: 2222, user: 'noc', keyFile: '~/.ssh/jump' },
      { host: 'inner' },
    ],
  })
  await profiles.save('alpha', { ...DEFAULT, user: 'ubuntu' })
  const object = { kind: 'cloud', id: 'alpha', name: 'alpha' }
  expect(audit.entries).toEqual([
    {
      cloud: 'alpha',
      action: 'ssh.saveProfile',
      object,
      notes: [
        'usePassword: true → false',
        'jumps: – → noc@bastion:2222 (~/.ssh/jump), inner',
        'user: – → debian',
      ],
      result: 'ok',
    },
    {
      cloud: 'alpha',
      action: 'ssh.saveProfile',
      object,
      notes: [
        'user: debian → ubuntu',
        'usePassword: false → true',
        'jumps: noc@bastion:2222 (~/.ssh/jump), inner → –',
      ],
      result: 'ok',
    },
  ])
})

it('refuses to change a built-in profile, and records the attempt', async () => {
  expect([profiles.isBuiltIn('demo'), profiles.isBuiltIn('alpha')]).toEqual([true, false])
  await expect(profiles.save('demo', DEFAULT)).rejects.toMatchObject({
    reason: 'ssh.builtInProfile',
    code: 'forbidden',
    values: { cloud: 'demo' },
  })
  expect(await profiles.read('demo')).toEqual(BUILT_IN)
  expect(audit.entries).toMatchObject([
    { action: 'ssh.saveProfile', result: 'refused', failure: { reason: 'ssh.builtInProfile' } },
  ])
})

it('forgets the profile of a removed cloud, and records that', async () => {
  await profiles.remove('alpha')
  expect(audit.entries).toEqual([])
  await profiles.save('alpha', { ...DEFAULT, port: 2222 })
  await profiles.remove('alpha')
  expect(await profiles.read('alpha')).toEqual(DEFAULT)
  expect(audit.entries.at(-1)).toMatchObject({
    action: 'ssh.removeProfile',
    notes: ['port: 2222', 'useAgent: true', 'usePassword: true', 'useConfigFile: true'],
    result: 'ok',
  })
})

it('gives a cloud that is renamed its profile under the new name', async () => {
  await profiles.save('alpha', { ...DEFAULT, port: 2222 })
  await profiles.rename('alpha', 'beta')
  expect(await profiles.read('beta')).toMatchObject({ port: 2222 })
  expect(await profiles.read('alpha')).toEqual(DEFAULT)
})

it('writes nothing that cannot be put on the record', async () => {
  await profiles.save('alpha', DEFAULT)
  const before = readFileSync(join(folder, 'ssh.json'), 'utf8')
  audit.start = () => Promise.reject(AppError.because('store.unwritable', 'ENOSPC'))
  await expect(profiles.save('alpha', { ...DEFAULT, port: 1 })).rejects.toMatchObject({
    reason: 'store.unwritable',
  })
  await expect(profiles.remove('alpha')).rejects.toMatchObject({ reason: 'store.unwritable' })
  expect(readFileSync(join(folder, 'ssh.json'), 'utf8')).toBe(before)
})
