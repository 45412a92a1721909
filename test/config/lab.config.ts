import { defineConfig } from '@playwright/test'
import demo from './playwright.config'

/** The operator's story on the real Octavia of the lab. */
export default defineConfig(demo, {
  testDir: '../reality',
  outputDir: '../../test-results/reality',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  workers: 1,
  timeout: 600_000,
})
