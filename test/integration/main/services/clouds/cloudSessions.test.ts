import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CloudDefinition } from '../../../../../main/services/clouds/definition'
import { aCloud, listLoadBalancers, openClouds, openSessions } from '../../../../support/openClouds'
import { json, LIST, page, PASSWORD, SmallCloud, TOKENS } from '../../../../support/smallCloud'

const { signal } = new AbortController()

let cloud: SmallCloud
beforeEach(async () => {
  cloud = await SmallCloud.start()
})
afterEach(() => cloud.stop())

const openWith = (rest: Partial<CloudDefinition> = {}) =>
  openClouds({ definitions: [aCloud(cloud.url, rest)] })

describe('opening a cloud', () => {
  it('tells who we are and what the cloud can do', async () => {
    const { sessions } = openWith()
    expect(await sessions.open('alpha', signal)).toMatchObject({
      cloud: 'alpha',
      userName: 'operator',
      project: { id: 'p1' },
      roles: ['member', 'reader'],
      octavia: { url: `${cloud.url}/load-balancer`, version: 'v2.26', minor: 26 },
      network: true,
      amphorae: { allowed: true },
    })
  })

  it('signs in once, however many ask at the same time', async () => {
    const { sessions } = openWith()
    await Promise.all([1, 2, 3].map(() => sessions.open('alpha', signal)))
    await sessions.open('alpha', signal)
    expect(cloud.signIns).toBe(1)
  })

  it('keeps several clouds open at once', async () => {
    const other = await SmallCloud.start()
    const definitions = [aCloud(cloud.url), aCloud(other.url, { name: 'beta' })]
    const { sessions } = openClouds({ definitions })
    await sessions.open('alpha', signal)
    await sessions.open('beta', signal)
    const opened = await openSessions(sessions)
    expect(opened.map((session) => session.cloud)).toEqual(['alpha', 'beta'])
    await sessions.close('alpha')
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({ reason: 'cloud.notOpen' })
    await other.stop()
  })

  it('says that the password is wrong, and does not try it again by itself', async () => {
    const { sessions } = openWith({
      credentials: {
        type: 'password',
        user: { name: 'operator', domain: { id: 'default' } },
        password: 'wrong-password',
      },
    })
    await expect(sessions.open('alpha', signal)).rejects.toMatchObject({
      reason: 'keystone.credentials',
      message: 'The request you have made requires authentication.',
    })
    expect(cloud.signIns).toBe(1)
  })

  it('names the service that the catalog lacks, and what it has', async () => {
    cloud.services = ['identity', 'network']
    const { sessions } = openWith()
    await expect(sessions.open('alpha', signal)).rejects.toMatchObject({
      reason: 'catalog.noService',
      values: { service: 'load-balancer', found: 'identity, network' },
    })
  })

  it('names the region that the catalog lacks', async () => {
    const { sessions } = openWith({ region: 'two' })
    await expect(sessions.open('alpha', signal)).rejects.toMatchObject({
      reason: 'catalog.noService',
      values: { region: 'two', found: 'internal in one, public in one' },
    })
  })

  it('shows why the amphora API is closed to a role without rights', async () => {
    cloud.instead.set('/load-balancer/v2.0/octavia/amphorae', (_, response) =>
      json(response, 403, {
        faultcode: 'Client',
        faultstring: 'Policy does not allow this request to be performed.',
      }),
    )
    const { amphorae } = await openWith().sessions.open('alpha', signal)
    expect(amphorae).toMatchObject({
      allowed: false,
      failure: {
        reason: 'octavia.forbidden',
        message: 'Policy does not allow this request to be performed.',
      },
    })
  })

  it('works behind a gateway that hides the version list', async () => {
    cloud.instead.set('/load-balancer/', (_, response) => page(response, 404, 'Not Found'))
    const { octavia } = await openWith().sessions.open('alpha', signal)
    expect(octavia).toMatchObject({ version: 'v2.0', minor: 0 })
  })

  it('says that something else answers where Octavia should be', async () => {
    for (const path of ['/load-balancer/', LIST]) {
      cloud.instead.set(path, (_, response) => page(response, 200, 'Welcome to nginx!'))
    }
    await expect(openWith().sessions.open('alpha', signal)).rejects.toMatchObject({
      reason: 'service.notOctavia',
      message: 'Welcome to nginx!',
    })
  })

  it.each([200, 404, 403])('says that a page with status %i is not Keystone', async (status) => {
    cloud.instead.set(TOKENS, (_, response) => page(response, status, 'Sign in to the proxy'))
    await expect(openWith().sessions.open('alpha', signal)).rejects.toMatchObject({
      reason: 'keystone.notKeystone',
      message: 'Sign in to the proxy',
    })
  })

  it('asks for the second factor where Keystone wants one', async () => {
    cloud.instead.set(TOKENS, (_, response) => {
      response.setHeader('Openstack-Auth-Receipt', 'receipt')
      json(response, 401, { receipt: {}, required_auth_methods: [['password', 'totp']] })
    })
    await expect(openWith().sessions.open('alpha', signal)).rejects.toMatchObject({
      reason: 'keystone.multiFactor',
    })
  })

  it('works without Keystone, naming the project in each request', async () => {
    for (const path of [LIST, '/load-balancer/v2.0/octavia/amphorae']) {
      cloud.instead.set(path, (_, response) => json(response, 200, { loadbalancers: [] }))
    }
    const { sessions } = openWith({
      authUrl: `${cloud.url}/load-balancer`,
      credentials: { type: 'none', projectId: 'p7' },
      services: { 'load-balancer': { url: `${cloud.url}/load-balancer/v2.0/` } },
    })
    const session = await sessions.open('alpha', signal)
    expect(session).toMatchObject({ project: { id: 'p7' }, network: false })
    expect(cloud.arrived.at(-1)?.headers).toMatchObject({ 'x-project-id': 'p7' })
    expect(cloud.signIns).toBe(0)
  })

  it('signs in by application credential, without a scope', async () => {
    const { sessions } = openWith({
      credentials: { type: 'applicationCredential', credential: { id: 'c1' }, secret: PASSWORD },
    })
    await sessions.open('alpha', signal)
    expect(JSON.parse(cloud.arrived[0]!.body)).toEqual({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'c1', secret: PASSWORD },
        },
      },
    })
    await expect(sessions.switchProject('alpha', 'p2', signal)).rejects.toMatchObject({
      reason: 'keystone.fixedProject',
    })
  })

  it('stops when its only caller leaves', async () => {
    cloud.instead.set(TOKENS, () => undefined)
    const abort = new AbortController()
    const { sessions } = openWith()
    const opening = sessions.open('alpha', abort.signal)
    await cloud.arrival(TOKENS)
    abort.abort()
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
    expect(await openSessions(sessions)).toEqual([])
  })
})

