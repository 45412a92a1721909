import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { startConsole } from '../support/consoleHost'
import { Tour } from './pages/tour'

const MEMBERS = ['192.168.220.6', '192.168.220.26']

/** Everything before a cloud is open. */
async function clouds(tour: Tour): Promise<void> {
  const { page, main } = tour
  const card = main.getByRole('article', { name: 'demo', exact: true })
  await expect(card).toBeVisible()
  await tour.look('clouds')
  await tour.button('cloud.test.start', card).click()
  await expect(card.getByText('req-').or(card.getByRole('listitem').nth(6))).toBeVisible()
  await expect(card.getByRole('status').first()).not.toHaveText(tour.say('status.outcome.running'))
  await tour.look('cloud-test')
  await tour.goto('/clouds/new')
  await tour.look('cloud-form')
  await tour.button('app.save').click()
  await main.locator('summary').click()
  await tour.look('cloud-form-errors')
  const field = (key: string) => main.getByLabel(tour.say(key)).first()
  await field('cloud.form.name').fill('spare')
  await field('cloud.form.authUrl').fill('https://keystone.example.org:5000/v3')
  await field('cloud.form.userName').fill('operator')
  await field('cloud.form.password').fill('secret')
  await tour.button('app.save').click()
  await expect(main.getByRole('article', { name: 'spare', exact: true })).toBeVisible()
  await tour.goto('/clouds/ssh/spare')
  await field('ssh.keyFile').fill('/home/operator/.ssh/keys/production/amphorae/id_ed25519')
  await tour.button('ssh.addJump').click()
  await tour.button('app.save').click()
  await expect(field('ssh.jumpHost')).toBeFocused()
  await tour.look('ssh-form')
  await tour.goto('/clouds/ssh/demo')
  await expect(main.getByText(tour.say('ssh.builtIn'))).toBeVisible()
  await tour.look('ssh')
  await tour.goto('/clouds')
  await tour.button('cloud.open', card).click()
  await expect(page.getByRole('heading', { name: tour.say('loadBalancer.title') })).toBeVisible()
}

/** The list and the tabs that need no SSH. Answers the address of the first load balancer. */
async function loadBalancers(tour: Tour): Promise<string> {
  const { page, main } = tour
  await expect(main.getByRole('link', { name: /^lb1/ }).first()).toBeVisible()
  await tour.look('list')
  await main.getByRole('link', { name: /^lb1/ }).first().click()
  await expect(tour.tab('loadBalancer.tab.status')).toBeVisible()
  const address = new URL(page.url()).hash.slice(1)
  await expect(main.getByText('192.168.220').first()).toBeVisible()
  await tour.look('map')
  await tour.tab('loadBalancer.tab.status').click()
  await tour.look('status')
  await tour.tab('loadBalancer.tab.amphorae').click()
  await expect(main.getByText('10.77.0.').first()).toBeVisible()
  await tour.look('amphorae')
  return address
}

async function pair(tour: Tour): Promise<void> {
  const { page, main, dialog } = tour
  await tour.tab('loadBalancer.tab.pair').click()
  await acceptKeys(tour, 1)
  await expect(dialog).toContainText(/SHA256:/)
  await tour.look('host-key')
  await acceptKeys(tour, 2)
  await expect(main.getByText('Entering MASTER STATE').first()).toBeVisible()
  await expect(main.getByText(tour.say('pair.ownerMeans.one'))).toBeVisible()
  await expect(main.getByText(tour.say('pair.unknownBecause'))).toHaveCount(0)
  await tour.look('pair')
  await main
    .getByRole('button', { name: /MASTER/ })
    .first()
    .click()
  await expect(dialog).toContainText('sudo')
  await tour.look('evidence')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await tour.button('arm.readOnly').click()
  await tour.look('arm-dialog')
  await tour.button('arm.arm', dialog).click()
  await expect(page.getByRole('timer')).toBeVisible()
  await tour.look('pair-armed')
  const owner = main.getByRole('article').filter({ hasText: tour.say('pair.holdsVip') })
  await owner
    .getByRole('button', { name: new RegExp(tour.say('action.name.keepalived.stop')) })
    .click()
  await expect(dialog).toContainText('systemctl stop')
  await expect(dialog.getByRole('textbox')).toBeVisible()
  await tour.look('action')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
}

