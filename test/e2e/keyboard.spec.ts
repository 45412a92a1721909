import { expect, test } from './fixtures'

test('keys that are typed right after the one that opens the search belong to the search', async ({
  demo,
  story,
  page,
}) => {
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.arm()
  await expect(story.dialog).toHaveCount(0)
  await page.keyboard.press('Control+k')
  // Taken for a shortcut, n would begin to create a load balancer.
  await page.keyboard.type('nlb1')
  await expect(story.dialog.getByRole('combobox')).toHaveValue('nlb1')
  await story.dialog.getByRole('combobox').fill('lb1')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'lb1' })).toBeVisible()
})

test('the keys of the list of shortcuts lead to the filters of every list and empty them', async ({
  demo,
  story,
  page,
}) => {
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.arm()
  for (const [place, heading, heads] of [
    ['/monitor', 'Failover monitor', 0],
    ['/audit', 'Audit log', 1],
  ] as const) {
    await page.evaluate((hash) => void (location.hash = hash), place)
    await expect(story.main.getByRole('heading', { name: heading })).toBeVisible()
    const filter = story.main.getByRole('searchbox')
    await expect(story.main.getByRole('row').nth(1)).toBeVisible()
    await page.keyboard.press('/')
    await expect(filter).toBeFocused()
    await page.keyboard.type('there is no such word')
    await expect(story.main.getByRole('row')).toHaveCount(heads)
    await page.keyboard.press('Escape')
    await expect(filter).toHaveValue('')
    await expect(story.main.getByRole('row').nth(1)).toBeVisible()
  }
})
