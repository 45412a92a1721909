import { describe, expect, it } from 'vitest'
import type { SshProfile } from '../../../../preload/contract/ssh'
import type { SshDefaults } from '../../../../main/platform/sshConfig'
import { SshRoutes } from '../../../../main/services/sshRoutes'

const local = {
  home: '/home/noc',
  user: 'noc',
  agent: '/run/agent',
  keyFiles: () => ['/home/noc/.ssh/id_ed25519'],
}
const amphora = { amphoraId: 'a1', managementAddress: '10.77.0.11' }

const aProfile = (profile: Partial<SshProfile> = {}): SshProfile => ({
  useAgent: true,
  usePassword: true,
  useConfigFile: true,
  jumps: [],
  ...profile,
})

const routes = (config: Record<string, SshDefaults> = {}) =>
  new SshRoutes({ lookup: (host) => Promise.resolve(config[host] ?? {}) }, local)

describe('the way to an amphora', () => {
  it('uses what is usual where nothing was said', async () => {
    expect(await routes().toAmphora('alpha', aProfile(), amphora)).toEqual({
      group: 'alpha',
      servers: [
        {
          subject: 'amphora a1',
          host: '10.77.0.11',
          port: 22,
          user: 'ubuntu',
          keyFiles: ['/home/noc/.ssh/id_ed25519'],
          keyFilesNamed: false,
          agent: '/run/agent',
          identitiesOnly: false,
          usePassword: true,
        },
      ],
    })
  })

  it('takes the profile before the configuration file', async () => {
    const config = { '10.77.0.11': { user: 'file', port: 2200, identityFiles: ['/k/file'] } }
    const profile = aProfile({ user: 'mine', port: 2022, keyFile: '~/mine' })
    const [server] = (await routes(config).toAmphora('alpha', profile, amphora)).servers
    expect(server).toMatchObject({
      user: 'mine',
      port: 2022,
      keyFiles: ['/home/noc/mine'],
      keyFilesNamed: true,
    })
  })

  it('does not read the configuration file when it is told not to', async () => {
    const config = { '10.77.0.11': { user: 'file', proxyJump: [{ host: 'edge' }] } }
    const { servers } = await routes(config).toAmphora(
      'alpha',
      aProfile({ useConfigFile: false }),
      amphora,
    )
    expect(servers.map(({ user }) => user)).toEqual(['ubuntu'])
  })

  it('leads through the jump hosts of the profile, each known by host and port', async () => {
    const config = { bastion: { hostName: '203.0.113.5', user: 'jump', port: 2222 } }
    const profile = aProfile({
      jumps: [{ host: 'bastion' }, { host: 'controller', user: 'stack' }],
    })
    const { servers } = await routes(config).toAmphora('alpha', profile, amphora)
    expect(servers.map(({ subject, user }) => [subject, user])).toEqual([
      ['203.0.113.5:2222', 'jump'],
      ['controller:22', 'stack'],
      ['amphora a1', 'ubuntu'],
    ])
  })

  it('leads through ProxyJump where the profile has no jump hosts, and through that one’s own', async () => {
    const config: Record<string, SshDefaults> = {
      '10.77.0.11': { proxyJump: [{ host: 'inner', user: 'in' }] },
      inner: { proxyJump: [{ host: 'outer' }] },
    }
    const { servers } = await routes(config).toAmphora('alpha', aProfile(), amphora)
    expect(servers.map(({ subject }) => subject)).toEqual(['outer:22', 'inner:22', 'amphora a1'])
  })

  it('ends where a ProxyJump leads to itself', async () => {
    const config: Record<string, SshDefaults> = { loop: { proxyJump: [{ host: 'loop' }] } }
    const profile = aProfile({ jumps: [{ host: 'loop' }] })
    const { servers } = await routes(config).toAmphora('alpha', profile, amphora)
    expect(servers.length).toBeLessThan(12)
  })

  it('runs a proxy command only towards the first host', async () => {
    const config: Record<string, SshDefaults> = {
      edge: { proxyCommand: 'nc %h %p' },
      '10.77.0.11': { proxyCommand: 'never %h' },
    }
    const profile = aProfile({ jumps: [{ host: 'edge' }] })
    const { servers } = await routes(config).toAmphora('alpha', profile, amphora)
    expect(servers.map(({ proxyCommand }) => proxyCommand)).toEqual([
      ['nc', 'edge', '22'],
      undefined,
    ])
  })

  it('asks no agent when the profile or the file says so', async () => {
    const off = await routes().toAmphora('alpha', aProfile({ useAgent: false }), amphora)
    const none = await routes({ '10.77.0.11': { identityAgent: 'none' } }).toAmphora(
      'alpha',
      aProfile(),
      amphora,
    )
    expect([off.servers[0], none.servers[0]].every((server) => !('agent' in server!))).toBe(true)
  })

  it('says that the amphora has no address', async () => {
    const homeless = { amphoraId: 'a1', managementAddress: '' }
    await expect(routes().toAmphora('alpha', aProfile(), homeless)).rejects.toMatchObject({
      reason: 'ssh.noAddress',
      values: { amphoraId: 'a1' },
    })
  })
})

describe('the way to the last jump host', () => {
  it('is none without jump hosts', async () => {
    expect(await routes().toJump('alpha', aProfile())).toBeUndefined()
  })

  it('is the way to the amphora, without the amphora', async () => {
    const profile = aProfile({ jumps: [{ host: 'one' }, { host: 'two' }] })
    const through = await routes().toAmphora('alpha', profile, amphora)
    const jump = await routes().toJump('alpha', profile)
    expect(jump?.servers).toEqual(through.servers.slice(0, -1))
  })
})
