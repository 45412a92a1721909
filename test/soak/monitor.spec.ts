import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { Story } from '../e2e/pages/story'
import { startConsole } from '../support/consoleHost'
import { labFacts, onAmphora } from '../support/lab'
import { capture, longestGap } from '../support/packetCapture'
import { StrainGauge, type Strain } from '../support/strain'

const MINUTES = Number(process.env['MINUTES'] ?? 60)
/** One look, and one failover, each. */
const ROUND_MINUTES = 5
const INTERVAL_MS = 10
const CLOUD = 'lab-admin'
const REPORT = 'test-results/soak.md'
/** A stopped keepalived is started again before the health manager, which waits for 20 s, builds a new amphora. */
const STOPPED_MS = 4000
/** Until the probe that waited longest has been told, and the episode has ended. */
const SETTLED_MS = 8000
/** The console keeps as much text of evidence, see main/services/evidence.ts. */
const EVIDENCE_MB = 64

interface Round extends Strain {
  minute: number
  sent: number
  failed: number
  unsent: number
  outageMs: number
  wireMs: number
}

test('the monitor runs for as long as it is asked to: no probe lost, bounded memory, smooth', async ({
  page,
}) => {
  const facts = labFacts()
  const watched = facts.load_balancers[0]!
  const host = await startConsole({
    demo: false,
    environment: { OS_CLIENT_CONFIG_FILE: facts.clouds_yaml },
    inspect: true,
  })
  const rounds: Round[] = []
  try {
    const story = new Story(page)
    await story.enter(host.link)
    await story.setUpSsh(CLOUD, { user: facts.ssh.user, key: facts.ssh.key, jump: facts.vantage })
    await story.openCloud(CLOUD)
    await story.main.getByRole('link', { name: watched.name, exact: true }).click()
    await story.tab('Pair').click()
    await story.acceptHostKeys(3)
    await story.owner()
    await story.startMonitor(`${String(INTERVAL_MS)} ms`)
    const gauge = await StrainGauge.on(page, host.inspector!)
    begin()

    // The first probes may take seconds: a connection, a program, its clock. From then on none may be missing.
    await expect.poll(async () => (await countsOf(story)).sent).toBeGreaterThan(1000 / INTERVAL_MS)
    const startedAt = Date.now()
    const before = await countsOf(story)
    for (let round = 1; round * ROUND_MINUTES <= MINUTES; round += 1) {
      const wire = await capture(facts.client_netns, watched.vip, 80)
      const stoppedAt = Date.now()
      const owner = await stopOwner()
      await delay(STOPPED_MS)
      await onAmphora(facts, owner, 'sudo systemctl start octavia-keepalived')
      await delay(SETTLED_MS)
      const wireMs = longestGap(await wire.stop(), stoppedAt)
      const outageMs = await longestOutage(story, stoppedAt)

      await delay(Math.max(0, startedAt + round * ROUND_MINUTES * 60_000 - Date.now()))
      const counts = await countsOf(story)
      // What is on the screen is older than the question by the way of a probe and of its news.
      const due = (Date.now() - startedAt) / INTERVAL_MS
      const told = counts.sent + counts.unsent - before.sent - before.unsent
      expect(Math.abs(told - due), `${told} probes of ${due}`).toBeLessThan(1000 / INTERVAL_MS)
      rounds.push({
        minute: round * ROUND_MINUTES,
        ...counts,
        outageMs,
        wireMs,
        ...(await gauge.look()),
      })
      tell(rounds.at(-1)!)
    }

    async function stopOwner(): Promise<string> {
      for (const { lb_network_ip: address } of watched.amphorae) {
        const addresses = await onAmphora(
          facts,
          address,
          'sudo ip -n amphora-haproxy -o address show dev eth1',
        )
        if (!addresses.includes(` ${watched.vip}/32`)) continue
        await onAmphora(facts, address, 'sudo systemctl stop octavia-keepalived')
        return address
      }
      throw new Error('Nobody holds the VIP.')
    }
  } finally {
    await host.close()
  }

  for (const { outageMs, wireMs } of rounds)
    expect(Math.abs(outageMs - wireMs)).toBeLessThanOrEqual(30)
  // The first rounds fill what has a fixed size; from then on only the evidence may grow, up to its own limit.
  const settled = rounds.slice(Math.floor(rounds.length / 3))
  const [first, last] = [settled[0]!, settled.at(-1)!]
  expect(last.consoleMb - first.consoleMb, 'memory of the console').toBeLessThan(EVIDENCE_MB + 10)
  expect(last.pageMb - first.pageMb, 'memory of the page').toBeLessThan(10)
  expect(last.nodes - first.nodes, 'elements of the page').toBeLessThan(3000)
})

/** Probes that the screen has counted. */
async function countsOf(story: Story): Promise<Pick<Round, 'sent' | 'failed' | 'unsent'>> {
  const text = await story.monitor.innerText()
  const count = (words: RegExp) => Number((words.exec(text)?.[1] ?? '0').replaceAll(/\D/g, ''))
  return {
    sent: count(/([\d.,\s]+) probes/),
    failed: count(/([\d.,\s]+) failed/),
    unsent: count(/([\d.,\s]+) not sent/),
  }
}

/** The longest outage among the newest two episodes on the screen: the VIP left, and it came back. */
async function longestOutage(story: Story, since: number): Promise<number> {
  await story.page.waitForTimeout(Math.max(0, since + SETTLED_MS - Date.now()))
  const articles = story.main.getByRole('region', { name: 'Episodes' }).getByRole('article')
  const texts = (await articles.allInnerTexts()).slice(0, 2)
  const outages = texts.map((text) =>
    Number(/Outage for clients\s*([\d.,]+)/.exec(text)?.[1]?.replaceAll(',', '')),
  )
  return Math.max(...outages.filter(Number.isFinite))
}

function begin(): void {
  mkdirSync('test-results', { recursive: true })
  writeFileSync(
    REPORT,
    [
      '| minute | probes | failed | not sent | outage ms | packets ms | console MB | page MB | nodes | listeners | frames | >50 ms | >100 ms | longest ms |',
      `|${' ---: |'.repeat(14)}`,
      '',
    ].join('\n'),
  )
}

function tell(round: Round): void {
  const numbers = [
    ...[
      round.minute,
      round.sent,
      round.failed,
      round.unsent,
      round.outageMs,
      round.wireMs.toFixed(1),
    ],
    ...[round.consoleMb.toFixed(0), round.pageMb.toFixed(1), round.nodes, round.listeners],
    ...[round.frames, round.over50, round.over100, round.longestMs.toFixed(0)],
  ]
  const line = `| ${numbers.join(' | ')} |\n`
  appendFileSync(REPORT, line)
  process.stdout.write(line)
}
