import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createConsole, type Console } from '../../main/console'
import { openEvidence } from '../../main/platform/evidenceFiles'
import { MemorySecrets } from '../../main/platform/memorySecrets'
import { examine } from '../../main/services/review/examine'
import type { CaptureItem } from '../../preload/contract/capture'
import type { Diagnosis } from '../../preload/contract/finding'
import { labFacts, onAmphora } from '../support/lab'

const run = promisify(execFile)
const lab = (...words: string[]) => run('test/lab/lab', words)

const CLOUD = 'lab-admin'
/** Equal and different passwords must still be told apart when they are taken out. */
const RULE = 'vrrp.auth-mismatch'
/** Milliseconds for what follows from a fault to be told, too. */
const SETTLED_MS = 15_000
const LIMIT_MS = 240_000
const never = new AbortController().signal

let folder = ''
let consoleUnderTest: Console

beforeAll(async () => {
  const facts = labFacts()
  folder = mkdtempSync(join(tmpdir(), 'console-capture-'))
  consoleUnderTest = await createConsole({
    ...{ kind: 'browser', version: '0', demo: false, dataFolder: folder },
    secrets: new MemorySecrets(),
    environment: { ...process.env, OS_CLIENT_CONFIG_FILE: facts.clouds_yaml, HOME: folder },
    // No probe is asked for here, and no review on screen.
    probeThread: new URL('file:///dev/null'),
    reviewThread: new URL('file:///dev/null'),
  })
  const { handlers } = consoleUnderTest
  await handlers['cloud.open']({ cloud: CLOUD }, never)
  const profile = {
    ...{ user: facts.ssh.user, port: facts.ssh.port, keyFile: facts.ssh.key },
    ...{ useAgent: false, usePassword: false, useConfigFile: false, jumps: [] },
    acceptNewAmphorae: true,
  }
  await handlers['ssh.saveProfile']({ cloud: CLOUD, profile }, never)
}, LIMIT_MS)

afterAll(async () => {
  await lab('fault', 'clear')
  await consoleUnderTest.close()
  rmSync(folder, { recursive: true })
}, LIMIT_MS)

const rulesOf = (findings: readonly { rule: string }[]): string[] =>
  [...new Set(findings.map(({ rule }) => rule))].toSorted()

async function settledWith(loadBalancerId: string, rule: string): Promise<Diagnosis> {
  const subject = { cloud: CLOUD, loadBalancerId }
  let named = Infinity
  for await (const diagnosis of consoleUnderTest.handlers['diagnosis.follow'](subject, never)) {
    if (diagnosis.findings.some((finding) => finding.rule === rule))
      named = Math.min(named, Date.now())
    if (Date.now() - named > SETTLED_MS) return diagnosis
  }
  throw new Error('The diagnosis ended.')
}

async function capture(loadBalancerId: string) {
  const order = { cloud: CLOUD, loadBalancerId, hours: 1, mask: false, ssh: true }
  let last: CaptureItem | undefined
  for await (const item of consoleUnderTest.handlers['capture.start'](order, never)) last = item
  if (last?.kind !== 'result') throw new Error('The capture has no result.')
  return last
}

it(
  'a bundle of a real pair shows what live showed, and holds none of its passwords',
  async () => {
    const facts = labFacts()
    const [sick] = facts.load_balancers
    if (!sick) throw new Error('The lab has no load balancer.')
    const secrets = new Set<string>()
    for (const { lb_network_ip: address } of sick.amphorae) {
      const config = await onAmphora(
        facts,
        address,
        'sudo cat /var/lib/octavia/vrrp/octavia-keepalived.conf /etc/octavia/amphora-agent.conf',
      )
      for (const [, secret] of config.matchAll(/^\s*(?:auth_pass|heartbeat_key\s*=)\s*(\S+)/gm))
        if (secret) secrets.add(secret)
    }
    expect(secrets.size).toBeGreaterThan(0)
    await lab('fault', 'auth-mismatch', 'on', `${sick.name}/MASTER`)
    const live = await settledWith(sick.id, RULE)
    const result = await capture(sick.id)
    expect(result.unread).toEqual([])
    const { elapsedMs, records, file: bundle } = result
    process.stdout.write(
      `lab: captured ${records} answers in ${elapsedMs} ms, ${bundle.size} octets\n`,
    )

    const { scenes } = await examine(openEvidence([result.file.path]), Date.now())
    const ours = scenes.filter(({ scene }) => scene.loadBalancerId === sick.id)
    expect(ours).toHaveLength(1)
    const atTheEnd = ours[0]!.findings.filter(({ until }) => until === undefined)
    expect(rulesOf(atTheEnd.map(({ finding }) => finding))).toEqual(rulesOf(live.findings))

    for await (const file of openEvidence([result.file.path])) {
      if (!('octets' in file)) continue
      const text = new TextDecoder().decode(file.octets)
      for (const secret of secrets) expect(text.includes(secret), file.path).toBe(false)
    }
  },
  LIMIT_MS,
)
