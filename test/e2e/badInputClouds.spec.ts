import { createServer, type AddressInfo } from 'node:net'
import { expect, type Locator, type Page } from '@playwright/test'
import type { Reason } from '../../preload/contract/error'
import { Authority } from '../support/certificates'
import { json, LIST, page as htmlPage, SmallCloud, TOKENS } from '../support/smallCloud'
import { entryFor, test, type Bench, type CloudEntry } from './ownClouds'
import { reasonWords } from './pages/words'

/** Starts the console with one cloud, and tries to open it. */
async function tryToOpen(page: Page, bench: Bench, entry: CloudEntry): Promise<Locator> {
  bench.set({ clouds: { alpha: entry } })
  const host = await bench.start()
  await page.goto(host.link)
  const card = page.getByRole('article', { name: 'alpha', exact: true })
  await card.getByRole('button', { name: 'Open' }).click()
  return card
}

/** The one alert in a place names the cause and says what to do next. */
async function expectAdvice(place: Locator, reason: Reason): Promise<void> {
  const { title, advice } = reasonWords(reason)
  const alert = place.getByRole('alert').filter({ hasText: title })
  await expect(alert, reason).toContainText(advice)
}

/** Runs the connection test of a card; answers its steps. */
async function connectionTest(card: Locator): Promise<Locator> {
  await card.getByRole('button', { name: 'Test' }).click()
  const steps = card.getByRole('region', { name: 'Connection test' })
  await expect(steps.getByRole('status').first()).not.toHaveText(/running/i)
  return steps
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a wrong password', async ({ page, bench, cloud }) => {
  const card = await tryToOpen(page, bench, { authUrl: `${cloud.url}/identity`, password: 'wrong' })
  await expectAdvice(card, 'keystone.credentials')
  await expect(card).not.toContainText('wrong')

  const steps = await connectionTest(card)
  const signIn = steps.getByRole('listitem').filter({ hasText: 'Sign in to Keystone' })
  await expect(signIn).toContainText('failed')
  await expectAdvice(signIn, 'keystone.credentials')
  for (const later of ['Read the catalog', 'Ask Octavia', 'Rights for amphorae']) {
    await expect(steps.getByRole('listitem').filter({ hasText: later })).toContainText('skipped')
  }
})

test('a wrong password in the form for a new cloud', async ({ page, bench, cloud }) => {
  bench.set({ clouds: {} })
  await page.goto((await bench.start()).link)
  await page.getByRole('button', { name: 'Add cloud' }).first().click()
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(main.getByRole('alert').filter({ hasText: 'need your attention' })).toBeVisible()
  await expect(main.getByLabel('Name in this console')).toBeFocused()

  await main.getByLabel('Name in this console').fill('alpha')
  await main.getByLabel('Authentication URL (Keystone)').fill(`${cloud.url}/identity`)
  await main.getByLabel('User name').fill('operator')
  await main.getByLabel('Password', { exact: true }).fill('not the one')
  const folded = main.getByText('Certificates and addresses')
  await folded.click()
  const neutron = main.getByLabel('Neutron URL')
  await neutron.fill('neutron')
  await folded.click()
  await expect(neutron).toBeHidden()
  await main.getByRole('button', { name: 'Test' }).click()
  await expect(neutron).toBeFocused()
  await neutron.fill('')
  await main.getByRole('button', { name: 'Test' }).click()
  await expectAdvice(main.getByRole('region', { name: 'Connection test' }), 'keystone.credentials')
})

test('a Keystone that cannot be reached', async ({ page, bench }) => {
  const authUrl = `http://127.0.0.1:${await closedPort()}/v3`
  const card = await tryToOpen(page, bench, { authUrl })
  await expectAdvice(card, 'network.refused')
  const steps = await connectionTest(card)
  await expectAdvice(steps.getByRole('listitem').filter({ hasText: 'Connect' }), 'network.refused')
})

test('a name that does not exist', async ({ page, bench }) => {
  const card = await tryToOpen(page, bench, { authUrl: 'http://keystone.invalid:5000/v3' })
  await expectAdvice(card, 'network.dns')
})

const certificates = [
  { what: 'an expired certificate', names: ['IP:127.0.0.1'], days: -1, reason: 'tls.expired' },
  {
    what: 'a certificate for another name',
    names: ['DNS:keystone.test'],
    days: 90,
    reason: 'tls.hostname',
  },
] as const

for (const { what, names, days, reason } of certificates) {
  test(what, async ({ page, bench }) => {
    const authority = new Authority('Test CA')
    const { certificate, key } = authority.issue('keystone', names, days)
    const cloud = await SmallCloud.start({ tls: { cert: certificate, key } })
    const caFile = authority.file('trusted.pem', authority.certificate)
    const card = await tryToOpen(page, bench, { authUrl: `${cloud.url}/identity`, caFile })
    await expectAdvice(card, reason)
    const steps = await connectionTest(card)
    await expectAdvice(steps.getByRole('listitem').filter({ hasText: 'TLS' }), reason)
    await cloud.stop()
  })
}

