import { describe, expect, it } from 'vitest'
import type { LoadBalancerDetail } from '../../../../../preload/contract/loadBalancer'
import { layOut } from '../../../../../renderer/components/loadBalancer/mapLayout'

type Listener = LoadBalancerDetail['listeners'][number]
type Pool = LoadBalancerDetail['pools'][number]

const part = (id: string) => ({
  id,
  name: id,
  provisioningStatus: 'ACTIVE',
  operatingStatus: 'ONLINE',
  adminStateUp: true,
  tags: [],
})
const listener = (id: string, defaultPoolId?: string): Listener => ({
  ...part(id),
  description: '',
  protocol: 'HTTP',
  port: 80,
  connectionLimit: -1,
  l7PolicyIds: [],
  allowedCidrs: [],
  ...(defaultPoolId && { defaultPoolId }),
})
const pool = (id: string, members: number): Pool => ({
  ...part(id),
  description: '',
  protocol: 'HTTP',
  algorithm: 'ROUND_ROBIN',
  listenerIds: [],
  memberIds: [],
  members: Array.from({ length: members }, (_, at) => ({
    ...part(`${id}-${at}`),
    address: `192.0.2.${at + 1}`,
    port: 80,
    weight: 1,
    backup: false,
  })),
})
const boxes = (layout: ReturnType<typeof layOut>) =>
  [layout.listeners, layout.pools, [...layout.members, ...layout.folds]] as const

describe('layOut', () => {
  const detail = {
    listeners: [listener('http', 'web'), listener('bare'), listener('https', 'web')],
    pools: [pool('web', 3), pool('unused', 1)],
  }

  it('draws a shared pool once and joins every listener to it', () => {
    const layout = layOut(detail, new Set())
    expect(layout.pools.map((box) => box.pool.id)).toEqual(['web', 'unused'])
    expect(layout.listenerLines.map((line) => line.key)).toEqual(['http', 'https'])
    expect(new Set(layout.listenerLines.map((line) => line.to)).size).toBe(1)
  })

  it('lets no two boxes of a column overlap, and none leave the map', () => {
    const layout = layOut(detail, new Set())
    for (const column of boxes(layout)) {
      const sorted = [...column].sort((one, other) => one.top - other.top)
      for (const [at, box] of sorted.entries()) {
        expect(box.top).toBeGreaterThanOrEqual(0)
        expect(box.top + box.height).toBeLessThanOrEqual(sorted[at + 1]?.top ?? layout.height)
      }
    }
  })

  it('folds a long pool, and unfolds it when asked', () => {
    const long = { listeners: [], pools: [pool('big', 30)] }
    const folded = layOut(long, new Set())
    expect(folded.members.length + folded.folds[0]!.count).toBe(30)
    expect(folded.members.length).toBeLessThan(30)
    const open = layOut(long, new Set(['big']))
    expect([open.members.length, open.folds.length]).toEqual([30, 0])
  })

  it('needs no room for a load balancer without parts', () => {
    expect(layOut({ listeners: [], pools: [] }, new Set()).height).toBe(0)
  })
})
