import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import type { Demo } from '../../main/demo/startDemo'
import type { DemoFault } from '../../preload/contract/app'
import type { Reason } from '../../preload/contract/error'
import type { KnownHost } from '../../preload/contract/ssh'
import { AMPHORA, LOAD_BALANCER } from '../support/octaviaBodies'
import { json, LIST } from '../support/smallCloud'
import { sshServer } from '../support/sshServer'
import { startConsole } from '../support/consoleHost'
import { entryFor, profileFor, test, type Bench } from './ownClouds'
import type { Story } from './pages/story'
import { reasonWords } from './pages/words'

/** Opens the pair page of the demo's first load balancer, in a cloud called alpha. */
async function openPair(page: Page, story: Story, bench: Bench): Promise<void> {
  await story.enter((await bench.start()).link)
  await story.openCloud('alpha')
  await story.main.getByRole('link', { name: /^lb1/ }).first().click()
  await story.tab('Pair').click()
}

function setDemo(bench: Bench, demo: Demo, keys: { amphora?: string; jump?: string } = {}): void {
  const right = demo.ssh.privateKey
  const amphora = bench.file('amphora-key', keys.amphora ?? right)
  const jump = bench.file('jump-key', keys.jump ?? right)
  bench.set({
    clouds: { alpha: entryFor(demo, demo.credentials) },
    ssh: { alpha: profileFor(demo, amphora, jump) },
  })
}

const wrongKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    .privateKey.export({ format: 'pem', type: 'sec1' })
    .toString()

const owner = (main: Locator): Locator => main.getByRole('status', { name: 'Owner of the VIP' })

/** Nobody may be named as owner, and the page says why it does not know and what to do next. */
async function expectUnknownBecause(main: Locator, reason: Reason): Promise<void> {
  const { title, advice } = reasonWords(reason)
  await expect(owner(main)).toContainText('It is not known who holds')
  await expect(owner(main)).toContainText(title)
  await expect(main).not.toContainText('is held by')
  await expect(main).not.toContainText('holds the VIP')
  await expect.soft(main, `the advice of ${reason}`).toContainText(advice)
}

/** Switches a fault of the demo's first load balancer, from the page of the demo cloud. */
async function fault(page: Page, origin: string, name: string): Promise<void> {
  const other = await page.context().newPage()
  await other.goto(`${origin}/#/demo`)
  const one = other.getByRole('region', { name: 'lb1', exact: false }).first()
  await one.getByRole('switch', { name }).click()
  await expect(one.getByRole('switch', { name })).toBeChecked()
  await other.close()
}

test('an SSH key that the amphorae do not accept', async ({ page, story, bench, demoCloud }) => {
  setDemo(bench, demoCloud, { amphora: wrongKey() })
  await openPair(page, story, bench)
  await story.acceptHostKeys(3)
  await expectUnknownBecause(story.main, 'ssh.authentication')
})

test('an SSH key that the jump host does not accept', async ({ page, story, bench, demoCloud }) => {
  setDemo(bench, demoCloud, { jump: wrongKey() })
  await openPair(page, story, bench)
  await story.acceptHostKeys(1)
  await expectUnknownBecause(story.main, 'ssh.jump')
})

test('an SSH key file that is not there', async ({ page, story, bench, demoCloud }) => {
  bench.set({
    clouds: { alpha: entryFor(demoCloud, demoCloud.credentials) },
    ssh: {
      alpha: profileFor(
        demoCloud,
        join(bench.folder, 'no-such-key'),
        bench.file('key', demoCloud.ssh.privateKey),
      ),
    },
  })
  await openPair(page, story, bench)
  await story.acceptHostKeys(3)
  await expectUnknownBecause(story.main, 'ssh.keyFile')
})

test('a host key that is refused, and asked again', async ({ page, story, bench, demoCloud }) => {
  setDemo(bench, demoCloud)
  await openPair(page, story, bench)
  await expect(story.dialog).toContainText('Unknown host key')
  await story.dialog.getByRole('button', { name: 'Do not connect' }).click()
  await expectUnknownBecause(story.main, 'ssh.hostKeyRefused')
  await expect(story.dialog).toHaveCount(0)

  await story.main.getByRole('button', { name: 'Ask both sides again' }).click()
  await story.acceptHostKeys(3)
  await story.owner()
})

