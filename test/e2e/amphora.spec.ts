import type { Locator, Page } from '@playwright/test'
import { readFileSync, statSync } from 'node:fs'
import { expect, test } from './fixtures'
import type { Story } from './pages/story'

/** Opens the page of the first amphora of lb1, from the list of its amphorae. */
async function enterAmphora(story: Story, link: string): Promise<void> {
  const { page, main } = story
  await story.enter(link)
  await story.openCloud('demo')
  await main.getByRole('link', { name: /^lb1/ }).first().click()
  await story.tab('Amphorae').click()
  await main
    .getByRole('link', { name: /^Look inside amphora/ })
    .first()
    .click()
  await story.acceptHostKeys(3)
  await expect(page.getByRole('heading', { name: /^Amphora / })).toBeVisible()
}

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

test('an operator looks into every part of an amphora, each with its evidence', async ({
  demo,
  story,
  page,
}) => {
  test.setTimeout(200_000)
  await enterAmphora(story, demo.link)
  const { main, dialog } = story

  const plugged = part(page, 'Who is plugged where')
  await expect(plugged).toContainText('eth1')
  await expect(plugged).toContainText('VIP side')
  await expect(plugged).toContainText('management')
  await expect(part(page, 'Routing rules')).toContainText('main')
  await part(page, 'Neighbours')
    .getByRole('button', { name: /^evidence/ })
    .click()
  await expect(dialog).toContainText('sudo -n ip')
  await page.keyboard.press('Escape')

  await story.tab('Services').click()
  const keepalived = main.getByRole('row').filter({ hasText: 'octavia-keepalived' })
  await expect(keepalived).toContainText('active (running)')
  await expect(keepalived).toContainText('octavia-keepalived.service')

  await story.tab('Configs').click()
  await main.getByRole('button', { name: /haproxy\.cfg/ }).click()
  const viewer = page.getByRole('region', { name: /haproxy\.cfg$/ })
  await expect(viewer).toContainText('frontend')
  await expect(viewer.getByText(/^listener /).first()).toBeVisible()
  await viewer.getByRole('searchbox').fill('server ')
  const found = viewer.getByRole('search').getByRole('status')
  await expect(found).toHaveText(/^1 of \d+$/)
  await page.keyboard.press('Enter')
  await expect(found).toHaveText(/^2 of \d+$/)
  await viewer.getByRole('button', { name: 'Fold all', exact: true }).click()
  await expect(viewer.getByText('lines folded').first()).toBeVisible()
  await viewer.getByRole('button', { name: 'Next' }).click()
  await expect(viewer.locator('mark.current').first()).toBeVisible()
  await main.getByRole('button', { name: /octavia-keepalived\.conf/ }).click()
  await expect(main.getByText('taken out:')).toContainText('auth_pass')

  await story.tab('HAProxy').click()
  await expect(part(page, 'Key figures (show info)')).toContainText('Version')
  const stat = part(page, 'Traffic (show stat)')
  await expect(stat.getByRole('row').filter({ hasText: 'frontend' }).first()).toContainText('OPEN')
  await expect(stat.getByRole('row').filter({ hasText: 'member' }).first()).toContainText('UP')
  await expect(stat.getByRole('img', { name: /sessions per second now/ }).first()).toBeVisible()

  await story.tab('Agent').click()
  await expect(part(page, 'Certificate of the agent')).toContainText('left', { timeout: 60_000 })
  await expect(part(page, 'Heartbeats to the controllers')).toContainText('heartbeats leave')

  await story.tab('System').click()
  await expect(part(page, 'Versions')).toContainText('2.2.7')
  await expect(part(page, 'Disks')).toContainText('%')

  await story.tab('Wire').click()
  await main.getByRole('button', { name: 'Start the capture' }).click()
  const packets = main.getByRole('table', { name: 'Packets' })
  await expect(packets).toContainText('password')
  await expect(main.getByText(/ advertises$/)).toBeVisible()
  await main.getByRole('button', { name: 'Stop' }).click()
  await expect(main.getByText(/^Captured for/)).toBeVisible()

  await main.getByRole('link', { name: '← lb1' }).click()
  await expect(story.tab('Pair')).toBeVisible()
})

test('a terminal runs what is typed, follows its window, guards pastes and is recorded', async ({
  demo,
  story,
  page,
  context,
}) => {
  test.setTimeout(200_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await enterAmphora(story, demo.link)
  const { main, dialog } = story
  await story.tab('Terminal').click()
  await expect(main).toContainText('This is a real shell on the amphora.')
  await expect(main.getByRole('button', { name: 'Open a terminal' })).toBeDisabled()
  await story.arm()
  await main.getByText('Record what is shown').click()
  await main.getByRole('button', { name: 'Open a terminal' }).click()
  const screen = main.getByRole('application', { name: 'Terminal of the amphora' })
  const shown = screen.locator('.xterm-rows')
  await expect(shown).toContainText(':~$')

  await page.keyboard.type('sudo ip netns exec amphora-haproxy ip addr\n')
  await expect(shown).toContainText('eth1')
  await expect(shown).toContainText('inet ')

  await page.keyboard.type('clear\n')
  await page.keyboard.type('stty size\n')
  await expect(shown).toContainText(/\n?\d+ \d+/)
  const before = /(\d+) (\d+)/.exec((await shown.innerText()).replaceAll('\u00a0', ' '))?.[0]
  await page.setViewportSize({ width: 1500, height: 900 })
  await page.keyboard.type('clear\n')
  await page.keyboard.type('stty size\n')
  await expect(async () => {
    const text = (await shown.innerText()).replaceAll('\u00a0', ' ')
    const now = /(\d+) (\d+)/.exec(text)?.[0]
    expect(now).toBeDefined()
    expect(now).not.toBe(before)
  }).toPass()

  const pasteText = (text: string) =>
    screen.locator('textarea').evaluate((area, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      area.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      )
    }, text)
  await pasteText('echo first\necho second\n')
  await expect(dialog).toContainText('2 line breaks')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(shown).not.toContainText('first')
  await pasteText('whoami\nhostname\n')
  await dialog.getByRole('button', { name: 'Paste as it is' }).click()
  await expect(shown).toContainText('ubuntu')
  await pasteText('echo harmless')
  await expect(dialog).toHaveCount(0)
  await expect(shown).toContainText('echo harmless')
  await page.keyboard.type('\n')

  await story.tab('Services').click()
  await expect(main.getByRole('row').first()).toBeVisible()
  await story.tab('Terminal').click()
  await expect(shown).toContainText('harmless')
  await main.getByRole('link', { name: '← lb1' }).click()
  await expect(dialog).toContainText('Leaving this amphora ends the shell')
  await dialog.getByRole('button', { name: 'Stay' }).click()
  await screen.click()
  await page.keyboard.type('exit\n')
  await expect(main).toContainText('Shell ended with exit status 0')
  const file =
    (await main
      .getByText(/\.cast$/)
      .first()
      .textContent()) ?? ''
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const [head] = readFileSync(file, 'utf8').split('\n')
  expect(JSON.parse(head!)).toMatchObject({ version: 2 })

  await page.getByRole('link', { name: 'Audit log' }).click()
  await expect(main.getByRole('row').filter({ hasText: 'Open a terminal' }).first()).toContainText(
    'ok',
  )
})
