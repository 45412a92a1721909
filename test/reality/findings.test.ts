import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createConsole, type Console } from '../../main/console'
import { MemorySecrets } from '../../main/platform/memorySecrets'
import type { Diagnosis, Finding } from '../../preload/contract/finding'
import type { Pair } from '../../preload/contract/pair'
import { labFacts } from '../support/lab'

const run = promisify(execFile)
const lab = (...words: string[]) => run('test/lab/lab', words)

const CLOUD = 'lab-admin'
/** Milliseconds until a fault must be named, and until it must be gone after it was taken back. */
const NAMED_MS = 60_000
const GONE_MS = 120_000
const HEALTHY_MS = 600_000
const SETTLED_MS = 5_000

/**
 * Each fault of the lab, what the console must call it, and what else it may rightly say beside it: what really happens
 * as well, such as a unit that is restarted. `heals`: there is nothing to take back.
 */
const FAULTS: readonly {
  fault: string
  target?: string
  rule: string
  beside?: readonly string[]
  heals?: true
  /** Looked for when the operator asks: nobody captures packets all the time. */
  asked?: true
}[] = [
  { fault: 'keepalived-stop', rule: 'keepalived.stopped' },
  { fault: 'keepalived-kill', rule: 'keepalived.stopped' },
  { fault: 'vrrp-block', rule: 'vrrp.adverts-blocked' },
  { fault: 'vrrp-block-oneway', rule: 'vrrp.adverts-one-way' },
  { fault: 'auth-mismatch', rule: 'vrrp.auth-mismatch', beside: ['vrrp.config-drift'] },
  { fault: 'vrid-mismatch', rule: 'vrrp.router-id-mismatch', beside: ['vrrp.config-drift'] },
  { fault: 'priority-change', rule: 'vrrp.priority-changed', beside: ['vrrp.config-drift'] },
  { fault: 'link-down', rule: 'vrrp.fault-interface' },
  { fault: 'haproxy-stop', rule: 'haproxy.stopped' },
  { fault: 'haproxy-hang', rule: 'haproxy.hung' },
  { fault: 'keepalived-kill-all', rule: 'vrrp.keepalived-dead-vip-kept' },
  { fault: 'vrrp-child-kill', rule: 'vrrp.child-died', heals: true },
  // keepalived lets go of everything and elects anew within a second: only its log still tells.
  { fault: 'vip-removed', rule: 'vrrp.stepped-down-unexplained', heals: true },
  { fault: 'agent-stop', rule: 'agent.stopped' },
  { fault: 'heartbeat-block', rule: 'agent.heartbeat-silent', asked: true },
  { fault: 'power-off', rule: 'amphora.unreachable' },
  { fault: 'shutdown', rule: 'amphora.unreachable' },
  { fault: 'member-down', target: 'web1', rule: 'members.some-down' },
  { fault: 'member-cut', target: 'web2', rule: 'members.some-down' },
  { fault: 'member-down', target: 'all', rule: 'members.all-down' },
]

/** A few of them by name, parted by commas; all of them otherwise. */
const CHOSEN = process.env['FAULTS']?.split(',')

/** Findings that a rebuilt or restarted amphora rightly has for a while. */
const AFTERMATH = [
  'amphora.restarted',
  'vrrp.flapping',
  'vrrp.stepped-down-unexplained',
  'vrrp.child-died',
]

let folder = ''
let consoleUnderTest: Console
const abort = new AbortController()
const newest = new Map<string, Diagnosis>()
const owners = new Map<string, Pair['ownership']['kind']>()

beforeAll(async () => {
  const facts = labFacts()
  folder = mkdtempSync(join(tmpdir(), 'console-findings-'))
  consoleUnderTest = await createConsole({
    kind: 'browser',
    version: '0',
    dataFolder: folder,
    secrets: new MemorySecrets(),
    environment: { ...process.env, OS_CLIENT_CONFIG_FILE: facts.clouds_yaml, HOME: folder },
    // No probe is asked for here.
    probeThread: new URL('file:///dev/null'),
    reviewThread: new URL('file:///dev/null'),
    demo: false,
  })
  const { handlers } = consoleUnderTest
  void (async () => {
    for await (const prompts of handlers['prompt.follow']({}, abort.signal))
      for (const { id } of prompts)
        await handlers['prompt.answer']({ id, answer: { kind: 'accept' } }, abort.signal)
  })()
  await handlers['cloud.open']({ cloud: CLOUD }, abort.signal)
  const profile = {
    user: facts.ssh.user,
    port: facts.ssh.port,
    keyFile: facts.ssh.key,
    ...{ useAgent: false, usePassword: false, useConfigFile: false, jumps: [] },
  }
  await handlers['ssh.saveProfile']({ cloud: CLOUD, profile }, abort.signal)
  for (const { id } of facts.load_balancers) {
    void follow(id)
    void followOwner(id)
  }
})

afterAll(async () => {
  abort.abort()
  await consoleUnderTest.close()
  rmSync(folder, { recursive: true })
  await lab('fault', 'clear')
})

async function follow(loadBalancerId: string): Promise<void> {
  const diagnoses = consoleUnderTest.handlers['diagnosis.follow'](
    { cloud: CLOUD, loadBalancerId },
    abort.signal,
  )
  for await (const diagnosis of diagnoses) newest.set(loadBalancerId, diagnosis)
}

