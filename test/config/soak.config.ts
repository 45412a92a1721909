import { defineConfig } from '@playwright/test'
import demo from './playwright.config'

/** The failover monitor for as long as `MINUTES` says, in the lab that runs already. */
export default defineConfig(demo, {
  testDir: '../soak',
  outputDir: '../../test-results/soak',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  workers: 1,
  timeout: 0,
})
