import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '../e2e',
  globalSetup: './temporaryFolder.ts',
  outputDir: '../../test-results',
  fullyParallel: true,
  workers: 2,
  reporter: 'list',
  forbidOnly: true,
  timeout: 120_000,
  // Generous on purpose: stories assert what happens, never how fast.
  expect: { timeout: 15_000 },
  use: {
    // A trace of every story would take as long again as the story; TRACE=1 keeps those of the ones that fail.
    trace: process.env['TRACE'] === '1' ? 'retain-on-failure' : 'off',
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
