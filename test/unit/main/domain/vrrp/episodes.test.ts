import { describe, expect, it } from 'vitest'
import type { LineMeaning, PairEvent, ProbeSample } from '../../../../../preload/contract/pair'
import { initialEpisodes, step, type EpisodeInput } from '../../../../../main/domain/vrrp/episodes'
import { run, VIP } from './replay'

const event = (fields: Omit<PairEvent, 'errorMs'>): EpisodeInput => ({
  kind: 'event',
  event: { errorMs: 2, ...fields } as PairEvent,
})
const gained = (at: number, amphoraId: string, address = VIP) =>
  event({ at, kind: 'vipGained', amphoraId, address } as PairEvent)
const lost = (at: number, amphoraId: string, address = VIP) =>
  event({ at, kind: 'vipLost', amphoraId, address } as PairEvent)
const line = (at: number, amphoraId: string, meaning: LineMeaning, text: string = meaning) =>
  event({ at, kind: 'line', amphoraId, meaning, text } as PairEvent)
const watch = (at: number, amphoraId: string, live: boolean) =>
  event({ at, kind: 'watch', amphoraId, live } as PairEvent)
const action = (at: number, amphoraId: string, name: string) =>
  event({ at, kind: 'action', amphoraId, action: name } as PairEvent)
const tick = (now: number): EpisodeInput => ({ kind: 'tick', now })
const probe = (at: number, ok: boolean, durationMs = 1): EpisodeInput => ({
  kind: 'probe',
  sample: { sequence: at, at, durationMs, ok } satisfies ProbeSample,
})
const probes = (from: number, to: number, ok = true): EpisodeInput[] =>
  Array.from({ length: Math.ceil((to - from) / 10) }, (_, index) => probe(from + index * 10, ok))

const T = 1_795_336_750_000
const healthy = [gained(T, 'amp1'), lost(T, 'amp2')]

