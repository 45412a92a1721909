import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CloudSession } from '../../../../../preload/contract/cloud'
import type { CloudDefinition } from '../../../../../main/services/clouds/definition'
import { aCloud, openClouds } from '../../../../support/openClouds'
import { json, page, PASSWORD, SmallCloud } from '../../../../support/smallCloud'

const MINUTE_MS = 60_000
const LIST = '/load-balancer/v2.0/lbaas/loadbalancers'
const TOKENS = 'POST /identity/v3/auth/tokens'
const { signal } = new AbortController()

let cloud: SmallCloud
beforeEach(async () => {
  cloud = await SmallCloud.start()
})
afterEach(() => cloud.stop())

const openWith = (rest: Partial<CloudDefinition> = {}) =>
  openClouds({ definitions: [aCloud(cloud.url, rest)] })

const list = (sessions: ReturnType<typeof openClouds>['sessions'], from = signal) =>
  sessions.call('alpha', 'load-balancer', {
    method: 'GET',
    path: '/v2.0/lbaas/loadbalancers',
    signal: from,
  })

const signIns = () => cloud.calls.filter((call) => call === TOKENS).length

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
    expect(signIns()).toBe(1)
  })

  it('keeps several clouds open at once', async () => {
    const other = await SmallCloud.start()
    const definitions = [aCloud(cloud.url), aCloud(other.url, { name: 'beta' })]
    const { sessions } = openClouds({ definitions })
    await sessions.open('alpha', signal)
    await sessions.open('beta', signal)
    const [opened] = await first(sessions.follow(signal), 1)
    expect(opened?.map((session) => session.cloud)).toEqual(['alpha', 'beta'])
    await sessions.close('alpha')
    await expect(list(sessions)).rejects.toMatchObject({ reason: 'cloud.notOpen' })
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
    expect(signIns()).toBe(1)
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
    expect(signIns()).toBe(0)
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
    await arrival(TOKENS)
    abort.abort()
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
    expect((await first(sessions.follow(signal), 1))[0]).toEqual([])
  })
})

describe('the token', () => {
  it('is renewed before it ends, once for all who need it', async () => {
    cloud.tokenLifeMs = MINUTE_MS
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const before = signIns()
    cloud.tokenLifeMs = 60 * MINUTE_MS
    await Promise.all([list(sessions), list(sessions), list(sessions)])
    expect(signIns()).toBe(before + 1)
    await list(sessions)
    expect(signIns()).toBe(before + 1)
  })

  it.each([-2, 2])('is not renewed early when the clocks differ by %i hours', async (hours) => {
    cloud.clockAheadMs = hours * 60 * MINUTE_MS
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    await list(sessions)
    expect(signIns()).toBe(1)
  })

  it('is used to its end while Keystone cannot renew it', async () => {
    cloud.tokenLifeMs = MINUTE_MS
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(TOKENS, (_, response) => page(response, 503, 'Service Unavailable'))
    await expect(list(sessions)).resolves.toMatchObject({ status: 200 })
  })

  it('is replaced once after a 401, and the request is sent again', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.tokens.clear()
    await expect(list(sessions)).resolves.toMatchObject({ status: 200 })
    expect(signIns()).toBe(2)
  })

  it('is not replaced twice for one request', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, (_, response) => json(response, 401, { error: { message: 'No.' } }))
    const asked = cloud.arrived.length
    await expect(list(sessions)).rejects.toMatchObject({ reason: 'keystone.tokenRefused' })
    expect(cloud.calls.slice(asked)).toEqual([`GET ${LIST}`, TOKENS, `GET ${LIST}`])
  })

  it('is replaced once when several requests meet a 401 together', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.tokens.clear()
    await Promise.all([list(sessions), list(sessions), list(sessions)])
    expect(signIns()).toBe(2)
  })

  it('that was given to us has ended when Keystone no longer takes it', async () => {
    cloud.tokens.add('plain-token')
    const { sessions } = openWith({ credentials: { type: 'token', token: 'plain-token' } })
    await sessions.open('alpha', signal)
    cloud.tokens.clear()
    await expect(list(sessions)).rejects.toMatchObject({ reason: 'keystone.tokenExpired' })
    await expect(list(sessions)).rejects.toMatchObject({ reason: 'keystone.tokenExpired' })
    expect(signIns()).toBe(2)
  })

  it('and the password are in no evidence and in no error, even when the cloud repeats them', async () => {
    const { sessions, evidence } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, ({ headers }, response) =>
      json(response, 500, {
        faultstring: `token ${String(headers['x-auth-token'])} of ${PASSWORD} failed`,
      }),
    )
    const error = await list(sessions).catch((failure: unknown) => failure)
    expect(error).toMatchObject({
      reason: 'octavia.failed',
      message: 'token ‹removed› of ‹removed› failed',
    })
    const records = cloud.calls.map((_, index) => evidence.read(`e${index + 1}`))
    expect(records.map(({ source }) => source)).toContainEqual(
      expect.objectContaining({ method: 'GET', url: `${cloud.url}${LIST}` }),
    )
    expect(JSON.stringify(records)).not.toMatch(/gAAAAA|correct horse/)
  })
})