async function followOwner(loadBalancerId: string): Promise<void> {
  const items = consoleUnderTest.handlers['pair.follow'](
    { cloud: CLOUD, loadBalancerId, lines: 0 },
    abort.signal,
  )
  for await (const item of items)
    if (item.kind === 'pair') owners.set(loadBalancerId, item.pair.ownership.kind)
}

const bad = (id: string): Finding[] =>
  newest.get(id)?.findings.filter(({ severity }) => severity !== 'info') ?? []

const names = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ rule }) => rule))].toSorted()

/** Whether the rule is told; with `from`, with a line of a log that was written then or later. */
const holds = (id: string, rule: string, from?: number): boolean =>
  newest
    .get(id)
    ?.findings.flatMap((one) => [one, ...(one.symptoms ?? [])])
    .some(
      ({ rule: told, proofs }) =>
        told === rule &&
        (from === undefined ||
          proofs.some(({ text }) => Date.parse(text.split(' ')[0] ?? '') >= from)),
    ) ?? false

async function until(what: () => boolean, milliseconds: number): Promise<number | undefined> {
  const from = Date.now()
  while (!what()) {
    if (Date.now() - from > milliseconds) return undefined
    await delay(250)
  }
  return (Date.now() - from) / 1000
}

const isQuiet = (id: string): boolean =>
  owners.get(id) === 'one' &&
  newest.get(id)?.depth === 'ssh' &&
  bad(id).every(({ rule }) => AFTERMATH.includes(rule))

/** Quiet for a while: keepalived may still move the VIP for a check that failed just before the fault was mended. */
async function isSettled(id: string): Promise<boolean> {
  let noisyAt = Date.now()
  const settled = await until(() => {
    if (!isQuiet(id)) noisyAt = Date.now()
    return Date.now() - noisyAt >= SETTLED_MS
  }, GONE_MS)
  return settled !== undefined
}

it('names each fault of the lab, and nothing else, and lets go of it when it is mended', async () => {
  const [sick, ...healthy] = labFacts().load_balancers.map(({ id }) => id)
  if (!sick) throw new Error('The lab has no load balancer.')
  expect(await until(() => isQuiet(sick), NAMED_MS), 'a quiet beginning').toBeDefined()
  const healthyFrom = Date.now()
  const alarms = new Set<string>()
  const watching = setInterval(() => {
    if (Date.now() - healthyFrom > HEALTHY_MS) return
    for (const id of healthy) for (const rule of names(bad(id))) alarms.add(rule)
  }, 500)

  const table: string[][] = []
  const failures: string[] = []
  const chosen = FAULTS.filter(({ fault }) => CHOSEN?.includes(fault) ?? true)
  for (const { fault, target = 'lb1/MASTER', rule, beside = [], heals, asked } of chosen) {
    // Members are everybody's: the healthy pair has seen its ten minutes first.
    if (fault.startsWith('member')) {
      if (!CHOSEN) await until(() => Date.now() - healthyFrom > HEALTHY_MS, HEALTHY_MS)
      clearInterval(watching)
    }
    const injectedAt = Date.now()
    await lab('fault', fault, 'on', target)
    if (asked)
      await consoleUnderTest.handlers['diagnosis.refresh'](
        { cloud: CLOUD, loadBalancerId: sick },
        abort.signal,
      )
    // What an earlier fault left in the log names nothing.
    const from = heals ? injectedAt : undefined
    const seconds = await until(() => holds(sick, rule, from), NAMED_MS)
    const told = names(bad(sick))
    const others = told.filter(
      (one) => one !== rule && !beside.includes(one) && !AFTERMATH.includes(one),
    )
    if (!heals) await lab('fault', fault, 'off')
    const gone = await until(() => !holds(sick, rule) || AFTERMATH.includes(rule), GONE_MS)
    const settled = await isSettled(sick)
    table.push([
      fault,
      target,
      rule,
      seconds?.toFixed(1) ?? 'never',
      others.join(' ') || '-',
      gone === undefined ? 'never' : 'yes',
    ])
    process.stdout.write(`${table.at(-1)!.join(' | ')}\n`)
    if (seconds === undefined)
      failures.push(`${fault}: ${rule} was not named; told: ${told.join(' ')}`)
    if (others.length) failures.push(`${fault}: also told ${others.join(' ')}`)
    if (gone === undefined) failures.push(`${fault}: ${rule} stayed`)
    if (!settled) failures.push(`${fault}: left ${names(bad(sick)).join(' ')}`)
  }
  if (!CHOSEN) await until(() => Date.now() - healthyFrom > HEALTHY_MS, HEALTHY_MS)
  clearInterval(watching)
  keep(table, [...alarms])
  expect(failures).toEqual([])
  expect([...alarms], 'findings of the healthy pair').toEqual([])
  expect(healthy.length, 'healthy pairs watched').toBeGreaterThan(0)
}, 3_000_000)

function keep(table: readonly string[][], alarms: readonly string[]): void {
  const head = ['fault', 'on', 'rule', 'seconds until shown', 'beside it', 'gone after']
  const rows = [head, head.map(() => '---'), ...table].map((cells) => `| ${cells.join(' | ')} |`)
  mkdirSync('test-results', { recursive: true })
  writeFileSync(
    'test-results/findings.md',
    `${rows.join('\n')}\n\nHealthy pair, ten minutes: ${alarms.join(' ') || 'nothing'}\n`,
  )
}