test('a host key that has changed', async ({ page, story, bench, demoCloud }) => {
  setDemo(bench, demoCloud)
  const path = join(bench.dataFolder, 'known-hosts.json')
  const host = await bench.start()
  await story.enter(host.link)
  await story.openCloud('alpha')
  await story.main.getByRole('link', { name: /^lb1/ }).first().click()
  await story.tab('Pair').click()
  const accepted = await story.acceptHostKeys(3)
  await story.owner()
  await host.close()

  const known = JSON.parse(readFileSync(path, 'utf8')) as KnownHost[]
  const changed = accepted.find((subject) => subject.startsWith('amphora '))!
  const other = `SHA256:${'x'.repeat(43)}`
  writeFileSync(
    path,
    JSON.stringify(
      known.map((one) => (one.subject === changed ? { ...one, fingerprint: other } : one)),
    ),
  )
  await openPair(page, story, bench)
  const { title, advice } = reasonWords('ssh.hostKeyChanged')
  await expect(
    story.main.getByRole('article', { name: /^Amphora/ }).filter({ hasText: title }),
  ).toHaveCount(1)
  // No question: a changed key is never accepted with a click.
  await expect(story.dialog).toHaveCount(0)
  await expect(story.main).not.toContainText('Both kernels were asked')
  await expect.soft(story.main, 'the advice').toContainText(advice)
})

test('sudo that is refused', async ({ page, story, bench, cloud }) => {
  const server = await sshServer({
    onCommand: (line, channel) => {
      const refused = line.includes('sudo')
      if (refused) channel.stderr.write('sudo: a password is required\n')
      else if (line.includes('date')) channel.write(`${(Date.now() / 1000).toFixed(9)}\n`)
      channel.exit(refused ? 1 : 0)
      channel.end()
    },
  })
  const { id } = LOAD_BALANCER
  const amphorae = ['a', 'b'].map((letter, at) => ({
    ...AMPHORA,
    id: AMPHORA.id.replace(/^e/, letter),
    role: at === 0 ? 'MASTER' : 'BACKUP',
    lb_network_ip: '127.0.0.1',
  }))
  const bodies: Record<string, object> = {
    [LIST]: { loadbalancers: [LOAD_BALANCER], loadbalancers_links: [] },
    [`${LIST}/${id}`]: { loadbalancer: LOAD_BALANCER },
    '/load-balancer/v2.0/lbaas/listeners': { listeners: [], listeners_links: [] },
    '/load-balancer/v2.0/lbaas/pools': { pools: [], pools_links: [] },
    '/load-balancer/v2.0/lbaas/healthmonitors': { healthmonitors: [], healthmonitors_links: [] },
    '/load-balancer/v2.0/octavia/amphorae': { amphorae, amphorae_links: [] },
  }
  for (const [path, body] of Object.entries(bodies))
    cloud.instead.set(`GET ${path}`, (_request, response) => json(response, 200, body))
  const { privateKey } = { privateKey: bench.file('key', wrongKey()) }
  bench.set({
    clouds: { alpha: { authUrl: `${cloud.url}/identity` } },
    ssh: {
      alpha: {
        ...{ user: 'ubuntu', port: server.port, keyFile: privateKey },
        ...{ useAgent: false, usePassword: false, useConfigFile: false, jumps: [] },
      },
    },
  })
  await openPair(page, story, bench)
  await story.acceptHostKeys(2)
  await expectUnknownBecause(story.main, 'ssh.sudo')
  await server.close()
})

const faults: readonly {
  fault: DemoFault
  name: string
  expected: (main: Locator) => Promise<void>
}[] = [
  {
    fault: 'amphora-off',
    name: 'Switch off the amphora',
    expected: async (main) => {
      const gone = main
        .getByRole('article', { name: /^Amphora/ })
        .filter({ hasText: /lost|failed/ })
      await expect(gone).toHaveCount(1, { timeout: 90_000 })
      await expect(gone).not.toContainText('holds the VIP')
      await expect(gone).toContainText('unknown')
      // The peer may have it by now, but nobody can swear that it is the only one.
      await expect(main).not.toContainText('Both kernels were asked')
      const { title } = reasonWords('ssh.lost')
      await expect(gone).toContainText(new RegExp(`${title}|no route|jump host|in time`, 'i'))
    },
  },
  {
    fault: 'vrrp-block',
    name: 'Block adverts',
    expected: async (main) => {
      const alarm = main.getByRole('alert', { name: 'Owner of the VIP' })
      await expect(alarm).toContainText('TWO OWNERS', { timeout: 60_000 })
      await expect(alarm).toContainText('Check that VRRP (protocol 112) passes between both')
      await expect(main.getByText('holds the VIP')).toHaveCount(2)
    },
  },
]

for (const { fault: kind, name, expected } of faults) {
  test(`the demo fault ${kind} while the pair is on screen`, async ({ page, story }) => {
    const host = await startConsole({ demo: true })
    await story.enter(host.link)
    await story.openCloud('demo')
    await story.main.getByRole('link', { name: /^lb1/ }).first().click()
    await story.tab('Pair').click()
    await story.acceptHostKeys(3)
    const letter = await story.owner()
    await fault(page, new URL(host.link).origin, name)
    await expected(story.main)
    if (kind === 'amphora-off') {
      await expect(story.amphora(letter)).not.toContainText('holds the VIP')
    }
    await host.close()
  })
}
