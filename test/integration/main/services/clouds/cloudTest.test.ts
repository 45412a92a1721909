import { afterEach, describe, expect, it } from 'vitest'
import { TEST_STEPS, type TestStep } from '../../../../../preload/contract/cloud'
import type { Probe } from '../../../../../main/platform/tlsProbe'
import { CloudTest } from '../../../../../main/services/clouds/cloudTest'
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
    const found = (wanted: TestStep['step']) =>
      Object.fromEntries(
        steps
          .filter(({ step }) => step === wanted)
          .flatMap((each) => each.found.map(({ name, value }) => [name, value])),
      )
    expect(found('tls')).toEqual({
      protocol: 'TLSv1.3',
      subject: 'CN=cloud.test',
      issuer: 'CN=Authority of the test',
      validTo: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    })
    expect(found('tcp')).toEqual({ connectedTo: new URL(cloud.url).host })
    expect(found('keystone')).toMatchObject({ roles: 'member, reader' })
    expect(found('octavia')).toMatchObject({ version: 'v2.26' })
    expect(steps.at(-1)).toMatchObject({ step: 'role', note: 'amphoraeListed' })
  })

  it('says why it does not try TLS on plain http, and warns where that leaves the machine', async () => {
    const cloud = await start()
    const ended = (steps: TestStep[]) =>
      steps.find(({ step, outcome }) => step === 'tls' && outcome !== 'running')
    const here = await tryOut(aCloud(cloud.url))
    expect(ended(here)).toEqual({
      step: 'tls',
      outcome: 'skipped',
      found: [],
      note: 'plainHttpHere',
    })
    expect(endings(here)).toMatchObject({ keystone: 'ok', role: 'ok' })

    const { files, http } = openClouds()
    const probe: Probe = {
      proxyOf: () => undefined,
      resolve: () => Promise.resolve(['192.0.2.1']),
      connect: () => Promise.resolve('192.0.2.1:5000'),
      handshake: () => Promise.reject(new Error('There is no TLS.')),
    }
    const away: TestStep[] = []
    const definition = aCloud('http://keystone.invalid:5000')
    const test = new CloudTest({ files, http, probe })
    for await (const step of test.run(() => Promise.resolve(definition), signal)) away.push(step)
    expect(ended(away)).toEqual({ step: 'tls', outcome: 'warning', found: [], note: 'plainHttp' })
  })

  it('says of steps that were not tried that an earlier one failed, and gives them no duration', async () => {
    const steps = await tryOut(aCloud('http://keystone.invalid:5000'))
    const { durationMs, ...failed } = steps.find(({ outcome }) => outcome === 'failed')!
    expect(failed).toMatchObject({ step: 'dns', found: [] })
    expect(durationMs).toBeGreaterThanOrEqual(0)
    const skipped = steps.filter(({ outcome }) => outcome === 'skipped')
    expect(skipped).toEqual(
      TEST_STEPS.slice(1).map((step) => ({
        step,
        outcome: 'skipped',
        found: [],
        note: 'earlierFailed',
      })),
    )
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
