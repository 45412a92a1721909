import type { Locator } from '@playwright/test'
import { expect, test } from './fixtures'

const MEMBERS = ['192.168.220.6', '192.168.220.26']

/** What the opened entry says under a heading; empty where it has none. */
const under = (details: Locator, heading: string): Locator =>
  details
    .locator('dl > div')
    .filter({ has: details.page().locator('dt', { hasText: new RegExp(`^${heading}$`) }) })

test('the audit log tells what is sent from what is planned, and every change of the console itself', async ({
  demo,
  story,
  page,
}) => {
  test.setTimeout(180_000)
  const goto = (path: string) => page.evaluate((hash) => void (location.hash = hash), path)
  const row = (action: string) => story.main.getByRole('row').filter({ hasText: action }).first()
  const detailsOf = async (action: string) => {
    await row(action).getByRole('button', { name: 'Details of' }).click()
    return story.main.locator('td.details')
  }
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.arm()
  await story.createLoadBalancer('lb3', MEMBERS)

  await goto('/audit')
  const creation = await detailsOf('Create load balancer')
  await expect(under(creation, 'Planned')).toContainText('POST /v2.0/lbaas/listeners')
  await expect(under(creation, 'Sent')).toContainText('POST /v2.0/lbaas/loadbalancers → 201')
  await expect(under(creation, 'Sent')).not.toContainText('listeners →')
  // What the cloud has answered is the id of what it made.
  await expect(under(creation, 'Object').getByRole('button')).toHaveCount(1)

  await expect(under(creation, 'Sent')).toContainText('listeners → 201', { timeout: 60_000 })
  await expect(under(creation, 'Planned')).toHaveCount(0, { timeout: 90_000 })
  await row('Create load balancer').getByRole('button', { name: 'Details of' }).click()

  await goto('/demo')
  const first = story.main.getByRole('switch', { name: 'Block adverts' }).first()
  await first.click()
  await expect(first).toBeChecked()
  await goto('/audit')
  await expect(await detailsOf('Change a fault of the demo cloud')).toContainText('vrrp-block: on')
})

test('the demo’s SSH settings are shown, say why they cannot be changed, and are not saved', async ({
  demo,
  story,
  page,
}) => {
  await story.enter(demo.link)
  await page.evaluate(() => void (location.hash = '/clouds/ssh/demo'))
  await expect(story.main).toContainText('cannot be changed')
  for (const text of ['ubuntu', 'Private key file', 'Jump host 1'])
    await expect(story.main).toContainText(text)
  for (const role of ['textbox', 'checkbox'] as const)
    await expect(story.main.getByRole(role)).toHaveCount(0)
  await expect(story.main.getByRole('button', { name: 'Save' })).toHaveCount(0)
  await expect(story.main.getByRole('button', { name: 'Add jump host' })).toHaveCount(0)
})
