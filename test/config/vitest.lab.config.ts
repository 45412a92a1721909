import { defineConfig } from 'vitest/config'

/** Against the running lab: one file after the other, because they share its amphorae. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    globalSetup: ['test/config/temporaryFolder.ts'],
    include: ['test/contract/**/*.test.ts', 'test/reality/**/*.test.ts'],
    exclude: ['test/reality/findings.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