test('a certificate of an authority that nobody knows', async ({ page, bench }) => {
  const { certificate, key } = new Authority('Test CA').issue('keystone', ['IP:127.0.0.1'], 90)
  const cloud = await SmallCloud.start({ tls: { cert: certificate, key } })
  const card = await tryToOpen(page, bench, { authUrl: `${cloud.url}/identity` })
  await expectAdvice(card, 'tls.untrusted')
  await cloud.stop()
})

test('a catalog without Octavia', async ({ page, bench, cloud }) => {
  cloud.services = ['identity', 'network']
  const card = await tryToOpen(page, bench, { authUrl: `${cloud.url}/identity` })
  await expectAdvice(card, 'catalog.noService')
})

test('an address that is not a Keystone', async ({ page, bench, cloud }) => {
  cloud.instead.set(TOKENS, (_request, response) => htmlPage(response, 200, 'Welcome'))
  const card = await tryToOpen(page, bench, { authUrl: `${cloud.url}/identity` })
  await expectAdvice(card, 'keystone.notKeystone')
})

const malformed = [
  ['a login page', 'text/html', '<html><body><h1>Sign in</h1></body></html>'],
  ['half an answer', 'application/json', '{"loadbalancers": [{"id": "'],
  ['another shape', 'application/json', '{"loadbalancers": "many"}'],
  ['a record without its fields', 'application/json', '{"loadbalancers": [{"id": 7}]}'],
] as const

for (const [what, type, body] of malformed) {
  test(`${what} instead of the load balancers`, async ({ page, bench, cloud }) => {
    const authUrl = `${cloud.url}/identity`
    const card = await tryToOpen(page, bench, { authUrl })
    await expect(page.getByRole('heading', { name: 'Load balancers', exact: true })).toBeVisible()
    await expect(card).toHaveCount(0)
    await expect(page.getByText('This cloud has no load balancers')).toBeVisible()

    cloud.instead.set(LIST, (_request, response) =>
      response.writeHead(200, { 'Content-Type': type }).end(body),
    )
    const main = page.getByRole('main')
    await main.getByRole('button', { name: /Refresh/ }).click()
    await expectAdvice(main, 'answer.malformed')
  })
}

test('rights that do not reach to the amphorae', async ({ page, bench, demoCloud }) => {
  const card = await tryToOpen(page, bench, entryFor(demoCloud, demoCloud.member))
  await expect(page.getByRole('heading', { name: 'Load balancers', exact: true })).toBeVisible()
  const main = page.getByRole('main')
  await main.getByRole('link', { name: /^lb1/ }).first().click()
  for (const tab of ['Amphorae', 'Pair']) {
    await main.getByRole('link', { name: tab, exact: true }).click()
    await expectAdvice(main, 'octavia.forbidden')
  }
  await page.getByRole('link', { name: 'Clouds' }).first().click()
  await expectAdvice(card, 'octavia.forbidden')
  await expect(card).toContainText('Amphorae are not shown')
})

test('no right at all', async ({ page, bench, cloud }) => {
  cloud.instead.set(LIST, (_request, response) =>
    json(response, 403, {
      faultcode: 'Client',
      faultstring: 'Policy does not allow this request to be performed.',
      debuginfo: null,
    }),
  )
  await tryToOpen(page, bench, { authUrl: `${cloud.url}/identity` })
  const main = page.getByRole('main')
  await expectAdvice(main, 'octavia.forbidden')
  await expect(main.getByRole('alert').first()).toContainText('req-')
})

test('a clouds.yaml that is no YAML, beside an own cloud that works on', async ({
  page,
  bench,
}) => {
  bench.set({ clouds: 'clouds:\n  alpha:\n    auth: {auth_url: "http://x\n   - nonsense' })
  await page.goto((await bench.start()).link)
  const main = page.getByRole('main')
  await expectAdvice(main, 'cloud.fileMalformed')
  await expect(main.getByRole('alert').first()).toContainText(bench.cloudsFile)
  await expect(main.getByRole('button', { name: 'Add cloud' }).first()).toBeEnabled()
})

test('an entry of clouds.yaml without its password', async ({ page, bench }) => {
  bench.set({ clouds: 'clouds:\n  alpha:\n    auth: {auth_url: "http://127.0.0.1/v3"}\n' })
  await page.goto((await bench.start()).link)
  const card = page.getByRole('article', { name: 'alpha', exact: true })
  await expectAdvice(card, 'cloud.incomplete')
  await expect(card.getByRole('button', { name: 'Open' })).toBeDisabled()
})