describe('projects', () => {
  it('are listed by name', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const projects = await sessions.projects('alpha', signal)
    expect(projects.map(({ name }) => name)).toEqual(['database', 'web'])
  })

  it('have names that an administrator may know of all, anybody else of his own', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const names = async () =>
      (await sessions.projectNames('alpha', signal)).map(({ name }) => name).sort()
    cloud.instead.set('/identity/v3/projects', (_, response) =>
      json(response, 403, { error: { code: 403, message: 'No.', title: 'Forbidden' } }),
    )
    expect(await names()).toEqual(['database', 'web'])
    cloud.instead.set('/identity/v3/projects', (_, response) => {
      const projects = ['database', 'shop', 'web'].map((name) => ({
        id: `id of ${name}`,
        name,
        domain_id: 'default',
        enabled: true,
      }))
      json(response, 200, { projects })
    })
    expect(await names()).toEqual(['database', 'shop', 'web'])
    const [session] = await openSessions(sessions)
    expect(session).not.toHaveProperty('failure')
  })

  it('can be switched; the cloud is read-only afterwards', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    await sessions.arm('alpha', 10)
    const session = await sessions.switchProject('alpha', 'p2', signal)
    expect(session.project).toMatchObject({ id: 'p2' })
    expect(() => sessions.requireArmed('alpha')).toThrow()
  })

  it('stay as they were when switching fails', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(TOKENS, (_, response) => json(response, 401, { error: { message: 'No.' } }))
    await expect(sessions.switchProject('alpha', 'p2', signal)).rejects.toThrow('No.')
    expect((await openSessions(sessions))[0]?.project).toMatchObject({ id: 'p1' })
    await expect(listLoadBalancers(sessions)).resolves.toMatchObject({ status: 200 })
  })
})
