import { describe, expect, it } from 'vitest'
import { ownership, type OwnershipSide } from '../../../../../main/domain/vrrp/ownership'

const side = (amphoraId: string, owns?: boolean, since?: number): OwnershipSide => ({
  amphoraId,
  ...(owns !== undefined && { owns }),
  ...(since !== undefined && { since }),
})

describe('ownership', () => {
  it.each([
    [
      'one',
      [side('a', true, 5), side('b', false)],
      { kind: 'one', amphoraId: 'a', since: 5, confirmed: true },
    ],
    [
      'one, perhaps two',
      [side('a', true), side('b')],
      { kind: 'one', amphoraId: 'a', confirmed: false },
    ],
    [
      'two, since the second',
      [side('a', true, 5), side('b', true, 9)],
      { kind: 'two', amphoraIds: ['a', 'b'], since: 9 },
    ],
    [
      'two, since nobody knows',
      [side('a', true, 5), side('b', true)],
      { kind: 'two', amphoraIds: ['a', 'b'] },
    ],
    ['none', [side('a', false, 5), side('b', false, 3)], { kind: 'none', since: 5 }],
    [
      'unknown with one silent side',
      [side('a', false), side('b')],
      { kind: 'unknown', missing: ['b'] },
    ],
    ['unknown with silence', [side('a'), side('b')], { kind: 'unknown', missing: ['a', 'b'] }],
    ['unknown without amphorae', [], { kind: 'unknown', missing: [] }],
    ['one of one', [side('a', true)], { kind: 'one', amphoraId: 'a', confirmed: true }],
  ])('says %s', (_, sides, expected) => {
    expect(ownership(sides)).toEqual(expected)
  })
})
