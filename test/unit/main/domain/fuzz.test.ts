import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { LogLine, PairEvent } from '../../../../preload/contract/pair'
import { parseRemoteClock } from '../../../../main/domain/clock'
import { canonicalAddress, parseAddresses, parseMonitorLine } from '../../../../main/domain/ip'
import { classify } from '../../../../main/domain/keepalived/classify'
import { parseDump } from '../../../../main/domain/keepalived/dump'
import { parseJournalRecord } from '../../../../main/domain/keepalived/journal'
import { readJournalLine } from '../../../../main/domain/keepalived/journalLine'
import { parseLogLine } from '../../../../main/domain/keepalived/logLine'
import { INSTANCE_RULES, PROCESS_RULES } from '../../../../main/domain/keepalived/messages'
import { RuleIndex } from '../../../../main/domain/keepalived/ruleIndex'
import { emptyLog, mergeLines } from '../../../../main/domain/log/merge'
import { redact } from '../../../../main/domain/redact'
import { parseTimestamp, parseUnits } from '../../../../main/domain/systemd'
import { initialEpisodes, step } from '../../../../main/domain/vrrp/episodes'
import { damage, dice } from '../../../support/damage'
import { capture, lines, scenario } from './captures'
import { inputsOf, SIDES } from './vrrp/replay'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122)

const s01 = scenario('s01')
const journal = lines(`${s01}/amp1.journal.jsonl.gz`)
const syslog = [...lines(`${s01}/amp1.syslog`), ...lines(`${s01}/amp1.syslog.iso`)]
const messages = lines('pair/keepalived-2.2.7-messages.txt').map((line) => line.slice(28))
const monitor = lines('pair/ip-ts-o-monitor.txt')
const units = capture('pair/systemctl-show.txt')
  .split('\n\n')
  .map((block) => block.slice(-1500))
const data = capture('pair/keepalived.data')
const dumps = [
  data.slice(data.indexOf(' VRRP Instance')).slice(0, 2500),
  capture('pair/keepalived.stats'),
  capture('pair/keepalived.master.json'),
]
const addresses = [capture('pair/ip-j-addr.master.json')]
const clock = { now: Date.UTC(2026, 10, 22, 12) }

const INDEXED = [INSTANCE_RULES, PROCESS_RULES].map(
  (rules) => [rules, new RuleIndex(rules)] as const,
)

/** What is parsed, how often, and what has to be true of every answer. */
const PARSERS: [string, readonly string[], number, (text: string) => void][] = [
  [
    'parseLogLine',
    syslog,
    50_000,
    (text) => {
      const { at, message } = parseLogLine(text, clock)
      if (at !== undefined && !Number.isFinite(at)) throw new Error('no time')
      if (!text.includes(message)) throw new Error('invented words')
    },
  ],
  ['classify', messages, 50_000, (text) => void classify(text)],
  [
    'parseJournalRecord',
    journal,
    40_000,
    (text) => {
      const record = parseJournalRecord(text)
      if (record.kind === 'record' && !Number.isFinite(record.at)) throw new Error('no time')
    },
  ],
  [
    'readJournalLine',
    journal,
    15_000,
    (text) => {
      const octets = Buffer.from(text)
      // Cut where UTF-8 may be cut: in the middle of a character.
      for (const line of [octets, octets.subarray(0, -1), Buffer.from(text, 'latin1')]) {
        const whole = parseJournalRecord(new TextDecoder().decode(line))
        const read = readJournalLine(line)
        if (whole.kind !== 'record') {
          if (read) throw new Error('invented a record')
          continue
        }
        const { kind, cursor, at, identifier, pid, message } = whole
        const wanted = JSON.stringify({ kind, cursor, at, message, identifier, pid })
        if (JSON.stringify(read) !== wanted) throw new Error(`not ${wanted}`)
      }
    },
  ],
  [
    'RuleIndex',
    [...messages, ...messages.map((text) => text.replace(/^\(\S+\):? /, ''))],
    15_000,
    (text) => {
      for (const [rules, index] of INDEXED)
        if (index.find(text) !== rules.find(([pattern]) => pattern.test(text)))
          throw new Error('another rule than the first that fits')
    },
  ],
  [
    'parseMonitorLine',
    monitor,
    30_000,
    (text) => {
      const event = parseMonitorLine(text, 0)
      if (event && !Number.isFinite(event.at)) throw new Error('no time')
    },
  ],
  [
    'parseDump',
    dumps,
    10_000,
    (text) => {
      if (JSON.stringify(parseDump(text)).includes('"3c9be7f"')) throw new Error('a password')
    },
  ],
  ['parseUnits', units, 10_000, (text) => void parseUnits(text)],
  ['parseAddresses', addresses, 10_000, (text) => void parseAddresses(text)],
  [
    'parseTimestamp',
    ['Sun 2026-11-22 08:39:17.5 UTC', '@1795336750.279486'],
    10_000,
    (text) => void parseTimestamp(text),
  ],
  [
    'parseRemoteClock',
    ['1795336750.279486123 +0700\n'],
    10_000,
    (text) => void parseRemoteClock(text),
  ],
  [
    'canonicalAddress',
    ['2001:db8::ffff:10.0.0.1'],
    10_000,
    (text) => {
      const once = canonicalAddress(text)
      if (canonicalAddress(once) !== once) throw new Error('not canonical')
    },
  ],
  [
    'redact',
    [
      ...dumps,
      'password: "a" X-Auth-Token: b\nrabbit://a:b@c,d:e@f\nauth_pass x\n--token y {"secret":1}',
    ],
    10_000,
    (text) => {
      const { text: once } = redact(text)
      const twice = redact(once)
      if (twice.text !== once || twice.found.length)
        throw new Error(`not idempotent: ${near(once, twice.text)}`)
    },
  ],
]

