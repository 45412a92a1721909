import { availableParallelism } from 'node:os'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const project = (name: string) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`] },
})

export default defineConfig({
  plugins: [vue()],
  root: new URL('../..', import.meta.url).pathname,
  test: {
    globalSetup: ['test/config/temporaryFolder.ts'],
    testTimeout: 30_000,
    // Most files wait for timers and sockets of their own: a worker more than processors keeps those busy.
    maxWorkers: availableParallelism() + 1,
    // The lab is one cloud for all files; each demo cloud belongs to one.
    fileParallelism: process.env['LAB'] !== '1',
    projects: [project('unit'), project('integration'), project('contract')],
  },
})
