import { describe, expect, it, vi } from 'vitest'
import { createI18n } from 'vue-i18n'
import {
  AMPHORA_ACTIONS,
  ActionPreview,
  AuditEntry,
  CHECKS,
} from '../../../preload/contract/action'
import { DEMO_FAULTS, Settings, AppInfo } from '../../../preload/contract/app'
import {
  AuthType,
  CloudSummary,
  TEST_FINDINGS,
  TEST_NOTES,
  TEST_STEPS,
} from '../../../preload/contract/cloud'
import { REASONS } from '../../../preload/contract/error'
import { IGNORED } from '../../../preload/contract/ignored'
import { CONFIG_KINDS } from '../../../preload/contract/inspect'
import { Job, JobStep, RESOURCE_KINDS } from '../../../preload/contract/job'
import { OPERATING_STATUSES, PROVISIONING_STATUSES } from '../../../preload/contract/loadBalancer'
import { MARKS } from '../../../renderer/components/status/marks'

type Words = ReadonlyMap<string, string>

/** Every key of a language with its message; the file's name is the first part. */
function wordsOf(files: Record<string, unknown>): Words {
  const words = new Map<string, string>()
  const add = (key: string, value: unknown) => {
    if (typeof value === 'string') words.set(key, value)
    else for (const [name, part] of Object.entries(value as object)) add(`${key}.${name}`, part)
  }
  for (const [path, value] of Object.entries(files))
    add(path.slice(path.lastIndexOf('/') + 1, -'.json'.length), value)
  return words
}

