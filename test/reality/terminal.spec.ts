import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { Story } from '../e2e/pages/story'
import { startConsole } from '../support/consoleHost'
import { labFacts } from '../support/lab'

const CLOUD = 'lab-admin'

test("a terminal on a real amphora is its sshd's pty: it runs what is typed, follows its window, ends and is recorded", async ({
  page,
}) => {
  const facts = labFacts()
  const { name, amphorae } = facts.load_balancers[0]!
  const host = await startConsole({
    demo: false,
    environment: { OS_CLIENT_CONFIG_FILE: facts.clouds_yaml },
  })
  const story = new Story(page)
  await story.enter(host.link)
  await story.setUpSsh(CLOUD, { user: facts.ssh.user, key: facts.ssh.key, jump: facts.vantage })
  await story.openCloud(CLOUD)
  await story.arm()
  const { main } = story
  await main.getByRole('link', { name, exact: true }).click()
  await story.tab('Pair').click()
  await story.acceptHostKeys(3)
  await story.owner()
  await story.amphora('A').getByRole('link', { name: 'Look inside' }).click()
  await story.tab('Terminal').click()
  await main.getByText('Record what is shown').click()
  await main.getByRole('button', { name: 'Open a terminal' }).click()

  const shown = main
    .getByRole('application', { name: 'Terminal of the amphora' })
    .locator('.xterm-rows')
  await expect(shown).toContainText(':~$')
  await page.keyboard.type('tty; hostname\n')
  await expect(shown).toContainText('/dev/pts/')
  const text = (await shown.innerText()).replaceAll('\u00a0', ' ')
  expect(amphorae.some(({ id }) => text.includes(`amphora-${id}`))).toBe(true)
  await page.keyboard.type('sudo ip netns exec amphora-haproxy ip -brief address show eth1\n')
  await expect(shown).toContainText('eth1@')

  const sizes = async () => {
    await page.keyboard.type('clear; stty size\n')
    await expect(shown).toContainText(/^\s*\d+ \d+/)
    return /(\d+) (\d+)/.exec((await shown.innerText()).replaceAll('\u00a0', ' '))?.[0]
  }
  const before = await sizes()
  await page.setViewportSize({ width: 1500, height: 900 })
  await expect(async () => expect(await sizes()).not.toBe(before)).toPass()

  // What the remote command writes at once arrives whole, and the shell still answers.
  await page.keyboard.type("clear; seq 20000 | tail --lines=1; echo do''ne\n")
  await expect(shown).toContainText('20000')
  await expect(shown).toContainText('done')
  await page.keyboard.type('exit 3\n')
  await expect(main).toContainText('Shell ended with exit status 3')
  const path = await main
    .getByText(/\.cast$/)
    .first()
    .textContent()
  const [head, ...events] = readFileSync(path ?? '', 'utf8')
    .trim()
    .split('\n')
  expect(JSON.parse(head ?? '')).toMatchObject({ version: 2 })
  expect(events.join('')).toContain('/dev/pts/')
  await host.close()
})
