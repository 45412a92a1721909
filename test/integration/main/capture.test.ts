import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
    },
    LIMIT_MS,
  )
})