describe('an episode', () => {
  it.each<[string, EpisodeInput[]]>([
    ['a healthy pair', []],
    [
      'a stop of the backup',
      [line(T + 2000, 'amp2', 'stopping'), line(T + 3000, 'amp2', 'stopped')],
    ],
    [
      'lines that only repeat',
      [line(T + 2000, 'amp1', 'mismatch'), line(T + 3000, 'amp1', 'noise')],
    ],
    [
      'one lost probe',
      [...probes(T, T + 2000), probe(T + 2000, false), ...probes(T + 2010, T + 4000)],
    ],
    [
      'a lost connection that comes back',
      [watch(T + 2000, 'amp2', false), watch(T + 3000, 'amp2', true), lost(T + 3010, 'amp2')],
    ],
    ['the same told again', [gained(T + 2000, 'amp1'), lost(T + 2000, 'amp2')]],
    [
      'another address',
      [gained(T + 2000, 'amp2', '10.0.0.77'), lost(T + 3000, 'amp2', '10.0.0.77')],
    ],
    ['another amphora', [gained(T + 2000, 'amp3')]],
  ])('does not begin with %s', (_, inputs) => {
    expect(run([...healthy, ...inputs, tick(T + 20_000)]).episodes).toEqual([])
  })

  it('is shown while it lasts and again when it has ended', () => {
    const { told } = run([
      ...healthy,
      tick(T + 5000),
      lost(T + 5000, 'amp1'),
      gained(T + 5600, 'amp2'),
      tick(T + 9000),
    ])
    expect(told.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['t-1', 'ongoing'],
      ['t-1', 'ongoing'],
      ['t-1', 'moved'],
    ])
    expect(told.at(-1)).toMatchObject({ ownerlessMs: 600, ownerlessErrorMs: 4, endedAt: T + 5600 })
    expect(told.at(-1)).not.toHaveProperty('outageMs')
  })

  it('names the operator before everything that follows', () => {
    const [episode] = run([
      ...healthy,
      action(T + 4900, 'amp1', 'keepalived.stop'),
      line(T + 5000, 'amp1', 'stopping'),
      lost(T + 5010, 'amp1'),
      gained(T + 5600, 'amp2'),
      tick(T + 9000),
    ]).episodes
    expect(episode?.trigger).toMatchObject({
      kind: 'action',
      text: 'keepalived.stop',
      at: T + 4900,
    })
    expect(episode?.startedAt).toBe(T + 4900)
  })

  it('begins when the most exact of the sources that saw its trigger says so', () => {
    const stop = (at: number, errorMs: number) =>
      event({
        at,
        errorMs,
        kind: 'unit',
        amphoraId: 'amp1',
        unit: 'keepalived',
        active: 'inactive',
      } as PairEvent)
    const startOf = (errorMs: number) =>
      run([
        ...healthy,
        stop(T + 4300, errorMs),
        line(T + 5000, 'amp1', 'stopping'),
        lost(T + 5010, 'amp1'),
        gained(T + 5600, 'amp2'),
        tick(T + 9000),
      ]).episodes[0]?.startedAt
    expect(startOf(1000)).toBe(T + 5000)
    expect(startOf(20)).toBe(T + 4300)
  })

  it('gives no trigger when nothing is known', () => {
    const [episode] = run([
      ...healthy,
      line(T + 1000, 'amp2', 'linkDown'),
      lost(T + 5000, 'amp1'),
      gained(T + 5600, 'amp2'),
      tick(T + 9000),
    ]).episodes
    expect(episode).toMatchObject({ outcome: 'moved', from: 'amp1', to: 'amp2' })
    expect(episode).not.toHaveProperty('trigger')
  })

  it('does not take a cause for two episodes', () => {
    const { episodes } = run([
      ...healthy,
      line(T + 2000, 'amp1', 'stopping'),
      lost(T + 2010, 'amp1'),
      gained(T + 2600, 'amp2'),
      line(T + 5000, 'amp1', 'starting'),
      lost(T + 8000, 'amp2'),
      gained(T + 8000, 'amp1'),
      lost(T + 12_000, 'amp1'),
      gained(T + 15_000, 'amp2'),
      tick(T + 20_000),
    ])
    expect(episodes.map(({ trigger }) => trigger?.text)).toEqual([
      'stopping',
      'starting',
      undefined,
    ])
  })

  it('becomes noOwner while nobody takes the VIP, and ends when somebody does', () => {
    const inputs = [...healthy, lost(T + 1000, 'amp1'), tick(T + 20_000)]
    expect(run(inputs).episodes).toMatchObject([{ outcome: 'noOwner' }])
    expect(
      run([...inputs, tick(T + 30_000), gained(T + 30_000, 'amp1'), tick(T + 32_000)]).episodes,
    ).toMatchObject([{ outcome: 'returned', ownerlessMs: 29_000, endedAt: T + 30_000 }])
  })

  it('begins with two owners that were found, and lasts as long as they do', () => {
    const { episodes } = run([gained(T, 'amp1'), gained(T + 10, 'amp2'), tick(T + 60_000)])
    expect(episodes).toMatchObject([{ outcome: 'twoOwners' }])
    expect(episodes[0]).not.toHaveProperty('endedAt')
  })

  it('takes a short overlap for a hand-over', () => {
    const { episodes } = run([
      ...healthy,
      gained(T + 5000, 'amp2'),
      lost(T + 5040, 'amp1'),
      tick(T + 9000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'moved', twoOwnersMs: 40 }])
  })

  it('does not take answers that are late for an outage, long after the VIP moved', () => {
    const { episodes } = run([
      ...healthy,
      ...probes(T, T + 5000),
      gained(T + 5000, 'amp2'),
      ...probes(T + 5000, T + 9000),
      ...[9000, 9030, 9060].map((at) => probe(T + at, true, 150)),
      ...probes(T + 9220, T + 10_000),
      tick(T + 10_000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'twoOwners', outageMs: 0, failedProbes: 0 }])
    expect(episodes[0]!.phases.map(({ name }) => name)).not.toContain('firstFailure')
  })

  it('takes one late answer for an outage when the VIP moved while it was awaited', () => {
    const every = (from: number, to: number): EpisodeInput[] =>
      Array.from({ length: (to - from) / 500 }, (_, index) => probe(T + from + index * 500, true))
    const { episodes } = run([
      ...healthy,
      ...every(0, 5000),
      lost(T + 4600, 'amp1'),
      probe(T + 5000, true, 300),
      gained(T + 5250, 'amp2'),
      ...every(5500, 9000),
      tick(T + 9000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'moved', outageMs: 799, failedProbes: 0 }])
  })

  it('is unknown when a side was never heard', () => {
    const { episodes } = run([
      gained(T, 'amp1'),
      lost(T + 5000, 'amp1'),
      gained(T + 9000, 'amp1'),
      tick(T + 12_000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'unknown' }])
    expect(episodes[0]).not.toHaveProperty('ownerlessMs')
  })

  it('is unknown when the machine of the owner dies, and does not count its last word as a second owner', () => {
    const { episodes } = run([
      ...healthy,
      gained(T + 8600, 'amp2'),
      tick(T + 15_000),
      watch(T + 20_000, 'amp1', false),
      tick(T + 30_000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'unknown', from: 'amp1', to: 'amp2' }])
    expect(episodes[0]).not.toHaveProperty('twoOwnersMs')
  })

  it('is told when the owner was changed while nobody looked', () => {
    const { episodes } = run([
      ...healthy,
      watch(T + 5000, 'amp1', false),
      watch(T + 5000, 'amp2', false),
      lost(T + 60_000, 'amp1'),
      gained(T + 60_010, 'amp2'),
      tick(T + 65_000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'unknown', from: 'amp1', to: 'amp2' }])
  })

  it('measures an outage that leaves the VIP where it is', () => {
    const { episodes } = run([
      ...healthy,
      ...probes(T, T + 3000),
      ...probes(T + 3000, T + 3500, false),
      ...probes(T + 3500, T + 6000),
    ])
    expect(episodes).toMatchObject([
      { outcome: 'serviceOnly', outageMs: 510, outageErrorMs: 10, failedProbes: 50, from: 'amp1' },
    ])
  })

  it('measures the same outage when connections hang and succeed afterwards', () => {
    const { episodes } = run([
      ...healthy,
      ...probes(T, T + 3000),
      ...Array.from({ length: 65 }, (_, index) =>
        probe(T + 3000 + index * 10, true, 651 - index * 10),
      ),
      ...probes(T + 3650, T + 6000),
    ])
    expect(episodes).toMatchObject([{ outcome: 'serviceOnly', failedProbes: 0 }])
    expect(Math.abs((episodes[0]?.outageMs ?? NaN) - 660)).toBeLessThanOrEqual(10)
  })

  it.each([
    ['was quick before', () => 1, 680],
    ['is often slow', (index: number) => (index % 2 ? 250 : 1), 680],
  ])(
    'does not take an answer that a busy machine saw late for one in the outage, where it %s',
    (_, usual, outageMs) => {
      const before = Array.from({ length: 500 }, (_unused, index) =>
        probe(T + index * 10, true, index === 499 ? 250 : usual(index)),
      )
      const [episode] = run([
        ...healthy,
        ...before,
        lost(T + 5000, 'amp1'),
        gained(T + 5650, 'amp2'),
        ...probes(T + 5000, T + 5660, false),
        ...probes(T + 5660, T + 9000),
        tick(T + 9000),
      ]).episodes
      expect(episode).toMatchObject({ outageMs })
      expect(Math.abs(outageMs - 670)).toBeLessThanOrEqual(episode!.outageErrorMs!)
    },
  )

  it('takes a single slow answer for what it is', () => {
    const { episodes } = run([
      ...healthy,
      ...probes(T, T + 3000),
      probe(T + 3000, true, 900),
      ...probes(T + 3010, T + 6000),
    ])
    expect(episodes).toEqual([])
  })

  it('moves with all of several VIPs as one', () => {
    const first = initialEpisodes({ amphoraIds: ['amp1', 'amp2'], vips: ['10.0.0.9', 'fd00::9'] })
    const { episodes } = run(
      [
        gained(T, 'amp1', '10.0.0.9'),
        gained(T, 'amp1', 'fd00:0::9'),
        lost(T, 'amp2', '10.0.0.9'),
        lost(T + 5000, 'amp1', '10.0.0.9'),
        lost(T + 5003, 'amp1', 'FD00::9'),
        gained(T + 5600, 'amp2', '10.0.0.9'),
        gained(T + 5602, 'amp2', 'fd00::9'),
        tick(T + 9000),
      ],
      first,
    )
    expect(episodes).toMatchObject([{ outcome: 'moved', ownerlessMs: 597 }])
  })

  it('is corrected by a line that comes after its end', () => {
    const { episodes, told } = run([
      ...healthy,
      tick(T + 5000),
      lost(T + 5000, 'amp1'),
      gained(T + 5600, 'amp2'),
      tick(T + 6650),
      line(T + 4990, 'amp1', 'died'),
      tick(T + 9000),
    ])
    expect(told.filter(({ endedAt }) => endedAt !== undefined)).toHaveLength(2)
    expect(episodes).toMatchObject([{ outcome: 'moved', trigger: { text: 'died' } }])
  })

  it('leaves the state it was given as it is', () => {
    const before = initialEpisodes({ amphoraIds: ['amp1', 'amp2'], session: 't' })
    const frozen = JSON.stringify(before)
    const once = step(before, gained(T, 'amp1'))
    expect(JSON.stringify(before)).toBe(frozen)
    expect(step(before, gained(T, 'amp1'))).toEqual(once)
  })

  it('keeps its memory bounded', () => {
    const noise = Array.from({ length: 20_000 }, (_, index) => line(T + index, 'amp1', 'mismatch'))
    const { state } = run([...healthy, ...noise, ...probes(T + 20_000, T + 60_000)])
    expect(state.pending.length).toBeLessThan(300)
    expect(state.settled.clues.length).toBeLessThanOrEqual(64)
  })
})
