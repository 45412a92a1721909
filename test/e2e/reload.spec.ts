import { expect } from '@playwright/test'
import { entryFor, test } from './ownClouds'
import { test as withDemo } from './fixtures'

test('a job of a console that was killed is continued by the next one, and makes one load balancer', async ({
  page,
  story,
  bench,
  demoCloud,
}) => {
  test.setTimeout(300_000)
  bench.set({ clouds: { alpha: entryFor(demoCloud, demoCloud.credentials) } })
  const first = await bench.start()
  await story.enter(first.link)
  await story.openCloud('alpha')
  await story.arm()
  await story.createLoadBalancer('lb3', ['192.168.220.6'])
  const job = page.getByRole('region', { name: 'Create lb3' })
  await expect(job).toContainText('PENDING_CREATE')
  await first.kill()
  await expect(page.getByRole('alert').first()).toContainText(
    'The connection to the console was lost',
  )

  const second = await bench.start()
  await story.enter(second.link)
  await story.openCloud('alpha')
  await expect(page.getByRole('region', { name: 'Jobs' })).toContainText('1 interrupted')
  await page.getByRole('link', { name: 'Jobs' }).first().click()
  await expect(job).toContainText('interrupted')
  await expect(job).toContainText('The console ended while the job ran.')
  // Continuing changes the cloud, so the cloud has to be armed again.
  await story.arm()
  await job.getByRole('button', { name: 'Continue' }).click()
  await expect(job.getByRole('status').first()).toHaveText('done', { timeout: 200_000 })

  await page.getByRole('link', { name: 'Load balancers' }).first().click()
  const rows = story.main.getByRole('row').filter({ hasText: 'lb3' })
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('ACTIVE')
})

withDemo(
  'a reload in the middle of a job and of a pair finds both where they stand',
  async ({ demo, story, page }) => {
    test.setTimeout(200_000)
    await story.enter(demo.link)
    await story.openCloud('demo')
    await story.arm()
    await story.createLoadBalancer('lb3', ['192.168.220.6'])
    const job = page.getByRole('region', { name: 'Create lb3' })
    await expect(job).toContainText('PENDING_CREATE')
    await page.reload()
    await expect(job).toContainText(/PENDING_CREATE|ACTIVE/)
    await expect(page.getByRole('timer')).toBeVisible()

    await page.getByRole('link', { name: 'Load balancers' }).first().click()
    await story.main.getByRole('link', { name: /^lb1/ }).first().click()
    await story.tab('Pair').click()
    await story.acceptHostKeys(3)
    const owner = await story.owner()
    await page.reload()
    expect(await story.owner()).toBe(owner)
    await expect(story.dialog).toHaveCount(0)
  },
)

withDemo('the link lets one browser in, once', async ({ demo, page, browser, story }) => {
  await story.enter(demo.link)
  const stranger = await (await browser.newContext()).newPage()
  const answer = await stranger.goto(demo.link)
  expect(answer?.status()).toBeGreaterThanOrEqual(400)
  await expect(stranger.getByRole('heading', { name: 'Clouds', exact: true })).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Clouds', exact: true })).toBeVisible()
})
