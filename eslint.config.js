import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import prettier from 'eslint-config-prettier/flat'
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

/** What every side of the console shares; who may import whom is checked by test/unit/layers.test.ts. */
export default defineConfig(
  {
    ignores: [
      'out/**',
      'node_modules/**',
      'test-results/**',
      'test/e2e/output/**',
      'test/lab/**/*.py',
    ],
  },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  vue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: {
        parser: ts.parser,
        tsconfigRootDir: import.meta.dirname,
        project: ['main', 'preload', 'renderer', 'test'].map((side) => `${side}/tsconfig.json`),
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name: it greps and renames.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-unused-refs': 'error',
    },
  },
  {
    files: ['electron.vite.config.ts', 'test/config/**', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.vue'],
    // vue-tsc knows both better: the names that exist, and which properties may be left out.
    rules: { 'no-undef': 'off', 'vue/require-default-prop': 'off' },
  },
  { files: ['test/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['test/{e2e,electron,reality}/**'],
    // Playwright reads from the pattern which fixtures are wanted: none is an empty one.
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        Buffer: 'readonly',
      },
    },
    rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    // Parts of it run in the page.
    files: ['test/support/standIn/electron.mjs'],
    languageOptions: {
      globals: { window: 'readonly', document: 'readonly', Response: 'readonly' },
    },
  },
  prettier,
)
