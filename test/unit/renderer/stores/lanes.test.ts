import { describe, expect, it } from 'vitest'
import type {
  Ownership,
  Pair,
  PairEvent,
  PairSide,
  VrrpState,
} from '../../../../preload/contract/pair'
import { Lanes, withEpisodes } from '../../../../renderer/stores/lanes'

const VIP = '10.77.1.100'
const fact = <T>(value: T, at: number) => ({ value, at })
const unknown = { unknown: 'notYet' } as const

function aSide(amphoraId: string, at: number, vrrp: VrrpState, holds: boolean): PairSide {
  return {
    amphoraId,
    connection: { state: 'live', since: 0 },
    clock: unknown,
    vips: fact(holds ? [VIP] : [], at),
    vrrp: fact(vrrp, at),
    lastTransition: unknown,
    effectivePriority: unknown,
    adverts: unknown,
    keepalived: unknown,
    haproxy: unknown,
  }
}

const aPair = (at: number, ownership: Ownership, sides: PairSide[]): Pair => ({
  loadBalancerId: 'lb',
  vips: [VIP],
  topology: 'pair',
  ownership,
  sides,
  at,
})

const healthy = (at: number) =>
  aPair(at, { kind: 'one', amphoraId: 'a', confirmed: true }, [
    aSide('a', at, 'MASTER', true),
    aSide('b', at, 'BACKUP', false),
  ])

function watched(...events: PairEvent[]) {
  const lanes = new Lanes()
  lanes.apply({ kind: 'pair', pair: healthy(0) })
  lanes.apply({ kind: 'events', events })
  return lanes
}

const owners = (lanes: Lanes) => {
  const result: [number, string][] = []
  lanes.owner.read(0, 1_000, (from, _, owner) =>
    result.push([from, owner.kind === 'one' ? owner.amphoraId : owner.kind]),
  )
  return result
}

const moved: PairEvent[] = [
  { kind: 'vipLost', amphoraId: 'a', address: VIP, at: 100, errorMs: 1 },
  { kind: 'vipGained', amphoraId: 'b', address: VIP, at: 160, errorMs: 1 },
]

