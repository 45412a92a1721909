import { afterEach, describe, expect, it } from 'vitest'
import type { TestStep } from '../../../../../preload/contract/cloud'
import type { CloudDefinition } from '../../../../../main/services/clouds/definition'
import { Authority } from '../../../../support/certificates'
import { aCloud, openClouds } from '../../../../support/openClouds'
import { json, SmallCloud } from '../../../../support/smallCloud'

const authority = new Authority('Authority of the test')
const good = authority.issue('cloud.test', ['IP:127.0.0.1', 'DNS:localhost'], 90)
const ca = authority.file('ca-bundle.pem', authority.certificate)
const { signal } = new AbortController()

const started: SmallCloud[] = []
afterEach(() => Promise.all(started.splice(0).map((cloud) => cloud.stop())))

async function start(options: Parameters<typeof SmallCloud.start>[0] = {}): Promise<SmallCloud> {
  const cloud = await SmallCloud.start(options)
  started.push(cloud)
  return cloud
}

async function tryOut(definition: CloudDefinition): Promise<TestStep[]> {
  const { test } = openClouds({ probeTimeoutMs: 2000 })
  const steps: TestStep[] = []
  for await (const step of test.run(() => Promise.resolve(definition), signal)) steps.push(step)
  return steps
}

const endings = (steps: TestStep[]) =>
  Object.fromEntries(
    steps
      .filter(({ outcome }) => outcome !== 'running')
      .map(({ step, outcome, failure }) => [step, failure?.reason ?? outcome]),
  )

const trusting = { tls: { insecure: false, caFile: ca } }

describe('trying a cloud', () => {
  it('goes through every layer in order', async () => {
    const cloud = await start({ tls: { key: good.key, cert: good.certificate } })
    const steps = await tryOut(aCloud(cloud.url, trusting))
    expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(
      ['dns', 'tcp', 'tls', 'keystone', 'catalog', 'octavia', 'role'].flatMap((step) => [
        `${step} running`,
        `${step} ok`,
      ]),
    )
    expect(steps.find(({ step, outcome }) => step === 'tls' && outcome === 'ok')?.detail).toMatch(
      /CN=cloud\.test · issuer CN=Authority of the test · valid to \d{4}-/,
    )
  })

  it('skips TLS where the address has none', async () => {
    const cloud = await start()
    expect(endings(await tryOut(aCloud(cloud.url)))).toMatchObject({ tls: 'skipped', role: 'ok' })
  })

  it('warns of a certificate that ends soon, and of one that nobody checks', async () => {
    const soon = authority.issue('cloud.test', ['IP:127.0.0.1'], 5)
    const cloud = await start({ tls: { key: soon.key, cert: soon.certificate } })
    expect(endings(await tryOut(aCloud(cloud.url, trusting)))).toMatchObject({ tls: 'warning' })
    const unchecked = aCloud(cloud.url, { tls: { insecure: true } })
    expect(endings(await tryOut(unchecked))).toMatchObject({ tls: 'warning', role: 'ok' })
  })

  it.each([
    ['has expired', authority.issue('x', ['IP:127.0.0.1'], -1), trusting, 'tls.expired'],
    ['is for another host', authority.issue('x', ['DNS:other.test'], 90), trusting, 'tls.hostname'],
    ['is of an unknown authority', good, {}, 'tls.untrusted'],
  ])('names a certificate that %s', async (_, pair, rest, reason) => {
    const cloud = await start({ tls: { key: pair.key, cert: pair.certificate } })
    const definition = aCloud(cloud.url, rest)
    expect(endings(await tryOut(definition))).toEqual({
      dns: 'ok',
      tcp: 'ok',
      tls: reason,
      keystone: 'skipped',
      catalog: 'skipped',
      octavia: 'skipped',
      role: 'skipped',
    })
    const { sessions } = openClouds({ definitions: [definition] })
    await expect(sessions.open('alpha', signal)).rejects.toMatchObject({ reason })
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'names a missing client certificate in %s',
    async (version) => {
      const cloud = await start({
        tls: {
          key: good.key,
          cert: good.certificate,
          ca: authority.certificate,
          requestCert: true,
          rejectUnauthorized: true,
          maxVersion: version,
        },
      })
      const without = aCloud(cloud.url, trusting)
      expect(endings(await tryOut(without))).toMatchObject({ tls: 'tls.clientCertificate' })

      const ours = authority.issue('operator', ['DNS:operator'], 90)
      const certificateFile = authority.file('operator.pem', ours.certificate)
      const keyFile = authority.file('operator.key', ours.key)
      const presenting = { ...trusting.tls, certificateFile, keyFile }
      expect(endings(await tryOut(aCloud(cloud.url, { tls: presenting })))).toMatchObject({
        tls: 'ok',
        role: 'ok',
      })
    },
  )

  it('names a server that speaks no TLS', async () => {
    const cloud = await start()
    const definition = aCloud(cloud.url.replace('http:', 'https:'))
    expect(endings(await tryOut(definition))).toMatchObject({ tcp: 'ok', tls: 'tls.notTls' })
  })

  it('names a PEM file that is none', async () => {
    const cloud = await start({ tls: { key: good.key, cert: good.certificate } })
    const tls = { ...trusting.tls, certificateFile: authority.file('broken.pem', 'broken') }
    expect(endings(await tryOut(aCloud(cloud.url, { tls })))).toMatchObject({ tls: 'tls.file' })
    const missing = { ...trusting.tls, caFile: '/nowhere/ca.pem' }
    expect(endings(await tryOut(aCloud(cloud.url, { tls: missing })))).toMatchObject({
      dns: 'tls.file',
    })
  })

  it('names a host that nobody knows and a port that nobody listens on', async () => {
    const unknown = aCloud('http://keystone.invalid:5000')
    expect(endings(await tryOut(unknown))).toMatchObject({ dns: 'network.dns', tcp: 'skipped' })
    const closed = await start()
    const { url } = closed
    await closed.stop()
    started.splice(0)
    expect(endings(await tryOut(aCloud(url)))).toMatchObject({ dns: 'ok', tcp: 'network.refused' })
  })

  it('names a role without rights', async () => {
    const cloud = await start()
    cloud.instead.set('/load-balancer/v2.0/lbaas/loadbalancers', (_, response) =>
      json(response, 403, { faultstring: 'Policy does not allow this request to be performed.' }),
    )
    expect(endings(await tryOut(aCloud(cloud.url)))).toMatchObject({
      octavia: 'ok',
      role: 'octavia.forbidden',
    })
  })

  it('names what a cloud lacks before anything is sent', async () => {
    const { test, clouds } = openClouds()
    const steps: TestStep[] = []
    for await (const step of test.run(() => clouds.find('nowhere'), signal)) steps.push(step)
    expect(endings(steps)).toMatchObject({ dns: 'cloud.unknown', tcp: 'skipped' })
  })
})
