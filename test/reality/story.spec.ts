import { expect, test as base } from '@playwright/test'
import { Story } from '../e2e/pages/story'
import { startConsole, type ConsoleHost } from '../support/consoleHost'
import { deleteFromLab, labFacts, onAmphora } from '../support/lab'
import { capture, longestGap } from '../support/packetCapture'

const test = base.extend<{ host: ConsoleHost; story: Story }>({
  host: async ({}, use) => {
    const host = await startConsole({
      demo: false,
      environment: { OS_CLIENT_CONFIG_FILE: labFacts().clouds_yaml },
    })
    await use(host)
    await host.close()
  },
  story: async ({ page }, use) => use(new Story(page)),
})

const CLOUD = 'lab-admin'
const NAME = 'lb3'
const UNTIL_STEADY_MS = 6000

// A story that was cut off leaves its load balancer behind, and names are not unique.
test.beforeEach(async () => {
  for (const { id, name } of labFacts().load_balancers)
    if (name === NAME) await deleteFromLab(CLOUD, id)
})

test('the story on a real Octavia: built, failed over, measured as on the wire, back, deleted', async ({
  host,
  story,
  page,
}) => {
  const name = NAME
  const facts = labFacts()
  await story.enter(host.link)
  await story.setUpSsh(CLOUD, {
    user: facts.ssh.user,
    key: facts.ssh.key,
    jump: facts.vantage,
  })
  await story.openCloud(CLOUD)
  await story.arm()
  await story.createLoadBalancer(name, [facts.hosts['web1']!.address, facts.hosts['web2']!.address])
  await story.seeItBuilt(name)

  const built = labFacts().load_balancers.find((one) => one.name === name)!
  await story.tab('Amphorae').click()
  for (const { id, lb_network_ip } of built.amphorae) {
    await expect(story.main.getByRole('row', { name: /^Amphora id/ })).toContainText(id)
    await expect(story.main.getByRole('row', { name: /^Management address/ })).toContainText(
      lb_network_ip,
    )
  }

  await story.tab('Pair').click()
  const accepted = await story.acceptHostKeys(3)
  for (const { id } of built.amphorae) expect(accepted).toContain(`amphora ${id}`)
  const first = await story.owner()
  const other = first === 'A' ? 'B' : 'A'
  const addressOf = async (letter: 'A' | 'B') => {
    const text = await story.amphora(letter).innerText()
    return built.amphorae.find(({ id }) => text.includes(id.slice(0, 8)))!.lb_network_ip
  }
  const places = { [first]: await addressOf(first), [other]: await addressOf(other) }
  /** Whether a kernel, asked by plain ssh beside the console, has the VIP. */
  const reallyHolds = async (letter: 'A' | 'B') =>
    (
      await onAmphora(facts, places[letter]!, 'sudo ip -n amphora-haproxy -o address show dev eth1')
    ).includes(` ${built.vip}/32`)
  expect([await reallyHolds(first), await reallyHolds(other)]).toEqual([true, false])

  const wire = await capture(facts.client_netns, built.vip, 80)
  await story.startMonitor('20 ms')
  await expect
    .poll(async () => {
      const { web1 = 0, web2 = 0 } = await story.answers()
      return Math.min(web1, web2)
    })
    .toBeGreaterThan(50)
  const { web1 = 0, web2 = 0 } = await story.answers()
  expect(Math.abs(web1 - web2), 'answers alternate').toBeLessThanOrEqual(4)

  await story.tab('Pair').click()
  const stoppedAt = Date.now()
  await story.act('Stop', 'keepalived', first, name)
  await page.keyboard.press('Escape')
  await story.ownerBecomes(other)
  expect([await reallyHolds(first), await reallyHolds(other)]).toEqual([false, true])
  await page.waitForTimeout(UNTIL_STEADY_MS)
  const gapMs = longestGap(await wire.stop(), stoppedAt)

  await story.tab('Failover monitor').click()
  const episode = story.main
    .getByRole('region', { name: 'Episodes' })
    .getByRole('article')
    .filter({ hasText: 'VIP moved' })
    .first()
  const outageMs = Number(
    /Outage for clients\s*([\d.,]+)/.exec(await episode.innerText())![1]!.replaceAll(',', ''),
  )
  test.info().annotations.push({
    type: 'measured',
    description: `outage: console ${String(outageMs)} ms, packets ${gapMs.toFixed(1)} ms`,
  })
  process.stdout.write(`outage: console ${String(outageMs)} ms, packets ${gapMs.toFixed(1)} ms\n`)
  expect(Math.abs(outageMs - gapMs)).toBeLessThanOrEqual(30)

  await story.tab('Pair').click()
  await story.act('Start', 'keepalived', first)
  await page.keyboard.press('Escape')
  await story.ownerBecomes(first)
  expect([await reallyHolds(first), await reallyHolds(other)]).toEqual([true, false])

  // Every line since the stop is on the screen, in the order and in the words of the journal.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('checkbox', { name: 'Hide noise' }).uncheck()
  await page.getByRole('button', { name: 'Copy all', exact: true }).click()
  const shown = (await page.evaluate(() => navigator.clipboard.readText())).split('\n')
  for (const letter of [first, other] as const) {
    const journal = await onAmphora(
      facts,
      places[letter]!,
      `sudo journalctl -u octavia-keepalived -o cat --no-pager --since=@${String(Math.floor(stoppedAt / 1000))} --until=@${String(Math.floor(Date.now() / 1000) - 1)}`,
    )
    const lines = journal.split('\n').filter(Boolean)
    expect(lines.length, `amphora ${letter} has logged something`).toBeGreaterThan(1)
    const found = lines.map((line) => shown.filter((each) => each.endsWith(line)).length)
    const inJournal = lines.map((line) => lines.filter((each) => each.endsWith(line)).length)
    expect(found.every((count, index) => count >= inJournal[index]!)).toBe(true)
  }

  await page.getByRole('link', { name: 'Audit log' }).click()
  for (const action of ['Stop keepalived', 'Start keepalived', 'Create load balancer']) {
    await expect(story.main.getByRole('row').filter({ hasText: action }).first()).toBeVisible()
  }

  await story.deleteLoadBalancer(name)
  expect(labFacts().load_balancers.map(({ name }) => name)).not.toContain(name)
})
