import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isRecognised, recognise } from '../../../../../main/domain/review/recognise'
import { scenesOf } from '../../../../../main/domain/review/scene'
import { judge } from '../../../../../main/domain/review/judge'
import { episodesOf } from '../../../../../main/domain/review/timeline'
import { damage, dice } from '../../../../support/damage'
import { capture, scenario } from '../captures'

const NOW = Date.UTC(2026, 10, 22, 12)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122)
const s01 = scenario('s01')

/** What a text is taken for; its name says nothing. */
function kindOf(octets: string | Uint8Array): string {
  const file = recognise(
    { path: 'x', octets: typeof octets === 'string' ? Buffer.from(octets) : octets },
    NOW,
  )
  if (!isRecognised(file)) return `ignored: ${file.reason}`
  const { content } = file
  return content.kind === 'config' ? content.config : content.kind
}

const exported = `__CURSOR=s=1;i=2
__REALTIME_TIMESTAMP=1795336750279486
_HOSTNAME=amphora-3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61
SYSLOG_IDENTIFIER=Keepalived_vrrp
MESSAGE=(7a1f3c5294c44d6e9a1b0c5d3e7f8a10) Entering MASTER STATE

`

describe('a file', () => {
  it.each([
    ['journalctl -o json', capture(`${s01}/amp1.journal.jsonl.gz`), 'log'],
    ['journalctl -o export', exported, 'log'],
    ['syslog', capture(`${s01}/amp1.syslog`), 'log'],
    ['syslog with ISO stamps', capture(`${s01}/amp1.syslog.iso`), 'log'],
    ['journalctl -o short-iso', capture(`${scenario('s07')}/amp1.journal-haproxy.txt`), 'log'],
    ['haproxy’s log', capture(`${scenario('s16')}/amp1.haproxy.log`), 'log'],
    [
      'octavia-keepalived.conf',
      capture('configurations/live/amp1.octavia-keepalived.conf'),
      'keepalived',
    ],
    ['an LVS file', capture('configurations/http-udp/lvs-udp.conf'), 'lvs'],
    ['haproxy.cfg', capture('configurations/live/amp1.haproxy.cfg'), 'haproxy'],
    ['amphora-agent.conf', capture('configurations/live/amp1.amphora-agent.conf'), 'agent'],
    ['octavia.conf', '[DEFAULT]\n[api_settings]\nbind_port = 9876\n', 'controller'],
    ['keepalived.data', capture('pair/keepalived.data'), 'dump'],
    ['keepalived.stats', capture('pair/keepalived.stats'), 'dump'],
    ['keepalived.json', capture('pair/keepalived.master.json'), 'dump'],
    ['show info and show stat', capture('amphora/haproxy.txt'), 'haproxy'],
    ['ip -j address', capture('pair/ip-j-addr.master.json'), 'addresses'],
    ['ip -br address', capture(`${s01}/vip-state.txt`), 'sightings'],
    ['a log of probes', capture(`${s01}/probe.csv.gz`), 'probe'],
    ['notes', capture(`${s01}/events.txt`), 'ignored: no format that this command knows'],
    ['nothing', '\n \n', 'ignored: the file is empty'],
  ])('of %s is told by its content', (_what, text, kind) => {
    expect(kindOf(text)).toBe(kind)
  })

  it('with VRRP on the wire is told by its octets', () => {
    expect(kindOf(readFileSync('test/fixtures/amphora/vrrp.pcap'))).toBe('capture')
  })

  it('of the journal’s export says what its JSON says', () => {
    const { hosts } = scenesOf(
      [recognise({ path: 'x', octets: Buffer.from(exported) }, NOW)].filter(isRecognised),
    )
    expect(hosts).toMatchObject([
      {
        amphoraId: '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61',
        loadBalancerId: '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10',
      },
    ])
  })
})

describe('damaged files', () => {
  const whole = [
    ...readdirSync(`test/fixtures/${s01}`)
      .filter((name) => !name.startsWith('probe'))
      .map((name) => capture(`${s01}/${name}`)),
    ...['amp1.octavia-keepalived.conf', 'amp1.haproxy.cfg', 'amp2.amphora-agent.conf'].map((name) =>
      capture(`configurations/live/${name}`),
    ),
    ...['pair/keepalived.stats', 'pair/keepalived.master.json', 'amphora/haproxy.txt'].map(capture),
    ...['pair/ip-j-addr.master.json'].map(capture),
    readFileSync(`test/fixtures/${scenario('s13')}/br-vip.pcap`, 'latin1'),
  ]

  it('are read as far as they go, or ignored with a reason', () => {
    const roll = dice(SEED)
    for (let round = 0; round < 300; round += 1) {
      const octets = Buffer.from(damage(whole[roll(whole.length)]!, roll), 'latin1')
      const file = recognise({ path: 'x', octets }, NOW)
      if (!isRecognised(file)) expect(file.reason).not.toBe('')
    }
  })

  it('are judged all the same', () => {
    const roll = dice(SEED)
    for (let round = 0; round < 15; round += 1) {
      const files = whole.map((text, index) =>
        recognise(
          {
            path: `amp${1 + (index % 2)}.${index}`,
            octets: Buffer.from(damage(text, roll), 'latin1'),
            modifiedAt: NOW,
          },
          NOW,
        ),
      )
      for (const scene of scenesOf(files.filter(isRecognised)).scenes) {
        for (const { since, until = since } of judge(scene).findings)
          expect(until).toBeGreaterThanOrEqual(since)
        for (const { startedAt } of episodesOf(scene)) expect(Number.isFinite(startedAt)).toBe(true)
      }
    }
  })
})