/** The map says who holds the VIP while the pair is watched, with the evidence. */
async function watchedMap(tour: Tour, address: string): Promise<void> {
  const { page, main, dialog } = tour
  await tour.goto(address)
  await expect(main.getByText(tour.say('pair.ownerMeans.one'))).toBeVisible()
  await tour.look('map-watched')
  await main.getByRole('button', { name: new RegExp(tour.say('pair.holdsVip')) }).click()
  await expect(dialog).toContainText('ip ')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await tour.goto(`${address}/pair`)
}

/** A failover that the monitor sees. */
async function monitor(tour: Tour, address: string): Promise<void> {
  const { page, main } = tour
  await tour.tab('loadBalancer.tab.monitor').click()
  await expect(tour.button('monitor.start')).toBeVisible()
  await tour.look('monitor-form')
  const from = page.getByRole('combobox').filter({ has: page.locator('option[value=jump]') })
  await from.selectOption('jump')
  await tour.button('monitor.start').click()
  await expect(main.getByText('web1').first()).toBeVisible()
  await tour.goto('/demo')
  const fault = main
    .getByRole('switch', { name: tour.say('demo.fault.keepalived-stop.name') })
    .first()
  await fault.click()
  await expect(fault).toBeChecked()
  await tour.look('demo')
  await tour.goto(`${address}/monitor`)
  await expect(main.getByRole('article').first()).toContainText('ms', { timeout: 60_000 })
  await expect(main.getByRole('article').first()).toContainText('±')
  await tour.look('monitor')
  await tour.goto(`${address}/pair`)
  await expect(main.getByText('Entering MASTER STATE').first()).toBeVisible()
  await tour.look('pair-after-failover')

  await tour.goto('/demo')
  await fault.click()
  await expect(fault).not.toBeChecked()
  const block = main.getByRole('switch', { name: tour.say('demo.fault.vrrp-block.name') }).first()
  await block.click()
  await expect(block).toBeChecked()
  await tour.goto(`${address}/pair`)
  await expect(main.getByRole('alert').first()).toContainText(tour.say('pair.ownerMeans.two'), {
    timeout: 60_000,
  })
  // The cause is judged a little later than the alarm.
  await expect(main.getByText(tour.say('findings.toCause'))).toBeVisible({ timeout: 60_000 })
  await tour.look('pair-two-owners')
  await tour.goto(`${address}/monitor`)
  await tour.look('monitor-two-owners')
}

async function wizard(tour: Tour): Promise<void> {
  const { page, main, dialog } = tour
  await tour.button('arm.readOnly').click()
  await tour.button('arm.arm', dialog).click()
  await expect(page.getByRole('timer')).toBeVisible()
  await tour.goto('/cloud/demo/load-balancers')
  await tour.button('loadBalancer.create').click()
  await main.getByRole('textbox').first().fill('lb3')
  const subnet = page.getByRole('combobox', { name: tour.say('plan.vipSubnet'), exact: true })
  await subnet.fill('PUBLIC')
  await tour.look('wizard-basics')
  await page.keyboard.press('Enter')
  for (const step of ['listeners', 'pools', 'monitors', 'members']) {
    await tour.button('plan.next').click()
    await expect(
      main.getByRole('heading', { name: tour.say(`plan.step.${step}`), exact: true }),
    ).toBeVisible()
    if (step === 'members') {
      await tour.button('plan.paste').click()
      await main.locator('textarea').fill(MEMBERS.map((member) => `${member}:80`).join('\n'))
    }
    await tour.look(`wizard-${step}`)
  }
  // The list is taken in on the way: nothing that was pasted is lost.
  await tour.button('plan.next').click()
  await expect(main).toContainText('POST')
  for (const member of MEMBERS) await expect(main).toContainText(member)
  await expect(tour.button('plan.start')).toBeInViewport()
  await tour.look('wizard-review')
  await main.getByText('healthmonitors').scrollIntoViewIfNeeded()
  await tour.look('wizard-review-requests')
  await tour.button('plan.start').click()
  await expect(main.getByText('req-').first()).toBeVisible()
  await tour.look('job')
}

