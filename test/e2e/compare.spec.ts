import { expect, test } from './fixtures'

test('long lines of both texts move sideways together, and a chosen difference comes into sight', async ({
  demo,
  story,
  page,
}) => {
  test.setTimeout(120_000)
  await page.setViewportSize({ width: 1280, height: 800 })
  await story.enter(demo.link)
  await story.openCloud('demo')
  await story.main.getByRole('link', { name: /^lb1/ }).click()
  await story.tab('Compare').click()
  await story.acceptHostKeys(3)
  const texts = story.main.getByRole('table', { name: 'Both texts' })
  await expect(texts).toContainText('MASTER')

  const first = texts.getByRole('row').filter({ hasText: 'MASTER' })
  const places = () =>
    first
      .locator('.moved')
      .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).transform))
  const [before] = await places()
  await texts.focus()
  for (let press = 0; press < 8; press += 1) await page.keyboard.press('ArrowRight')
  await expect.poll(async () => (await places())[0]).not.toBe(before)
  const [left, right] = await places()
  expect(right).toBe(left)
  await expect(first.locator('mark').first()).not.toBeInViewport({ ratio: 1 })

  await page.keyboard.press(']')
  await expect(texts.locator('[aria-current=true] mark').first()).toBeInViewport({ ratio: 1 })
})
