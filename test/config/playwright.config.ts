import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '../e2e',
  outputDir: '../../test-results',
  fullyParallel: true,
  workers: 2,
  reporter: 'list',
  forbidOnly: true,
  timeout: 120_000,
  // Generous on purpose: stories assert what happens, never how fast.
  expect: { timeout: 15_000 },
  use: {
    trace: 'retain-on-failure',
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
