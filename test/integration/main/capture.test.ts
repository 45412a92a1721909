import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capture } from '../../../main/capture'
import { createConsole, type Console } from '../../../main/console'
import { MemorySecrets } from '../../../main/platform/memorySecrets'
import { openEvidence } from '../../../main/platform/evidenceFiles'
import { examine, type Examination } from '../../../main/services/review/examine'
import type { DemoFault } from '../../../preload/contract/app'
import type { CaptureItem, CaptureOrder } from '../../../preload/contract/capture'
import type { Diagnosis } from '../../../preload/contract/finding'

const CLOUD = 'demo'
const LIMIT_MS = 60_000
const SETTLED_MS = 8000
const never = new AbortController().signal

let console: Console
const ids: Record<string, string> = {}

beforeAll(async () => {
  console = await createConsole({
    ...{ kind: 'browser', version: '0.0.0', demo: true, environment: {} },
    dataFolder: mkdtempSync(join(tmpdir(), 'capture-')),
    secrets: new MemorySecrets(),
    reviewThread: new URL('file:///dev/null'),
    probeThread: pathToFileURL('/nonexistent'),
  })
  void acceptHostKeys()
  await console.handlers['cloud.open']({ cloud: CLOUD }, never)
  const { loadBalancers } = await console.handlers['loadBalancer.list']({ cloud: CLOUD }, never)
  for (const { id, name } of loadBalancers) ids[name] = id
}, LIMIT_MS)
afterAll(() => console.close())

async function acceptHostKeys(): Promise<void> {
  for await (const prompts of console.handlers['prompt.follow']({}, never))
    for (const { id } of prompts)
      await console.handlers['prompt.answer']({ id, answer: { kind: 'accept' } }, never)
}

const orderOf = (loadBalancerId: string, order: Partial<CaptureOrder> = {}): CaptureOrder => ({
  ...{ cloud: CLOUD, loadBalancerId, hours: 24, mask: false, ssh: true },
  ...order,
})

type Result = Extract<CaptureItem, { kind: 'result' }>

async function take(order: CaptureOrder): Promise<Result> {
  for await (const item of console.handlers['capture.start'](order, never))
    if (item.kind === 'result') return item
  throw new Error('No result.')
}

/** What a live diagnosis says once it names a rule, and has had time for what follows from it. */
async function liveWith(loadBalancerId: string, rule: string): Promise<Diagnosis> {
  const subject = { cloud: CLOUD, loadBalancerId }
  let named = Infinity
  for await (const diagnosis of console.handlers['diagnosis.follow'](subject, never)) {
    if (!diagnosis.findings.some((finding) => finding.rule === rule)) continue
    named = Math.min(named, Date.now())
    if (Date.now() - named > SETTLED_MS) return diagnosis
  }
  throw new Error('The diagnosis ended.')
}

const open = (path: string): Promise<Examination> => examine(openEvidence([path]), Date.now())
const atTheEnd = ({ scenes }: Examination): string[] =>
  scenes.flatMap(({ findings }) =>
    findings.filter(({ until }) => until === undefined).map(({ finding }) => finding.rule),
  )

describe('a bundle', () => {
  it.each<[string, DemoFault, string]>([
    ['lb1', 'keepalived-stop', 'keepalived.stopped'],
    ['lb2', 'vrrp-block', 'vrrp.adverts-blocked'],
  ])(
    'of %s with %s shows what live showed',
    async (name, fault, rule) => {
      const loadBalancerId = ids[name]!
      await console.handlers['demo.fault']({ loadBalancerId, fault, on: true }, never)
      const live = await liveWith(loadBalancerId, rule)
      const result = await take(orderOf(loadBalancerId))
      expect(result.unread).toEqual([])
      expect(result.file.partial).toBe(false)

      const review = await open(result.file.path)
      expect(review.scenes.map(({ scene }) => scene.loadBalancerId)).toEqual([loadBalancerId])
      const { snapshot } = review.scenes[0]!
      expect(atTheEnd(review).sort()).toEqual(live.findings.map((finding) => finding.rule).sort())
      expect(snapshot!.facts.sides.map(({ inspection }) => inspection !== undefined)).toEqual([
        true,
        true,
      ])
      expect(review.ignored).toEqual([])

      const masked = await take(orderOf(loadBalancerId, { mask: true }))
      expect(atTheEnd(await open(masked.file.path))).toEqual(atTheEnd(review))
      const telling = [loadBalancerId, loadBalancerId.replaceAll('-', ''), name, '192.168.30.10']
      for await (const file of openEvidence([masked.file.path]))
        if ('octets' in file)
          for (const word of telling)
            expect(
              `${file.path.slice(masked.file.path.length)} ${new TextDecoder().decode(file.octets)}`,
            ).not.toMatch(new RegExp(`(?<![\\w-])${word}`))
    },
    LIMIT_MS,
  )

  it(
    'that is ended before is kept, and says so',
    async () => {
      const loadBalancerId = ids['lb1']!
      let result: Result | undefined
      for await (const item of console.handlers['capture.start'](orderOf(loadBalancerId), never)) {
        if (item.kind === 'result') result = item
        else if (item.records > 20) await console.handlers['capture.stop']({ id: item.id }, never)
      }
      expect(result!.file).toMatchObject({
        path: expect.stringMatching(/-partial\.tar\.gz$/) as string,
        partial: true,
      })
      const { scenes } = await open(result!.file.path)
      expect(scenes[0]!.snapshot!.manifest.partial).toBe(true)
      const list = await console.handlers['capture.list']({ cloud: CLOUD, loadBalancerId }, never)
      expect(list[0]).toEqual({ ...result!.file, at: expect.any(Number) as number })
    },
    LIMIT_MS,
  )

  it(
    'without SSH says of the amphorae that it does not know',
    async () => {
      const result = await take(orderOf(ids['lb1']!, { ssh: false }))
      const { scenes } = await open(result.file.path)
      const { facts } = scenes[0]!.snapshot!
      expect('value' in facts.detail && facts.detail.value.loadBalancer.name).toBe('lb1')
      expect(facts.sides).toEqual([])
    },
    LIMIT_MS,
  )
})

describe('octavia-console capture', () => {
  it(
    'takes a load balancer by its name, and puts the bundle where it is told',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'out-'))
      const run = async (...argv: string[]) => {
        let printed = ''
        let complained = ''
        const status = await capture(argv, {
          open: () => Promise.resolve({ ...console, close: () => Promise.resolve() }),
          folder,
          print: (text) => (printed += text),
          complain: (text) => (complained += text),
          interrupted: never,
        })
        return { status, printed, complained }
      }
      const path = join(folder, 'b.tar.gz')
      const first = await run(CLOUD, 'lb1', '--no-ssh', '--out', path)
      expect(first.complained).toMatch(/^(?:\w+: \d+ records, .*\n)+$/)
      expect(first).toMatchObject({ status: 0, printed: `${path}\n` })
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(await run(CLOUD, 'lb1', '--no-ssh', '--out', path)).toMatchObject({ status: 2 })
      expect(await run(CLOUD, 'none')).toMatchObject({
        status: 2,
        complained: expect.stringContaining('No load balancer of demo') as string,
      })
      expect(await run(CLOUD, 'lb1', '--hours', '0')).toMatchObject({ status: 2 })
    },
    LIMIT_MS,
  )
})
