import { test as base } from '@playwright/test'
import { startConsole, type ConsoleHost } from '../support/consoleHost'
import { Story } from './pages/story'

interface Fixtures {
  /** A console of its own with the demo cloud, as `npm run demo` starts it. */
  demo: ConsoleHost
  /** A console of its own that knows no cloud. */
  host: ConsoleHost
  story: Story
}

export const test = base.extend<Fixtures>({
  demo: async ({}, use) => {
    const host = await startConsole({ demo: true })
    await use(host)
    await host.close()
  },
  host: async ({}, use) => {
    const host = await startConsole({ demo: false })
    await use(host)
    await host.close()
  },
  story: async ({ page }, use) => use(new Story(page)),
})

export { expect } from '@playwright/test'
