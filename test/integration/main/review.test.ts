import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { review } from '../../../main/review'
import type { Review } from '../../../main/services/review/report'

const SCENARIOS = 'test/fixtures/scenarios'
const STOPPED = `${SCENARIOS}/s01_stop_keepalived_master`
const FIRST = '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
const SECOND = 'b64b8e2a-7c1d-4f27-9d3a-6e5f40312a72'
const LOAD_BALANCER = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'

/** Runs the command as a shell would. */
async function run(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const status = await review(
    argv,
    (text) => (out += text),
    (text) => (err += text),
  )
  return { status, out, err }
}
const json = async (...argv: string[]): Promise<Review> =>
  JSON.parse((await run('--json', ...argv)).out) as Review

/** A folder with the configurations of both amphorae of a pair. */
function live(): string {
  const folder = mkdtempSync(join(tmpdir(), 'review-'))
  for (const side of ['amp1', 'amp2']) {
    mkdirSync(join(folder, side))
    for (const name of ['octavia-keepalived.conf', 'haproxy.cfg', 'amphora-agent.conf'])
      cpSync(`test/fixtures/configurations/live/${side}.${name}`, join(folder, side, name))
  }
  return folder
}

describe('octavia-console review', () => {
  it('tells what happened as JSON of the form that is documented', async () => {
    const found = await json(STOPPED)
    expect(Object.keys(found)).toEqual([
      'schema',
      'hosts',
      'loadBalancers',
      'findings',
      'unknown',
      'episodes',
      'ignored',
    ])
    expect(found.schema).toBe(1)
    expect(found.hosts.map(({ amphoraId, address }) => [amphoraId, address])).toEqual([
      [FIRST, '10.77.1.11'],
      [SECOND, '10.77.1.12'],
    ])
    expect(found.loadBalancers).toEqual([
      { id: LOAD_BALANCER, vips: ['10.77.1.100'], hosts: [FIRST, SECOND] },
    ])
    const [finding] = found.findings
    expect(finding).toMatchObject({
      rule: 'keepalived.stopped',
      severity: 'high',
      subject: { kind: 'amphora', id: FIRST },
      since: '2026-11-22T08:39:11.300Z',
      until: '2026-11-22T08:39:17.474Z',
    })
    expect(finding!.cause).toContain('octavia-keepalived.service is inactive')
    expect(finding!.evidence[0]).toMatchObject({
      file: `${STOPPED}/amp1.journal.jsonl.gz`,
      text: expect.stringContaining('Stopped Keepalived v2.2.7') as string,
    })
    expect(found.episodes.map(({ from, to }) => [from, to])).toEqual([
      [FIRST, SECOND],
      [SECOND, FIRST],
    ])
    expect(Object.keys(found.episodes[0]!)).toEqual([
      'trigger',
      'from',
      'to',
      'startedAt',
      'endedAt',
      'outageMs',
      'errorMs',
      'phases',
    ])
    expect(found.ignored).toEqual([
      { file: `${STOPPED}/events.txt`, reason: 'no format that this command knows' },
    ])
  })

  it('says what could not be judged, each rule once for each subject', async () => {
    const { unknown } = await json(STOPPED)
    const keys = unknown.map(({ rule, missing }) => `${rule} ${missing[0]?.subject ?? ''}`)
    expect(keys).toContain(`review.clocks ${LOAD_BALANCER}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(unknown.every(({ missing }) => missing.length > 0)).toBe(true)
    expect(unknown.some(({ rule }) => rule === 'neutron.security-group')).toBe(true)
  })

  it('tells the same to people, with the lines that prove it', async () => {
    const { out, status } = await run(STOPPED)
    expect(status).toBe(0)
    expect(out).toContain(`HIGH  keepalived.stopped  amphora ${FIRST}`)
    expect(out).toContain('amp1.journal.jsonl.gz:4: ')
    expect(out).toMatch(/outage 659\.369 ms ± 9\.999 ms/)
    expect(out).toContain('Not judged')
  })

  it.each([
    ['critical', 0],
    ['high', 1],
    ['info', 1],
  ])(
    'with --fail-on %s ends with status %i after a finding that is high',
    async (severity, status) => {
      expect((await run(STOPPED, '--fail-on', severity)).status).toBe(status)
    },
  )

  it.each([
    [[]],
    [[STOPPED, '--fail-on', 'worst']],
    [[STOPPED, '--strange']],
    [[STOPPED, '--json', '--md']],
    [[STOPPED, '--md', '--language', 'fr']],
    [['test/fixtures/not-there']],
  ])('ends with status 2 where %j cannot be done, and says why', async (argv) => {
    const { status, out, err } = await run(...argv)
    expect([status, out]).toEqual([2, ''])
    expect(err.trim()).not.toBe('')
  })

  it('reviews many incidents of one pair at once', async () => {
    const { loadBalancers, findings } = await json(
      STOPPED,
      `${SCENARIOS}/s11_auth_mismatch`,
      `${SCENARIOS}/s05_eth1_admin_down_master`,
    )
    expect(loadBalancers).toHaveLength(1)
    expect(findings.map(({ rule }) => rule)).toEqual([
      'vrrp.auth-mismatch',
      'keepalived.stopped',
      'vrrp.fault-interface',
    ])
  })

  it('shows no password of a configuration, whatever it quotes', async () => {
    const found = await json(live())
    expect(found.hosts.map(({ id }) => id)).toEqual([FIRST, SECOND])
    expect(found.findings.map(({ rule }) => rule)).toContain('vrrp.nopreempt-cleared')
    expect(found.findings.every(({ until }) => until === null)).toBe(true)
    expect(JSON.stringify(found)).not.toMatch(/3c9be7f/)
  })

  it.each([
    ['fall 2', 'fall 3', 'octavia-keepalived.conf', 'vrrp.config-drift'],
    ['auth_pass ', 'auth_pass x', 'octavia-keepalived.conf', 'vrrp.config-drift'],
    ['fall 3', 'fall 4', 'haproxy.cfg', 'haproxy.drift'],
  ])('compares the configurations of a pair: %j beside %j', async (one, other, file, rule) => {
    const folder = live()
    const path = join(folder, 'amp2', file)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(one)
    expect((await json(folder)).findings.map((finding) => finding.rule)).not.toContain(rule)
    writeFileSync(path, text.replaceAll(one, other))
    expect((await json(folder)).findings.map((finding) => finding.rule)).toContain(rule)
  })

  it('writes a report in Markdown with all that was found', async () => {
    const { out, status } = await run(STOPPED, live(), '--md')
    expect(status).toBe(0)
    expect(out).toContain('#### HIGH: keepalived does not run on')
    expect(out).toContain('| VIP gained | 2026-11-22 08:39:10.933 UTC | 653.7 ms | 1 ms |')
    expect(out).toContain('`sudo systemctl start octavia-keepalived.service`')
    expect(out).toContain('keepalived: No unexpected difference')
    expect(out).not.toMatch(/3c9be7f/)
  })

  it.each([
    ['en', 'keepalived does not run on'],
    ['vi', 'keepalived không chạy trên'],
  ])('writes a report as one HTML file that loads nothing, in %s', async (language, title) => {
    const file = join(mkdtempSync(join(tmpdir(), 'review-')), 'report.html')
    const { out, status } = await run(STOPPED, '--html', file, '--language', language)
    expect([status, out]).toEqual([0, ''])
    const html = readFileSync(file, 'utf8')
    expect(html).toContain(title)
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).toContain('<svg')
    expect(html).not.toMatch(/<script|<link|src=|href=|url\(/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('says when a log leaves out its years', async () => {
    const { unknown, findings } = await json(`${STOPPED}/amp1.syslog`)
    expect(unknown).toContainEqual({
      rule: 'review.year',
      missing: [{ subject: `${STOPPED}/amp1.syslog`, what: 'year', reason: 'notMeasured' }],
    })
    expect(findings.map(({ rule }) => rule)).toEqual(['keepalived.stopped'])
  })

  it('ignores what it does not know, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'review-'))
    writeFileSync(join(folder, 'noise'), Buffer.from([1, 0, 2, 0, 3]))
    writeFileSync(join(folder, 'empty'), '')
    const found = await json(folder)
    expect(found.ignored.map(({ reason }) => reason.split(',')[0])).toEqual([
      'the file is empty',
      'binary',
    ])
    expect([found.hosts, found.findings]).toEqual([[], []])
  })
})
