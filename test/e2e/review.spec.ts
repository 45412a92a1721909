import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

const NAME = 's01_stop_keepalived_master'
const FOLDER = `test/fixtures/scenarios/${NAME}`

/** Drops files on the page, as from a window of the desktop. */
async function drop(page: Page, folder: string): Promise<void> {
  const files = readdirSync(folder).map((name) => ({
    name,
    base64: readFileSync(join(folder, name)).toString('base64'),
  }))
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer()
    for (const { name, base64 } of given) {
      const octets = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      data.items.add(new File([octets], name))
    }
    return data
  }, files)
  await page.locator('[data-drop]').dispatchEvent('drop', { dataTransfer: transfer })
}

test('an operator drops what was captured, sees the fault, its episode and its line, and finds a note again', async ({
  host,
  story,
  page,
}) => {
  test.setTimeout(240_000)
  await story.enter(host.link)
  await page.getByRole('link', { name: 'Offline review' }).click()
  await drop(page, FOLDER)
  await story.main.getByRole('button', { name: 'Review', exact: true }).click()

  await expect(story.main).toContainText('Reviewed from files, not live', { timeout: 60_000 })
  await expect(story.main).toContainText(/Evidence from 20\d\d-/)
  const finding = story.main.getByRole('article').filter({ hasText: 'keepalived.stopped' })
  await expect(finding).toHaveCount(1)
  await expect(story.main).toContainText('could not be judged')

  // The proof leads to the line in the log.
  await finding.locator('.proofs').getByRole('button').first().click()
  const log = story.main.getByRole('listbox', { name: 'Log lines' })
  await expect(log.getByRole('option', { selected: true })).toContainText(/[Ss]topp/)
  await page.keyboard.press('m')
  await story.main.getByRole('textbox', { name: 'Note' }).fill('stopped by the patch window')
  await story.main.getByRole('button', { name: 'Save the note' }).click()

  await story.tab('Time line').click()
  const episodes = story.main.getByRole('region', { name: 'Episodes' })
  await expect(episodes.getByRole('article')).toHaveCount(2)
  await expect(episodes.getByRole('article').last()).toContainText('VIP moved')

  await story.main.getByRole('button', { name: 'Close the review' }).click()
  await expect(story.main.getByRole('region', { name: 'Open reviews' })).toHaveCount(0)

  // The same evidence by its path: the note is there again.
  await story.main
    .getByRole('textbox', { name: 'Path on the machine of the console' })
    .fill(resolve(FOLDER))
  await story.main.getByRole('button', { name: 'Review', exact: true }).click()
  await story.main.getByRole('link', { name: /^Notes/ }).click()
  await expect(story.main.getByRole('article')).toContainText('stopped by the patch window')
})

test('a load balancer is captured with both amphorae, and its file shows them without their passwords', async ({
  demo,
  story,
  page,
}) => {
  test.setTimeout(240_000)
  await story.enter(demo.link)
  await story.openCloud('demo')
  await page.getByRole('link', { name: 'Load balancers' }).click()
  await story.main.getByRole('link', { name: 'lb1', exact: true }).click()
  await story.tab('Pair').click()
  await story.acceptHostKeys(3)
  await story.main.getByRole('button', { name: 'Capture' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  const dialog = page.getByRole('dialog', { name: 'Capture lb1' })
  await expect(dialog).toContainText('Captured', { timeout: 120_000 })
  await expect(dialog).toContainText(/Taken out:.*auth_pass/)
  const [path = ''] = /\/\S+?\.tar\.gz/.exec((await dialog.textContent()) ?? '') ?? []
  await dialog.getByRole('button', { name: 'Close' }).last().click()

  await page.getByRole('link', { name: 'Offline review' }).click()
  await story.main.getByRole('textbox', { name: 'Path on the machine of the console' }).fill(path)
  await story.main.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(story.main).toContainText('192.168.30.101', { timeout: 60_000 })
  await story.tab('Configs').click()
  await story.main.getByText('octavia-keepalived.conf').first().click()
  await expect(story.main).toContainText('‹removed›')
  await expect(story.main).toContainText('virtual_router_id')
})
