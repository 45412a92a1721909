import type { LoadBalancer } from '../../preload/contract/loadBalancer'
import { expect, test } from './fixtures'
import { askFromPage } from './pages/pageCalls'

test('what was deleted elsewhere is neither offered to the monitor nor found by the search', async ({
  demo,
  story,
  page,
}) => {
  test.setTimeout(180_000)
  const goto = (path: string) => page.evaluate((hash) => void (location.hash = hash), path)
  /** As another window would. */
  const remove = async (name: string): Promise<void> => {
    const { loadBalancers } = await askFromPage<{ loadBalancers: LoadBalancer[] }>(
      page,
      'loadBalancer.list',
      { cloud: 'demo' },
    )
    const { id } = loadBalancers.find((one) => one.name === name)!
    const input = { cloud: 'demo', id, confirmation: name }
    await askFromPage(page, 'job.deleteLoadBalancer', input)
  }
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.arm()

  await goto('/monitor')
  const offered = story.main.getByRole('row').filter({ hasText: 'lb2' })
  await expect(offered).toBeVisible()
  await remove('lb2')
  await expect(offered).toHaveCount(0, { timeout: 60_000 })

  await goto('/settings')
  await remove('lb1')
  await expect(page.getByRole('region', { name: 'Jobs' })).toContainText('none running', {
    timeout: 60_000,
  })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('lb1')
  await expect(story.dialog.getByRole('option')).toHaveCount(1)
  await expect(story.dialog.getByRole('option')).toContainText('Delete lb1')
})

test('who deletes a load balancer is told which one it is, and what goes with it', async ({
  demo,
  story,
  page,
}) => {
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.arm()
  await story.main.getByRole('link', { name: 'lb1' }).click()
  await story.main.getByRole('button', { name: 'Delete …' }).click()
  const id = /load-balancers\/([0-9a-f-]{36})/.exec(page.url())?.[1]
  await expect(story.dialog).toContainText(id!)
  await expect(story.definition('Cloud')).toHaveText('demo')
  // Not the project of the user, who may know the names of all.
  await expect(story.definition('Project')).toHaveText('demo')
  await expect(story.dialog).toContainText('1 health monitor')
  await expect(story.dialog).toContainText('Its amphorae are deleted too.')
  await expect(story.dialog.getByRole('button', { name: 'Delete', exact: true })).toBeDisabled()
  await story.dialog.getByRole('textbox', { name: 'To confirm, type lb1' }).fill('lb1')
  await expect(story.dialog.getByRole('button', { name: 'Delete', exact: true })).toBeEnabled()
})
