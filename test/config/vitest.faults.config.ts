import { defineConfig } from 'vitest/config'

/** Every fault of the running lab, one after the other: a quarter of an hour, and nothing else may break the lab meanwhile. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    globalSetup: ['test/config/temporaryFolder.ts'],
    include: ['test/reality/findings.test.ts'],
    testTimeout: 3_000_000,
    hookTimeout: 600_000,
  },
})