async function others(tour: Tour, address: string): Promise<void> {
  const { page, main, dialog } = tour
  await tour.goto('/audit')
  await expect(main.getByRole('row').nth(1)).toBeVisible()
  await main.getByRole('row').nth(1).getByRole('button').first().click()
  await tour.look('audit')
  await tour.goto('/monitor')
  await expect(main.getByText('lb1').first()).toBeVisible()
  await tour.look('choose')
  await tour.goto('/settings')
  await tour.look('settings')
  await page.keyboard.press('?')
  await expect(dialog).toBeVisible()
  await tour.look('shortcuts')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  // At once: the first key after it belongs to the search already.
  await page.keyboard.type('lb')
  await expect(dialog.getByRole('combobox')).toHaveValue('lb')
  await tour.look('search')
  await page.keyboard.press('Escape')
  await tour.goto(address)
  await tour.button('loadBalancer.delete').click()
  await expect(dialog).toBeVisible()
  await tour.look('delete')
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await tour.look('drawer')
}

/** Opens the demo cloud's first load balancer, and answers its address. */
async function enter(tour: Tour): Promise<string> {
  const { page, main } = tour
  await tour.button('cloud.open', main.getByRole('article', { name: 'demo', exact: true })).click()
  await main.getByRole('link', { name: /^lb1/ }).first().click()
  await expect(tour.tab('loadBalancer.tab.pair')).toBeVisible()
  return new URL(page.url()).hash.slice(1)
}

/** Every place of the page of one amphora; the terminal needs the armed mode. */
async function amphora(tour: Tour): Promise<void> {
  const { page, main, dialog } = tour
  await enter(tour)
  await tour.tab('loadBalancer.tab.amphorae').click()
  await main
    .getByRole('link', { name: new RegExp(tour.say('amphora.lookInsideOf')) })
    .first()
    .click()
  await acceptKeys(tour, 3)
  const part = (key: string) => page.getByRole('region', { name: tour.say(key), exact: true })
  await expect(part('inspect.namespace.plugged')).toContainText('eth1')
  await tour.look('amphora-namespace')
  await part('inspect.namespace.sockets').scrollIntoViewIfNeeded()
  await tour.look('amphora-namespace-tables')
  await part('inspect.namespace.conntrack').scrollIntoViewIfNeeded()
  await tour.look('amphora-namespace-filters')
  await tour.tab('amphora.tab.services').click()
  await expect(part('inspect.services.title')).toContainText('octavia-keepalived')
  await tour.look('amphora-services')
  await tour.tab('amphora.tab.configs').click()
  for (const file of [/keepalived\.conf/, /haproxy\.cfg/, /amphora-agent\.conf/]) {
    await main.getByRole('button', { name: file }).first().click()
    await expect(page.getByRole('region', { name: file })).toBeVisible()
    await tour.look(`amphora-configs-${file.source.replaceAll(/\W+/g, '-')}`)
  }
  await tour.tab('amphora.tab.haproxy').click()
  await expect(part('inspect.haproxy.stat').getByRole('img').first()).toBeVisible()
  await expect(part('inspect.haproxy.peers')).toBeVisible()
  await expect(part('inspect.haproxy.stat').locator('path.line').first()).toBeAttached()
  await tour.look('amphora-haproxy')
  await part('inspect.haproxy.peers').scrollIntoViewIfNeeded()
  await tour.look('amphora-haproxy-peers')
  await tour.tab('amphora.tab.agent').click()
  await expect(part('inspect.agent.heartbeats')).toBeVisible({ timeout: 60_000 })
  await tour.look('amphora-agent')
  await tour.tab('amphora.tab.system').click()
  await expect(part('inspect.system.disks')).toContainText('%')
  await tour.look('amphora-system')
  await tour.tab('amphora.tab.wire').click()
  await tour.look('amphora-wire-none')
  await tour.button('inspect.wire.start').click()
  await expect(main.getByText(/: 5 packets/)).toBeVisible()
  await tour.look('amphora-wire')
  await tour.tab('amphora.tab.terminal').click()
  await tour.look('amphora-terminal-closed')
  await tour.button('arm.readOnly').click()
  await tour.button('arm.arm', dialog).click()
  await tour.button('terminal.open').click()
  const shown = page.locator('.xterm-rows')
  await expect(shown).toContainText(':~$')
  await page.keyboard.type('sudo ip netns exec amphora-haproxy ip addr\n')
  await expect(shown).toContainText('eth1')
  await tour.look('amphora-terminal')
}

