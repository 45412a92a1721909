import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Node finds no names in these CommonJS files.
      externalizeDeps: { exclude: ['xz-decompress'] },
      rolldownOptions: {
        input: {
          index: 'main/index.ts',
          start: 'main/start.ts',
          probeThread: 'main/probeThread.ts',
          reviewThread: 'main/reviewThread.ts',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      // A sandboxed preload may only be one CommonJS file.
      rolldownOptions: {
        input: 'preload/index.ts',
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [vue()],
    build: {
      minify: true,
      outDir: 'out/renderer',
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
})
