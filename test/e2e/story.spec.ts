import { expect, test } from './fixtures'

const MEMBERS = ['192.168.220.6', '192.168.220.26']

test('an operator builds a load balancer, fails it over and back, and finds it all in the audit log', async ({
  demo,
  story,
  page,
}) => {
  test.setTimeout(300_000)
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.arm()
  await story.createLoadBalancer('lb3', MEMBERS)
  await story.seeItBuilt('lb3')

  await story.tab('Amphorae').click()
  await expect(story.main.getByRole('row', { name: /^Configured role/ })).toContainText(/MASTER/)
  await expect(story.main.getByRole('row', { name: /^Configured role/ })).toContainText(/BACKUP/)
  await expect(story.main.getByRole('row', { name: /^Management address/ })).toContainText(
    '10.77.0.',
  )

  await story.tab('Pair').click()
  const accepted = await story.acceptHostKeys(3)
  expect(accepted.filter((subject) => subject.startsWith('amphora '))).toHaveLength(2)
  const first = await story.owner()
  const other = first === 'A' ? 'B' : 'A'
  await expect(story.amphora(first)).toContainText('MASTER')
  await expect(story.amphora(other)).toContainText('BACKUP')
  const log = story.main.getByRole('listbox', { name: 'VRRP log lines' })
  await expect(log).toContainText('Entering MASTER STATE')

  await story.startMonitor('20 ms')
  await expect
    .poll(async () => Object.values(await story.answers()).filter((count) => count > 50).length)
    .toBe(2)
  const { web1 = 0, web2 = 0 } = await story.answers()
  expect(Math.abs(web1 - web2)).toBeLessThanOrEqual(2)

  await story.tab('Pair').click()
  await story.act('Stop', 'keepalived', first, 'lb3')
  await expect(story.dialog).toContainText('0')
  await page.keyboard.press('Escape')
  await story.ownerBecomes(other)
  await expect(story.amphora(first)).toContainText('VIP not here')

  await story.tab('Failover monitor').click()
  const episodes = story.main.getByRole('region', { name: 'Episodes' })
  const newest = episodes.getByRole('article').first()
  await expect(newest).toContainText('VIP moved')
  await expect(newest).toContainText(/Outage for clients\s*[\d,]+\s±\s\d+\sms/)

  await story.tab('Pair').click()
  await story.act('Start', 'keepalived', first)
  await page.keyboard.press('Escape')
  await story.ownerBecomes(first)

  await story.tab('Failover monitor').click()
  await expect(episodes.getByRole('article').filter({ hasText: 'VIP moved' })).toHaveCount(2)

  await page.getByRole('link', { name: 'Audit log' }).click()
  for (const action of ['Stop keepalived', 'Start keepalived', 'Create load balancer']) {
    await expect(story.main.getByRole('row').filter({ hasText: action }).first()).toBeVisible()
  }
})
