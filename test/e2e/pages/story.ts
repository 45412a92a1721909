import { expect, type Locator, type Page } from '@playwright/test'

/** Answers in time for what a real cloud takes to build. */
const BUILDING_MS = 300_000

/** What an operator does with the console, step by step, in the words that are on the screen. */
export class Story {
  readonly main: Locator
  readonly dialog: Locator

  constructor(readonly page: Page) {
    this.main = page.getByRole('main')
    this.dialog = page.getByRole('dialog')
  }

  /** Enters the console through the link that it printed. */
  async enter(link: string): Promise<void> {
    await this.page.goto(link)
    await expect(this.page.getByRole('heading', { name: 'Clouds', exact: true })).toBeVisible()
  }

  async openCloud(name: string): Promise<void> {
    const cloud = this.main.getByRole('article', { name, exact: true })
    await cloud.getByRole('button', { name: 'Open' }).click()
    await expect(this.page.getByRole('heading', { name: 'Load balancers' })).toBeVisible()
  }

  /** Allows changes; the cloud was read-only until now. */
  async arm(): Promise<void> {
    await this.page.getByRole('button', { name: 'Read-only' }).click()
    await this.dialog.getByRole('button', { name: 'Allow changes' }).click()
    await expect(this.page.getByRole('timer')).toBeVisible()
  }

