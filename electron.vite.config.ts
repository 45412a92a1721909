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
        // Beside the entries: parts that are loaded on demand find the project from where they lie.
        output: { chunkFileNames: '[name]-[hash].js' },
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