describe('Lanes', () => {
  it('follows the VIP from one owner over none to the other at the instants of the kernel', () => {
    expect(owners(watched(...moved))).toEqual([
      [0, 'a'],
      [100, 'none'],
      [160, 'b'],
    ])
  })

  it('shows two owners when the second gains the VIP before the first loses it', () => {
    expect(owners(watched({ ...moved[1]!, at: 50 }, moved[0]!))).toEqual([
      [0, 'a'],
      [50, 'both'],
      [100, 'b'],
    ])
  })

  it('does not know the owner while a side is not watched', () => {
    const lanes = watched({ kind: 'watch', amphoraId: 'a', live: false, at: 100, errorMs: 0 })
    expect(owners(lanes)).toEqual([
      [0, 'a'],
      [100, 'unknown'],
    ])
    expect(lanes.sides.get('a')?.last).toBe('unknown')
    expect(lanes.sides.get('b')?.last).toBe('BACKUP')
  })

  it('ignores additional addresses when it says who owns the VIP', () => {
    expect(
      owners(watched({ ...moved[0]!, kind: 'vipLost', amphoraId: 'a', address: '10.0.0.9' })),
    ).toEqual([[0, 'a']])
  })

  it('takes a state from a line at once and from the next dump for good', () => {
    const lanes = watched({
      kind: 'line',
      amphoraId: 'b',
      meaning: 'enterMaster',
      text: '(I) Entering MASTER STATE',
      at: 160,
      errorMs: 1,
    })
    expect(lanes.sides.get('b')?.at(160)).toBe('MASTER')
    lanes.apply({ kind: 'pair', pair: healthy(300) })
    expect(lanes.sides.get('b')?.at(300)).toBe('BACKUP')
  })

  it('no longer calls MASTER what has said that it stops', () => {
    const line = { kind: 'line', amphoraId: 'a', text: 'Stopping', errorMs: 1 } as const
    const lanes = watched({ ...line, meaning: 'stopping', at: 100 })
    expect([lanes.sides.get('a')?.at(99), lanes.sides.get('a')?.at(100)]).toEqual([
      'MASTER',
      'STOPPED',
    ])
  })

  it('begins a dumped state at its last transition, not at the dump', () => {
    const lanes = watched()
    const side = { ...aSide('b', 500, 'MASTER', true), lastTransition: fact(160, 500) }
    lanes.apply({
      kind: 'pair',
      pair: aPair(500, { kind: 'two', amphoraIds: ['a', 'b'], since: 170 }, [
        aSide('a', 500, 'MASTER', true),
        side,
      ]),
    })
    expect([lanes.sides.get('b')?.at(159), lanes.sides.get('b')?.at(160)]).toEqual([
      'BACKUP',
      'MASTER',
    ])
    expect(owners(lanes)).toEqual([
      [0, 'a'],
      [170, 'both'],
    ])
  })

  it('knows nothing of the time before it watched, however long the pair has been as it is', () => {
    const lanes = new Lanes()
    const side = { ...aSide('a', 500, 'MASTER', true), lastTransition: fact(20, 500) }
    const ownership = { kind: 'one', amphoraId: 'a', since: 20, confirmed: true } as const
    const pair = aPair(501, ownership, [side, aSide('b', 500, 'BACKUP', false)])
    lanes.apply({ kind: 'pair', pair })
    expect(owners(lanes)).toEqual([[501, 'a']])
    expect(lanes.sides.get('a')?.at(499)).toBeUndefined()
    expect(lanes.sides.get('a')?.at(500)).toBe('MASTER')
  })

  it('tells what happened before it was opened as it was, when that was watched for somebody else', () => {
    const lanes = new Lanes()
    const look = { address: VIP, errorMs: 1, standing: true } as const
    const pair = aPair(500, { kind: 'one', amphoraId: 'b', confirmed: true }, [
      { ...aSide('a', 500, 'BACKUP', false), lastTransition: fact(100, 500) },
      { ...aSide('b', 500, 'MASTER', true), lastTransition: fact(5, 500) },
    ])
    lanes.apply({ kind: 'pair', pair })
    lanes.apply({
      kind: 'events',
      events: [
        { kind: 'watch', amphoraId: 'a', live: true, at: 9, errorMs: 0 },
        { kind: 'watch', amphoraId: 'b', live: true, at: 9, errorMs: 0 },
        { kind: 'vipGained', amphoraId: 'a', at: 10, ...look },
        { kind: 'vipLost', amphoraId: 'b', at: 11, ...look },
        ...moved,
      ],
    })
    expect(owners(lanes)).toEqual([
      [10, 'unknown'],
      [11, 'a'],
      [100, 'none'],
      [160, 'b'],
    ])
    expect(lanes.sides.get('a')?.at(499)).toBeUndefined()
    expect([lanes.sides.get('b')?.at(8), lanes.sides.get('b')?.at(9)]).toEqual([
      undefined,
      'MASTER',
    ])
  })

  it('marks what matters and leaves out noise', () => {
    const line = { kind: 'line', amphoraId: 'a', text: '', at: 1, errorMs: 0 } as const
    const lanes = watched(
      { ...line, meaning: 'noise' },
      { ...line, meaning: 'scriptFailed', at: 3 },
      { ...line, meaning: 'linkDown', at: 2 },
    )
    expect(lanes.marks.map(({ at }) => at)).toEqual([2, 3])
  })

  it('knows nothing of the time after its end', () => {
    const lanes = watched()
    lanes.end(400)
    expect(lanes.owner.last).toEqual({ kind: 'unknown' })
    expect([...lanes.sides.values()].map(({ last }) => last)).toEqual(['unknown', 'unknown'])
  })
})

describe('withEpisodes', () => {
  const episode = (id: string, startedAt: number, outcome: 'ongoing' | 'moved') => ({
    id,
    startedAt,
    outcome,
    phases: [],
  })
  it('replaces an episode that changed and keeps the newest first', () => {
    const known = [episode('2', 20, 'ongoing'), episode('1', 10, 'moved')]
    expect(
      withEpisodes(known, [episode('2', 20, 'moved'), episode('3', 30, 'ongoing')]).map(
        ({ id, outcome }) => `${id} ${outcome}`,
      ),
    ).toEqual(['3 ongoing', '2 moved', '1 moved'])
  })
})
