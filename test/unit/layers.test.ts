import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Who may import whom, and which packages each layer may use. A folder may import itself. This is the map of the project. */
const LAYERS: Record<string, { from: string[]; packages: string[] }> = {
  'preload/contract': { from: [], packages: ['zod'] },
  preload: { from: ['preload/contract'], packages: ['electron'] },

  'main/base': { from: [], packages: [] },
  'main/domain': { from: ['preload/contract', 'main/base'], packages: [] },
  'main/platform': {
    from: ['preload/contract', 'main/base'],
    packages: ['axios', 'fzstd', 'ssh2', 'ssh-config', 'xz-decompress', 'yaml', 'pino', 'node:*'],
  },
  'main/services': {
    from: ['preload/contract', 'main/base', 'main/domain', 'main/platform'],
    packages: ['zod'],
  },
  'main/ipc': { from: ['preload/contract', 'main/services'], packages: ['electron', 'zod'] },
  'main/shell': { from: ['preload/contract'], packages: ['electron', 'node:*'] },
  'main/web': { from: ['preload/contract', 'main/ipc'], packages: ['ws', 'node:*'] },
  'main/demo': { from: ['preload/contract', 'main/base'], packages: ['ssh2', 'node:*'] },
  main: { from: ['*'], packages: ['electron', '@intlify/core-base', 'node:*'] },

  'renderer/api': { from: ['preload/contract'], packages: [] },
  'renderer/stores': { from: ['preload/contract', 'renderer/api'], packages: ['vue', 'pinia'] },
  'renderer/composables': { from: ['preload/contract'], packages: ['vue'] },
  'renderer/components': {
    from: ['preload/contract', 'renderer/composables'],
    packages: ['vue', 'vue-i18n', 'naive-ui', '@xterm/*'],
  },
  'renderer/views': {
    from: ['preload/contract', 'renderer/stores', 'renderer/composables', 'renderer/components'],
    packages: ['vue', 'vue-*', 'pinia', 'naive-ui'],
  },
  renderer: { from: ['*'], packages: ['*'] },
}

const sources = import.meta.glob<string>('/{main,preload,renderer}/**/*.{ts,vue}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

test.each(Object.entries(sources))('%s keeps to its layer', (path, source) => {
  const file = path.slice(1)
  const layer = layerOf(file)
  const { from, packages } = LAYERS[layer]!

  const trespasses = importsOf(source).filter((target) => {
    if (!target.startsWith('.')) return !matches(packages, target)
    const other = layerOf(normalize(join(dirname(file), target)))
    return other !== layer && !matches(from, other)
  })
  expect(trespasses).toEqual([])
})

test('the map names only folders that exist', () => {
  const used = new Set(Object.keys(sources).map((path) => layerOf(path.slice(1))))
  expect(Object.keys(LAYERS).filter((layer) => !used.has(layer))).toEqual([])
})

function layerOf(path: string): string {
  const layer = Object.keys(LAYERS).find((name) => `${path}/`.startsWith(`${name}/`))
  if (!layer) throw new Error(`'${path}' belongs to no layer`)
  return layer
}

function importsOf(source: string): string[] {
  return Array.from(
    source.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g),
    ([, target]) => target!,
  )
}

function matches(patterns: string[], name: string): boolean {
  return patterns.some((p) => (p.endsWith('*') ? name.startsWith(p.slice(0, -1)) : name === p))
}