const english = wordsOf(
  import.meta.glob('/renderer/locales/en/*.json', { eager: true, import: 'default' }),
)
const vietnamese = wordsOf(
  import.meta.glob('/renderer/locales/vi/*.json', { eager: true, import: 'default' }),
)
const sources = import.meta.glob<string>('/renderer/**/*.{ts,vue}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Words that the Electron host says itself, because there is no page then. */
const hostSource = import.meta.glob<string>('/main/index.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const hostAreas = Object.values(hostSource).flatMap((source) =>
  [...source.matchAll(/locales\/en\/(\w+)\.json/g)].map(([, area]) => area!),
)

/** Words of reports, which are written without a page. */
const reportSource = Object.values(
  import.meta.glob<string>('/main/services/review/*.ts', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).join('\n')
const isOfReports = (key: string): boolean =>
  reportSource.includes(`'${key}'`) ||
  (key.startsWith('report.') && reportSource.includes(`'${key.slice('report.'.length)}'`))

const placeholders = (message: string): string[] =>
  [...new Set([...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].sort()

/** Keys that a source asks for: whole ones, and the patterns of those it puts together. */
const asked = { whole: new Map<string, string>(), patterns: [] as { path: string; text: string }[] }
const areas = new Set([...english.keys()].map((key) => key.split('.')[0]!))
for (const [path, source] of Object.entries(sources)) {
  for (const [, key] of source.matchAll(/\bt\(\s*'([^']+)'/g)) asked.whole.set(key!, path)
  for (const [, text] of source.matchAll(/`((?:[\w-]+\.)*[\w-]*\$\{[^`]*)`/g))
    if (areas.has(text!.split('.')[0]!)) asked.patterns.push({ path, text: text! })
  for (const [, area, rest] of source.matchAll(/'(\w+)\.([\w.-]+)'/g))
    if (areas.has(area!) && english.has(`${area!}.${rest!}`))
      asked.whole.set(`${area!}.${rest!}`, path)
}
const matcher = (text: string): RegExp => {
  const parts = text.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/)
  const literal = parts.map((part) => part.replaceAll(/[.*+?^()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.+?')}(?:\\..+)?$`)
}
const patterns = asked.patterns.map(({ text }) => matcher(text))

describe('the words of the page', () => {
  it('have the same keys in both languages', () => {
    expect([...vietnamese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have the same placeholders in both languages', () => {
    const differing = [...english].filter(
      ([key, message]) =>
        placeholders(message).join() !== placeholders(vietnamese.get(key) ?? message).join(),
    )
    expect(differing).toEqual([])
  })

  it.each([
    ['English', english],
    ['Vietnamese', vietnamese],
  ])('can all be read in %s', (_name, words) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { global } = createI18n({
      legacy: false,
      locale: 'here',
      flatJson: true,
      messages: { here: Object.fromEntries(words) },
    })
    for (const [key, message] of words)
      global.t(key, Object.fromEntries(placeholders(message).map((name) => [name, 'x'])))
    expect([...warn.mock.calls, ...error.mock.calls]).toEqual([])
    vi.restoreAllMocks()
  })

  it('are there for every key that a source asks for', () => {
    expect([...asked.whole].filter(([key]) => !english.has(key))).toEqual([])
  })

  it('are each asked for somewhere', () => {
    const unused = [...english.keys()].filter(
      (key) =>
        !asked.whole.has(key) &&
        !hostAreas.includes(key.split('.')[0]!) &&
        !isOfReports(key) &&
        !patterns.some((pattern) => pattern.test(key)),
    )
    expect(unused).toEqual([])
  })

  it('are really translated where a sentence is translated', () => {
    const same = [...english].filter(
      ([key, message]) =>
        message.split(' ').filter((word) => !word.includes('{')).length > 3 &&
        vietnamese.get(key) === message,
    )
    expect(same).toEqual([])
  })
})

describe('the words of the contract', () => {
  const needed = [
    ...Object.keys(REASONS).flatMap((reason) => [
      `reason.${reason}.title`,
      `reason.${reason}.advice`,
    ]),
    ...[...new Set(Object.values(REASONS))].map((code) => `code.${code}.title`),
    ...Object.entries(MARKS).flatMap(([kind, marks]) =>
      Object.keys(marks).map((status) => `status.${kind}.${status}`),
    ),
    ...PROVISIONING_STATUSES.map((status) => `status.provisioning.${status}`),
    ...OPERATING_STATUSES.map((status) => `status.operating.${status}`),
    ...Job.shape.state.options.map((state) => `status.job.${state}`),
    ...Job.shape.kind.options.map((kind) => `job.kind.${kind}`),
    ...JobStep.shape.state.options.map((state) => `status.step.${state}`),
    ...RESOURCE_KINDS.map((kind) => `resource.${kind}`),
    ...DEMO_FAULTS.flatMap((fault) => [`demo.fault.${fault}.name`, `demo.fault.${fault}.text`]),
    ...TEST_STEPS.map((step) => `cloud.test.step.${step}`),
    ...TEST_FINDINGS.map((name) => `cloud.test.found.${name}`),
    ...TEST_NOTES.map((note) => `cloud.test.note.${note}`),
    ...CONFIG_KINDS.map((kind) => `review.kind.config.${kind}`),
    ...Object.keys(IGNORED).map((key) => `review.ignored.${key}`),
    ...AuthType.options.map((type) => `cloud.authType.${type}`),
    ...CloudSummary.shape.source.options.map((source) => `cloud.source.${source}`),
    ...Settings.shape.theme.options.map((theme) => `settings.theme.${theme}`),
    ...AppInfo.shape.host.options.map((host) => `settings.hostKind.${host}`),
    ...AppInfo.shape.secrets.options.map((kind) => `settings.secretsKind.${kind}`),
    ...AuditEntry.shape.result.options.map((result) => `status.outcome.${result}`),
    ...ActionPreview.shape.effects.element.shape.effect.options.map(
      (effect) => `action.effect.${effect}`,
    ),
  ]

  it.each(needed)('know %s', (key) => {
    expect(english.has(key)).toBe(true)
  })

  it.each([
    ...CHECKS.map((id) => `check.${id}`),
    ...AMPHORA_ACTIONS.map((id) => `audit.action.${id}`),
  ])('know something of %s', (prefix) => {
    const known = [...english.keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`))
    expect(known).toBe(true)
  })
})