  /** Says how the amphorae of a cloud are reached: by a key, through one jump host. */
  async setUpSsh(
    cloud: string,
    way: { user: string; key: string; jump: { host: string; port: number; user: string } },
  ): Promise<void> {
    await this.main
      .getByRole('article', { name: cloud, exact: true })
      .getByRole('link', { name: 'SSH access' })
      .click()
    await this.field('User').fill(way.user)
    await this.field('Private key file').fill(way.key)
    await this.page.getByRole('button', { name: 'Add jump host' }).click()
    const jump = this.main.getByRole('group', { name: 'Jump host 1' })
    await jump.getByRole('textbox', { name: 'Host, address or alias' }).fill(way.jump.host)
    await jump.getByRole('textbox', { name: 'Port' }).fill(String(way.jump.port))
    await jump.getByRole('textbox', { name: 'User' }).fill(way.jump.user)
    await jump.getByRole('textbox', { name: 'Private key file' }).fill(way.key)
    await this.page.getByRole('button', { name: 'Save' }).click()
    await expect(this.main.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
    await this.main.getByRole('link', { name: 'All clouds' }).click()
  }

  /** Creates the load balancer of the story in one go, and leaves the screen at its job. */
  async createLoadBalancer(name: string, members: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'Create load balancer' }).click()
    await this.field('Name').fill(name)
    await this.page.getByRole('combobox', { name: 'VIP subnet' }).fill('PUBLIC_IP_30')
    await this.page.keyboard.press('Enter')
    await this.next()
    await this.field('Name').fill('listener1')
    await this.next()
    await this.field('Name').fill('pool1')
    await this.next()
    await this.next()
    await this.page.getByRole('button', { name: 'Paste a list' }).click()
    await this.main
      .getByRole('textbox', { name: /One member per line/ })
      .fill(members.map((member) => `${member}:80`).join('\n'))
    await this.page.getByRole('button', { name: 'Add these members' }).click()
    for (const index of members.keys()) {
      await this.page
        .getByRole('combobox', { name: `Member ${index + 1}: Subnet` })
        .selectOption({ label: 'PRIVATE_VIP_200 · 192.168.220.0/24 · PRIVATE_NET_200' })
    }
    await this.next()
    await expect(this.main).toContainText('POST /v2.0/lbaas/healthmonitors')
    await this.main.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(this.page.getByRole('region', { name: `Create ${name}` })).toBeVisible()
  }

  /** Watches every part of the job go from PENDING_CREATE to ACTIVE. */
  async seeItBuilt(name: string): Promise<void> {
    const job = this.page.getByRole('region', { name: `Create ${name}` })
    await expect(job).toContainText('PENDING_CREATE')
    await expect(job.getByRole('status').first()).toHaveText('done', { timeout: BUILDING_MS })
    for (const part of ['Load balancer', 'Listener', 'Pool', 'Member', 'Health monitor']) {
      await expect(
        job.getByRole('listitem').filter({ hasText: part }).first(),
        `${part} is ACTIVE`,
      ).toContainText('ACTIVE')
    }
    await expect(job).toContainText('req-')
    await job.getByRole('link', { name: 'Open the load balancer' }).click()
  }

  /** Accepts the keys of hosts that the console has never seen, after looking at each; answers whom it accepted. */
  async acceptHostKeys(count: number): Promise<string[]> {
    const subjects: string[] = []
    while (subjects.length < count) {
      await expect(this.dialog).toContainText('Unknown host key')
      await expect(this.dialog).toContainText(/SHA256:[\w+/]{43}/)
      const subject = (await this.definition('Host').textContent()) ?? ''
      subjects.push(subject.trim())
      await this.dialog.getByRole('button', { name: 'Accept and remember' }).click()
      await expect(this.definition('Host').filter({ hasText: subject })).toHaveCount(0)
    }
    return subjects
  }

  /** The amphora that owns the VIP, by the letter under which the screen knows it. */
  async owner(): Promise<'A' | 'B'> {
    const banner = this.main.getByRole('status', { name: 'Owner of the VIP' })
    await expect(banner).toContainText('is held by one amphora')
    await expect(banner).toContainText('Both kernels were asked')
    const letter = /\b([AB])\s+[0-9a-f]{8}\b/.exec(await banner.innerText())?.[1]
    expect(letter, 'the banner names the owner').toBeDefined()
    return letter as 'A' | 'B'
  }

  /** Waits until the VIP is seen at one amphora, and nowhere else. */
  async ownerBecomes(letter: 'A' | 'B', timeout = 30_000): Promise<void> {
    await expect(async () => expect(await this.owner()).toBe(letter)).toPass({ timeout })
  }

  amphora = (letter: 'A' | 'B') => this.main.getByRole('article', { name: `Amphora ${letter}` })

  /** Starts the failover monitor with an HTTP probe through the jump host. */
  async startMonitor(interval: string): Promise<void> {
    await this.tab('Failover monitor').click()
    await this.page.getByRole('combobox', { name: 'Every' }).selectOption({ label: interval })
    // By its value: the words name the jump host as soon as it is known.
    await this.page.getByRole('combobox', { name: 'From' }).selectOption('jump')
    await this.page.getByRole('button', { name: 'Start the monitor' }).click()
    await expect(this.monitor).toContainText('Monitor running')
  }

  get monitor(): Locator {
    return this.main.getByRole('region', { name: 'State of the monitor' })
  }

  /** How many good answers came with each body. */
  async answers(): Promise<Record<string, number>> {
    // In one look: the counts run on while we read.
    const rows = await this.main
      .getByRole('region', { name: 'Who answers' })
      .evaluate((region) =>
        Array.from(region.querySelectorAll('tr'), (row) =>
          Array.from(row.querySelectorAll('th, td'), (cell) => cell.textContent.trim()),
        ),
      )
    return Object.fromEntries(
      rows.map(([body = '', , count = '']) => [body, Number(count.replaceAll(/\D/g, ''))]),
    )
  }

  /** Stops, starts or restarts a unit on an amphora, with everything the console asks for. */
  async act(
    verb: 'Stop' | 'Start' | 'Restart',
    unit: 'keepalived' | 'haproxy',
    letter: 'A' | 'B',
    confirmation?: string,
  ): Promise<void> {
    await this.amphora(letter)
      .getByRole('button', { name: new RegExp(`^${verb} ${unit} on amphora ${letter}`) })
      .click()
    await expect(this.dialog).toContainText(`systemctl ${verb.toLowerCase()} `)
    const go = this.dialog.getByRole('button', { name: `${verb} ${unit}`, exact: true })
    if (confirmation !== undefined) {
      await expect(go).toBeDisabled()
      await this.dialog.getByRole('textbox', { name: 'Confirmation' }).fill(confirmation)
    }
    await go.click()
  }

  /** Deletes a load balancer with everything below it, and waits until it is gone. */
  async deleteLoadBalancer(name: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'Load balancers' })
      .click()
    await this.main.getByRole('link', { name, exact: true }).click()
    await this.main.getByRole('button', { name: 'Delete …' }).click()
    await this.dialog.getByRole('textbox').fill(name)
    await this.dialog.getByRole('button', { name: /^Delete/ }).click()
    const job = this.page.getByRole('region', { name: `Delete ${name}` })
    await expect(job.getByRole('status').first()).toHaveText('done', { timeout: BUILDING_MS })
  }

  tab = (name: string) => this.main.getByRole('link', { name, exact: true })

  /** What the dialog says beside a term. */
  definition = (term: string) =>
    this.dialog
      .getByRole('term')
      .filter({ hasText: new RegExp(`^${term}$`) })
      .locator('xpath=following-sibling::dd[1]')

  private field = (name: string) => this.main.getByRole('textbox', { name, exact: true })

  private next = () => this.main.getByRole('button', { name: 'Next' }).click()
}