/** What is found in a healthy pair, with a fault, and in all load balancers. */
async function findings(tour: Tour): Promise<void> {
  const { main } = tour
  const address = await enter(tour)
  await tour.goto(`${address}/findings`)
  await acceptKeys(tour, 3)
  const verdict = main.getByRole('status', { name: tour.say('findings.verdictTitle') })
  await expect(verdict).toContainText(tour.say('findings.depth.ssh'), { timeout: 60_000 })
  await tour.look('findings')
  for (const key of ['findings.unjudged', 'findings.fine'])
    await main.getByRole('button', { name: new RegExp(`^${tour.say(key)}`) }).click()
  await tour.look('findings-lists')
  await main.getByText(tour.say('findings.fineText')).scrollIntoViewIfNeeded()
  await tour.look('findings-fine')
  await tour.goto('/demo')
  const fault = main.getByRole('switch', { name: tour.say('demo.fault.vrrp-block.name') }).first()
  await fault.click()
  await expect(fault).toBeChecked()
  await tour.goto(`${address}/findings`)
  const worst = main.getByRole('article').first()
  await expect(worst).toContainText(tour.say('finding.vrrp.adverts-blocked.title'), {
    timeout: 60_000,
  })
  const follows = worst.getByRole('button', { expanded: false })
  await expect(follows).toBeVisible({ timeout: 60_000 })
  await follows.click()
  await tour.look('findings-fault')
  await tour.goto(`${address}/pair`)
  await expect(main.getByText(tour.say('findings.toCause'))).toBeVisible()
  await tour.look('pair-findings')
  await tour.goto('/overview')
  const row = main.getByRole('row').filter({
    hasText: tour.say('finding.vrrp.adverts-blocked.title'),
  })
  await expect(row).toBeVisible({ timeout: 60_000 })
  await tour.look('overview')
  await tour.goto('/overview?show=unjudged')
  await expect(main.getByRole('row').filter({ hasText: 'lb2' })).toBeVisible({ timeout: 60_000 })
  await tour.look('overview-unjudged')
  await tour.goto('/overview?show=history')
  await expect(main.getByRole('row').nth(1)).toBeVisible()
  await tour.look('overview-history')
  await tour.goto('/demo')
  await fault.click()
  await expect(fault).not.toBeChecked()
  const edited = main
    .getByRole('switch', { name: tour.say('demo.fault.priority-change.name') })
    .first()
  await edited.click()
  await expect(edited).toBeChecked()
  await tour.goto(`${address}/compare`)
  await expect(main.getByText('vrrp_instance.priority')).toBeVisible({ timeout: 60_000 })
  await tour.look('compare')
}