describe('with damaged input', () => {
  it.each(PARSERS)('%s keeps its word', (name, seeds, times, check) => {
    const roll = dice(SEED)
    for (let round = 0; round < times; round += 1) {
      const text = damage(seeds[roll(seeds.length)] ?? '', roll)
      try {
        check(text)
      } catch (error) {
        if (error instanceof AppError && error.reason === 'answer.malformed') continue
        throw new Error(
          `${name}, FUZZ_SEED=${String(SEED)}, round ${String(round)}: ${JSON.stringify(text)}`,
          { cause: error },
        )
      }
    }
  })

  it('the reducer ends nothing before it began, whatever comes', () => {
    const roll = dice(SEED)
    const inputs = ['s05', 's11', 's21'].flatMap((number) =>
      inputsOf(number).filter(({ kind }) => kind !== 'probe'),
    )
    for (let round = 0; round < 40; round += 1) {
      let state = initialEpisodes({ amphoraIds: SIDES })
      for (let count = 0; count < 100; count += 1) {
        const input = inputs[roll(inputs.length)]
        if (!input) continue
        const next = step(
          state,
          roll(5) || input.kind !== 'event'
            ? input
            : { kind: 'event', event: strange(input.event, roll) },
        )
        state = next.state
        for (const { startedAt, endedAt = Infinity, phases } of next.changed) {
          const orderly =
            startedAt <= endedAt && phases.every(({ sinceStartMs }) => sinceStartMs >= 0)
          if (!orderly) throw new Error(`FUZZ_SEED=${String(SEED)}, round ${String(round)}`)
        }
      }
    }
  })

  it('merging keeps every line once, in order', () => {
    const roll = dice(SEED)
    const all: LogLine[] = Array.from({ length: 500 }, (_, index) => {
      const rawAt = roll(1000)
      return {
        amphoraId: SIDES[roll(2)] ?? '',
        at: rawAt + roll(20),
        rawAt,
        cursor: String(index),
        identifier: '',
        text: '',
        meaning: 'other',
      }
    })
    let log = emptyLog
    for (let from = 0; from < all.length; from += 50)
      log = mergeLines(log, all.slice(from, from + 70)).log
    expect(log.lines).toHaveLength(500)
    for (const side of SIDES) {
      const raw = log.lines.filter(({ amphoraId }) => amphoraId === side).map(({ rawAt }) => rawAt)
      expect(raw).toEqual(raw.toSorted((one, other) => one - other))
    }
  })
})

function strange(event: PairEvent, roll: (sides: number) => number): PairEvent {
  const choices: PairEvent[] = [
    { ...event, at: event.at + roll(1e6) - 5e5 },
    { ...event, at: NaN },
    { ...event, errorMs: 1e6 },
    { at: event.at, errorMs: 0, kind: 'watch', amphoraId: SIDES[roll(2)] ?? '', live: roll(2) > 0 },
    {
      at: event.at,
      errorMs: 0,
      kind: 'vipGained',
      amphoraId: SIDES[roll(2)] ?? '',
      address: 'fd00::9',
    },
    {
      at: event.at,
      errorMs: 0,
      kind: 'unit',
      amphoraId: 'amp1',
      unit: 'haproxy',
      active: 'failed',
    },
    {
      at: event.at,
      errorMs: 0,
      kind: 'api',
      provisioningStatus: 'PENDING_UPDATE',
      operatingStatus: 'ONLINE',
    },
  ]
  return choices[roll(choices.length)] ?? event
}

describe('with endless input', () => {
  /**
   * How often the longer input needs what the shorter one, an eighth of it, needs. The processor's time, not the clock's, the
   * best of three runs, and nothing below 20 ms: so that a busy machine changes nothing.
   */
  const growth = (work: (text: string) => void, unit: string): number => {
    const time = (length: number) => {
      const text = unit.repeat(Math.ceil(length / unit.length))
      const runs = Array.from({ length: 3 }, () => {
        const start = process.cpuUsage()
        work(text)
        return process.cpuUsage(start).user / 1000
      })
      return Math.max(20, ...runs.toSorted((one, other) => one - other).slice(0, 1))
    }
    return time(400_000) / time(50_000)
  }

  it.each([
    'password',
    'password: ',
    '"password": "',
    '\\"token\\": \\"',
    '--token ',
    '://u@',
    '://a:',
    'auth "',
    'auth_pass ',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n',
    '{password: ',
    '"tokens": [',
    'user a password ',
    '"',
    '\\',
    ' ',
    'a',
    '(I) ',
    '<1>',
    '[',
    '{"a":',
    ' VRRP Instance = x\n',
    '   State = BACKUP\n',
    'Id=a\n\n',
    ':',
    '1.',
  ])('of %j, no parser takes more than its share', (unit) => {
    const all = (text: string) => {
      redact(text)
      classify(text)
      parseLogLine(text, clock)
      parseJournalRecord(text)
      parseMonitorLine(text, 0)
      parseUnits(text)
      parseTimestamp(text)
      parseRemoteClock(text)
      canonicalAddress(text)
      for (const parse of [parseDump, parseAddresses]) {
        try {
          parse(text)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }
    }
    // Eight times the input takes eight times as long; squared growth would be sixty-four times.
    expect(growth(all, unit)).toBeLessThan(32)
  })
})

/** Where two texts part. */
function near(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return JSON.stringify([one, other].map((text) => text.slice(Math.max(0, at - 60), at + 60)))
}
