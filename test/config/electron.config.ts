import { defineConfig } from '@playwright/test'

/** The real Electron. Its binary must be there: without it every test fails, none is skipped. */
export default defineConfig({
  testDir: '../electron',
  globalSetup: './temporaryFolder.ts',
  outputDir: '../../test-results/electron',
  workers: 1,
  reporter: 'list',
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
})