describe('calls', () => {
  it('fail with their cause when a proxy answers with a page', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, (_, response) => page(response, 200, 'Captive portal'))
    await expect(list(sessions)).rejects.toMatchObject({
      reason: 'answer.malformed',
      message: 'Captive portal',
    })
    cloud.instead.set(LIST, (_, response) => page(response, 503, 'Service Unavailable'))
    await expect(list(sessions)).rejects.toMatchObject({ reason: 'service.unavailable' })
  })

  it.each(['[]', '"v2"', '{"loadbalancers": [', ''])(
    'do not take %j for an answer',
    async (text) => {
      const { sessions } = openWith()
      await sessions.open('alpha', signal)
      cloud.instead.set(LIST, (_, response) =>
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(text),
      )
      await expect(list(sessions)).rejects.toMatchObject({ reason: 'answer.malformed' })
    },
  )

  it('end when the server never answers', async () => {
    const { sessions } = openWith({ timeoutMs: 300 })
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, () => undefined)
    await expect(list(sessions)).rejects.toMatchObject({ reason: 'network.timeout' })
  })

  it('show in the session that the cloud fails, until it works again', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const failureOf = async () => (await first(sessions.follow(signal), 1))[0]?.[0]?.failure?.reason
    cloud.instead.set(LIST, (_, response) => page(response, 502, 'Bad Gateway'))
    await list(sessions).catch(() => undefined)
    expect(await failureOf()).toBe('service.unavailable')
    cloud.instead.set(LIST, (_, response) => json(response, 404, { faultstring: 'not found' }))
    await list(sessions).catch(() => undefined)
    expect(await failureOf()).toBeUndefined()
  })

  it('keep the request id of a refusal', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, (_, response) =>
      json(response, 409, {
        faultstring: 'Load Balancer x is immutable and cannot be updated.',
      }),
    )
    await expect(list(sessions)).rejects.toMatchObject({
      reason: 'octavia.immutable',
      requestId: `req-${cloud.arrived.length + 1}`,
    })
  })
})

describe('projects', () => {
  it('are listed by name', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const projects = await sessions.projects('alpha', signal)
    expect(projects.map(({ name }) => name)).toEqual(['database', 'web'])
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
    expect((await first(sessions.follow(signal), 1))[0]?.[0]?.project).toMatchObject({ id: 'p1' })
    await expect(list(sessions)).resolves.toMatchObject({ status: 200 })
  })
})

/** The first items of a stream. */
async function first(stream: AsyncIterable<CloudSession[]>, count: number) {
  const items: CloudSession[][] = []
  for await (const item of stream) if (items.push(item) === count) break
  return items
}

async function arrival(call: string): Promise<void> {
  while (!cloud.calls.includes(call)) await new Promise((resolve) => setTimeout(resolve, 5))
}
