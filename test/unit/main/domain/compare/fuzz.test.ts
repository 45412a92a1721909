import { expect, it } from 'vitest'
import type { Difference } from '../../../../../preload/contract/compare'
import { compareAgents } from '../../../../../main/domain/compare/agents'
import { compareVersionsOf } from '../../../../../main/domain/compare/before'
import { compareHaproxyApi } from '../../../../../main/domain/compare/haproxyApi'
import { compareHaproxyPair } from '../../../../../main/domain/compare/haproxyPair'
import { compareKeepalivedApi } from '../../../../../main/domain/compare/keepalivedApi'
import { compareLvsApi } from '../../../../../main/domain/compare/lvsApi'
import { compareLvsPair } from '../../../../../main/domain/compare/lvsPair'
import { compareKeepalivedPair } from '../../../../../main/domain/compare/keepalivedPair'
import { parseHaproxy } from '../../../../../main/domain/config/haproxy'
import { parseIni } from '../../../../../main/domain/config/ini'
import { parseKeepalived } from '../../../../../main/domain/config/keepalived'
import { parseLvs } from '../../../../../main/domain/config/lvs'
import { alignLines } from '../../../../../renderer/components/compare/alignLines'
import words from '../../../../../renderer/locales/en/compare.json'
import { capture } from '../captures'
import { capturedDetail } from './capturedDetail'
import { datagramDetail } from './datagramDetail'
import { ENCRYPTED_LAYER7, encryptedDetail } from './encryptedDetail'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122)
const INPUTS = 3000
const PIECES = [
  '{',
  '}',
  '"',
  "'",
  '\\',
  '#',
  '!',
  '\n',
  '\0',
  ':',
  '  ',
  '__proto__',
  'server',
  '9'.repeat(30),
]

/** Park and Miller's generator: the same numbers everywhere. */
function dice(seed: number): (sides: number) => number {
  let state = (seed % 2147483646) + 1
  return (sides) => {
    state = (state * 48271) % 2147483647
    return state % sides
  }
}

function damaged(text: string, roll: (sides: number) => number): string {
  let result = text
  for (let times = 1 + roll(4); times > 0; times -= 1) {
    const at = roll(result.length + 1)
    const length = roll(60)
    const piece = PIECES[roll(PIECES.length)] ?? ''
    result =
      roll(2) === 0
        ? result.slice(0, at) + piece + result.slice(at + roll(2) * length)
        : result.slice(0, at) + result.slice(at + length, at + 2 * length) + result.slice(at)
  }
  return result
}

const keepalived = capture('configurations/http/octavia-keepalived.amp1.MASTER.conf')
const haproxy = capture('configurations/http/haproxy.amp1.cfg')
const encrypted = capture('configurations/tls-proxy-l7/haproxy.amp1.cfg')
const lvs = capture('configurations/lvs/udp-both-families.conf')
const agent = capture('configurations/live/amp1.amphora-agent.conf')
const detail = capturedDetail()
const otherDetail = encryptedDetail()
const datagrams = datagramDetail()
const whole = {
  keepalived: parseKeepalived(keepalived),
  haproxy: parseHaproxy(haproxy),
  agent: parseIni(agent),
  lvs: parseLvs(lvs),
}
const amphora = { id: 'a', status: 'ALLOCATED', vrrpAddress: '10.77.1.11', vrrpPriority: 100 }

it('damaged files are compared without an exception, and every difference has its words and lines', () => {
  const roll = dice(SEED)
  const wrong: Difference[] = []
  const judge = (differences: readonly Difference[], left: string, right: string) => {
    const [most, mostRight] = [left.split('\n').length, right.split('\n').length]
    for (const difference of differences) {
      const { why, leftLine = 1, rightLine = 1 } = difference
      const fine =
        Object.hasOwn(words.difference, why) && leftLine <= most && rightLine <= mostRight
      if (!fine) wrong.push(difference)
    }
  }
  for (let input = 0; input < INPUTS; input += 1) {
    const [pair = '', proxy = '', ini = '', secure = '', udp = ''] = [
      keepalived,
      haproxy,
      agent,
      encrypted,
      lvs,
    ].map((text) => damaged(text, roll))
    const config = parseKeepalived(pair, (secret) => secret)
    judge(compareKeepalivedPair(whole.keepalived, config).differences, keepalived, pair)
    judge(compareKeepalivedApi(config, detail, amphora, [amphora]).differences, pair, '')
    const parsed = parseHaproxy(proxy)
    judge(compareHaproxyPair(whole.haproxy, parsed).differences, haproxy, proxy)
    judge(compareHaproxyApi(parsed, detail).differences, proxy, '')
    const other = compareHaproxyApi(parseHaproxy(secure), otherDetail, ENCRYPTED_LAYER7)
    judge(other.differences, secure, '')
    const served = parseLvs(udp)
    judge(compareLvsPair(whole.lvs, served).differences, lvs, udp)
    judge(compareLvsApi(served, datagrams).differences, udp, '')
    judge(compareAgents(whole.agent, parseIni(ini)).differences, agent, ini)
    judge(
      compareVersionsOf('lvs', { text: pair, digest: 'a' }, { text: keepalived, digest: 'b' })
        .differences,
      pair,
      keepalived,
    )
  }
  expect(wrong).toEqual([])
}, 120_000)

it('lines side by side are all there, in their order, on both sides', () => {
  const roll = dice(SEED)
  for (let input = 0; input < 300; input += 1) {
    const left = haproxy.split('\n')
    const right = damaged(haproxy, roll).split('\n')
    const rows = alignLines(left, right)
    expect(rows.flatMap((row) => row.left ?? [])).toEqual(left.map((_, index) => index + 1))
    expect(rows.flatMap((row) => row.right ?? [])).toEqual(right.map((_, index) => index + 1))
    for (const row of rows)
      if (row.equal) expect(left[row.left! - 1]?.trim()).toBe(right[row.right! - 1]?.trim())
  }
})
