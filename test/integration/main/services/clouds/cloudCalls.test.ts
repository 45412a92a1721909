import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CloudDefinition } from '../../../../../main/services/clouds/definition'
import { aCloud, listLoadBalancers, openClouds, openSessions } from '../../../../support/openClouds'
import { json, LIST, page, PASSWORD, SmallCloud, TOKENS } from '../../../../support/smallCloud'

const MINUTE_MS = 60_000
const { signal } = new AbortController()

let cloud: SmallCloud
beforeEach(async () => {
  cloud = await SmallCloud.start()
})
afterEach(() => cloud.stop())

const openWith = (rest: Partial<CloudDefinition> = {}) =>
  openClouds({ definitions: [aCloud(cloud.url, rest)] })

describe('the token', () => {
  it('is renewed before it ends, once for all who need it', async () => {
    cloud.tokenLifeMs = MINUTE_MS
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const before = cloud.signIns
    cloud.tokenLifeMs = 60 * MINUTE_MS
    await Promise.all([
      listLoadBalancers(sessions),
      listLoadBalancers(sessions),
      listLoadBalancers(sessions),
    ])
    expect(cloud.signIns).toBe(before + 1)
    await listLoadBalancers(sessions)
    expect(cloud.signIns).toBe(before + 1)
  })

  it.each([-2, 2])('is not renewed early when the clocks differ by %i hours', async (hours) => {
    cloud.clockAheadMs = hours * 60 * MINUTE_MS
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    await listLoadBalancers(sessions)
    expect(cloud.signIns).toBe(1)
  })

  it('is used to its end while Keystone cannot renew it', async () => {
    cloud.tokenLifeMs = MINUTE_MS
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(TOKENS, (_, response) => page(response, 503, 'Service Unavailable'))
    await expect(listLoadBalancers(sessions)).resolves.toMatchObject({ status: 200 })
  })

  it('is replaced once after a 401, and the request is sent again', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.tokens.clear()
    await expect(listLoadBalancers(sessions)).resolves.toMatchObject({ status: 200 })
    expect(cloud.signIns).toBe(2)
  })

  it('is not replaced twice for one request', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, (_, response) => json(response, 401, { error: { message: 'No.' } }))
    const asked = cloud.arrived.length
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
      reason: 'keystone.tokenRefused',
    })
    expect(cloud.calls.slice(asked)).toEqual([`GET ${LIST}`, TOKENS, `GET ${LIST}`])
  })

  it('is replaced once when several requests meet a 401 together', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.tokens.clear()
    await Promise.all([
      listLoadBalancers(sessions),
      listLoadBalancers(sessions),
      listLoadBalancers(sessions),
    ])
    expect(cloud.signIns).toBe(2)
  })

  it('that was given to us has ended when Keystone no longer takes it', async () => {
    cloud.tokens.add('plain-token')
    const { sessions } = openWith({ credentials: { type: 'token', token: 'plain-token' } })
    await sessions.open('alpha', signal)
    cloud.tokens.clear()
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
      reason: 'keystone.tokenExpired',
    })
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
      reason: 'keystone.tokenExpired',
    })
    expect(cloud.signIns).toBe(2)
  })

  it('and the password are in no evidence and in no error, even when the cloud repeats them', async () => {
    const { sessions, evidence } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, ({ headers }, response) =>
      json(response, 500, {
        faultstring: `token ${String(headers['x-auth-token'])} of ${PASSWORD} failed`,
      }),
    )
    const error = await listLoadBalancers(sessions).catch((failure: unknown) => failure)
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

describe('secrets', () => {
  it('are in no evidence, however the cloud spells them and whatever was issued since', async () => {
    const { sessions, evidence } = openWith()
    await sessions.open('alpha', signal)
    const spelled = PASSWORD.replaceAll(' ', '\\u0020')
    cloud.instead.set(LIST, ({ headers }, response) =>
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(`{"seen": ["${spelled}", "${String(headers['x-auth-token'])}"]}`),
    )
    const { evidence: id } = await listLoadBalancers(sessions)
    cloud.instead.delete(LIST)
    for (let renewed = 0; renewed < 4; renewed += 1) {
      cloud.tokens.clear()
      await listLoadBalancers(sessions)
    }
    expect(evidence.read(id!).stdout).toBe('{"seen":["‹removed›","‹removed›"]}')
  })
})

describe('calls', () => {
  it('fail with their cause when a proxy answers with a page', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, (_, response) => page(response, 200, 'Captive portal'))
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
      reason: 'answer.malformed',
      message: 'Captive portal',
    })
    cloud.instead.set(LIST, (_, response) => page(response, 503, 'Service Unavailable'))
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
      reason: 'service.unavailable',
    })
  })

  it.each(['[]', '"v2"', '{"loadbalancers": [', ''])(
    'do not take %j for an answer',
    async (text) => {
      const { sessions } = openWith()
      await sessions.open('alpha', signal)
      cloud.instead.set(LIST, (_, response) =>
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(text),
      )
      await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
        reason: 'answer.malformed',
      })
    },
  )

  it('end when the server never answers', async () => {
    const { sessions } = openWith({ timeoutMs: 300 })
    await sessions.open('alpha', signal)
    cloud.instead.set(LIST, () => undefined)
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({ reason: 'network.timeout' })
  })

  it('show in the session that the cloud fails, until it works again', async () => {
    const { sessions } = openWith()
    await sessions.open('alpha', signal)
    const failureOf = async () => (await openSessions(sessions))[0]?.failure?.reason
    cloud.instead.set(LIST, (_, response) => page(response, 502, 'Bad Gateway'))
    await listLoadBalancers(sessions).catch(() => undefined)
    expect(await failureOf()).toBe('service.unavailable')
    cloud.instead.set(LIST, (_, response) => json(response, 404, { faultstring: 'not found' }))
    await listLoadBalancers(sessions).catch(() => undefined)
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
    await expect(listLoadBalancers(sessions)).rejects.toMatchObject({
      reason: 'octavia.immutable',
      requestId: `req-${cloud.arrived.length + 1}`,
    })
  })
})