/** Evidence in files: every part of a review of a captured scenario. */
async function review(tour: Tour): Promise<void> {
  const { page, main } = tour
  await tour.goto('/review')
  await expect(tour.button('review.chooseFiles')).toBeVisible()
  await tour.look('open')
  await main
    .getByRole('textbox')
    .fill(resolve('test/fixtures/scenarios/s01_stop_keepalived_master'))
  await tour.button('review.open').click()
  await expect(main.getByRole('article').first()).toBeVisible({ timeout: 60_000 })
  await tour.look('findings')
  await tour.tab('review.tab.timeline').click()
  await expect(main.getByRole('article').first()).toBeVisible()
  await tour.look('timeline')
  await tour.tab('review.tab.log').click()
  const lines = main.getByRole('listbox')
  await expect(lines.getByRole('option').first()).toBeVisible()
  await lines.getByText('Entering MASTER STATE').first().click()
  await page.keyboard.press('m')
  await main.getByRole('textbox', { name: tour.say('review.notes.text') }).fill('lb1')
  await tour.look('log')
  await tour.button('review.notes.save').click()
  await lines.focus()
  await page.keyboard.press('Enter')
  await expect(main.getByRole('region', { name: tour.say('review.file.lines') })).toBeVisible()
  await tour.look('file')
  await tour.tab('review.tab.sources').click()
  await expect(tour.button('review.sources.apply')).toBeVisible()
  await tour.look('sources')
  await tour.goto(`${new URL(page.url()).hash.slice(1).replace(/\/sources$/, '')}/notes`)
  await expect(main.getByRole('article')).toBeVisible()
  await tour.look('notes')

  await tour.goto('/review')
  await main.getByRole('textbox').fill(resolve('test/fixtures/configurations/live'))
  await tour.button('review.open').click()
  await tour.tab('review.tab.configs').click()
  await main
    .getByRole('link', { name: /octavia-keepalived\.conf/ })
    .first()
    .click()
  await expect(main.getByText('vrrp_instance').first()).toBeVisible()
  await tour.look('configs')
  await tour.tab('review.tab.compare').click()
  await expect(main.getByRole('button', { pressed: true })).toBeVisible()
  await tour.look('compare')
}

/** Accepts the keys of hosts that were never seen. */
async function acceptKeys(tour: Tour, count: number): Promise<void> {
  const { dialog } = tour
  for (let key = 0; key < count; key += 1) {
    await expect(dialog).toContainText(/SHA256:/)
    const fingerprint = /SHA256:[\w+/]{43}/.exec((await dialog.textContent()) ?? '')?.[0] ?? ''
    await tour.button('prompt.accept', dialog).click()
    await expect(dialog.filter({ hasText: fingerprint })).toHaveCount(0)
  }
}

const tours: Record<string, (tour: Tour) => Promise<void>> = {
  pages: async (tour) => {
    await clouds(tour)
    const address = await loadBalancers(tour)
    await wizard(tour)
    await others(tour, address)
  },
  pair: async (tour) => {
    const address = await enter(tour)
    await pair(tour)
    await watchedMap(tour, address)
    await monitor(tour, address)
  },
  amphora,
  findings,
  review,
}

for (const [name, visit] of Object.entries(tours)) {
  test(`every picture of the tour "${name}" holds up in both themes, both languages and two sizes`, async ({
    page,
  }) => {
    test.setTimeout(600_000)
    await page.setViewportSize({ width: 1280, height: 800 })
    const dataFolder = mkdtempSync(join(tmpdir(), 'console-tour-'))
    const settings = { theme: 'dark', language: 'en', refreshSeconds: 10 }
    writeFileSync(join(dataFolder, 'settings.json'), JSON.stringify(settings))
    const host = await startConsole({ demo: true, dataFolder })
    try {
      await page.goto(host.link)
      await visit(new Tour(page, name))
    } finally {
      await host.close()
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 })
    }
  })
}
